"""A question to be answered with yes or no."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardDialog
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.page import Page


class Question(WizardDialog[bool]):
    """Asks, with what is to be known beside the question."""

    BINDINGS = [
        Binding("y", "answer(True)", "yes", tooltip="Yes"),
        Binding("n,escape", "answer(False)", "no", key_display="n esc", tooltip="No"),
        Binding("enter", "decline", "no", show=False, tooltip="No, which is what is advised"),
    ]

    def __init__(self, question: str, details: str = "", *, declines: bool = False, notice: bool = False) -> None:
        """Ask; with ``declines``, enter says no. A ``notice`` asks nothing: it is there to be read."""
        super().__init__()
        self._declines, self._notice = declines or notice, notice
        self._question = question
        self._details = details

    def compose(self) -> ComposeResult:
        """The question, then the details."""
        with Vertical(classes="dialog wide"):
            yield Static(Content.styled(visible(self._question), ".strong"))
            with Page(classes="page"):
                yield Static(Content("\n" + "\n".join(visible(line, "    ") for line in self._details.splitlines())))
            yield KeyBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let enter say no only where that is advised; a notice has nothing to say yes to."""
        if action == "answer" and self._notice:
            return parameters == (False,)
        return action != "decline" or self._declines

    def action_decline(self) -> None:
        """Dismiss with a no."""
        self.dismiss(False)

    def action_answer(self, answer: bool) -> None:
        """Dismiss with the answer."""
        self.dismiss(answer)
