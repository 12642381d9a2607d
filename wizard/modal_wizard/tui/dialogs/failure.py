"""What went wrong, in full, to be scrolled through, and what can be done about it."""

from __future__ import annotations

from collections.abc import Collection

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from modal_wizard.errors import WizardError
from modal_wizard.reports.refusal import message_of
from modal_wizard.text.sanitize import visible, visible_lines
from modal_wizard.tui.base import WizardDialog
from modal_wizard.tui.widgets.bindings import bound
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.page import Page


class Failure(WizardDialog[str]):
    """Nothing was committed; the section stays ready. Dismissed with what is to be done now."""

    BINDINGS = [
        bound("commit", "answer('retry')", "Commit once more, now that it is fixed", words="commit again"),
        bound("edit", "answer('edit')", "Change the words of the commit", words="edit message"),
        bound("terminal", "answer('lend')", "Commit once more; hooks may ask for input", words="again in the terminal"),
        bound("own-lines", "answer('ours')", "Leave your own changes in these files out", words="only our lines"),
        Binding("escape,enter", "dismiss", "back", key_display="esc", tooltip="Back to the commit"),
    ]

    def __init__(self, error: Exception, offers: Collection[str] = ()) -> None:
        super().__init__()
        self._error = error
        self._offers = offers

    def compose(self) -> ComposeResult:
        """What happened, what to do, what was said."""
        error = self._error
        hint = error.hint if isinstance(error, WizardError) else ""
        output = str(getattr(error, "output", ""))
        with Vertical(classes="dialog wide") as dialog:
            dialog.border_title = "nothing was committed"
            with Page(classes="page"):
                happened = message_of(error, "D commits only our lines")
                yield Static(Content.styled(visible_lines(happened), ".warning"))
                if hint:
                    yield Static(Content(visible(hint)))
                if output:
                    yield Static(Content(f"\n{_lines(output)}"), id="output")
                rest = "Every other file" if isinstance(error, WizardError) and error.left else "Every file"
                kept = "in memory only" if self.wizard.migration.session.unkept else "kept"
                yield Static(Content.styled(f"\n{rest} is as it was; your decisions are {kept}.", ".dim"))
            yield KeyBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what helps here."""
        return action != "answer" or bool(parameters and parameters[0] in self._offers)

    def action_answer(self, wanted: str) -> None:
        """Dismiss with what is to be done."""
        self.dismiss(wanted)


def _lines(text: str) -> str:
    return "\n".join(visible(line, "    ") for line in text.splitlines())
