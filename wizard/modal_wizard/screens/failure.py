"""What went wrong, in full, to be scrolled through."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from modal_wizard.display import visible
from modal_wizard.errors import WizardError
from modal_wizard.screens.base import WizardDialog
from modal_wizard.widgets.keys import KeyBar


class Failure(WizardDialog[None]):
    """Nothing was committed; the section stays ready and can be committed again."""

    BINDINGS = [Binding("escape,enter", "dismiss", "back", key_display="esc", tooltip="Back to the commit")]

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def compose(self) -> ComposeResult:
        """What happened, what to do, what was said."""
        error = self._error
        message = error.message if isinstance(error, WizardError) else str(error)
        hint = error.hint if isinstance(error, WizardError) else ""
        output = str(getattr(error, "output", ""))
        with VerticalScroll(classes="dialog wide") as dialog:
            dialog.border_title = "nothing was committed"
            yield Static(Content.styled(visible(message), ".warning"))
            if hint:
                yield Static(Content(visible(hint)))
            if output:
                yield Static(Content(f"\n{_lines(output)}"), id="output")
            yield Static(Content.styled("\nEvery file is as it was; your decisions are kept.", ".dim"))
        yield KeyBar()


def _lines(text: str) -> str:
    return "\n".join(visible(line, "    ") for line in text.splitlines())
