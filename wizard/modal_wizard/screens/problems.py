"""The files that could not be read, or only in part, and why."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from modal_transforms.model import Problem
from modal_wizard.display import visible
from modal_wizard.screens.base import WizardDialog
from modal_wizard.widgets.keys import KeyBar


class Problems(WizardDialog[None]):
    """A list to read; nothing of these files is ever changed."""

    BINDINGS = [Binding("escape,f", "dismiss", "back", key_display="esc", tooltip="Go back")]

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self._problems = problems

    def compose(self) -> ComposeResult:
        """Each file with its reason."""
        with VerticalScroll(classes="dialog wide") as dialog:
            dialog.border_title = "files that could not be read"
            yield Static(Content("They are left as they are. Mend them and start again, or migrate them by hand.\n"))
            for problem in self._problems:
                yield Static(
                    Content.assemble((visible(problem.path, "␉"), ".strong"), f"\n  {visible(problem.message)}")
                )
        yield KeyBar()
