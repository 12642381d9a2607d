"""The files that could not be read, or only in part, and those that are not looked at; and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from modal_transforms.core.model import Problem
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardDialog
from modal_wizard.tui.widgets.bindings import bound
from modal_wizard.tui.widgets.key_bar import KeyBar
from modal_wizard.tui.widgets.page import Page


class Problems(WizardDialog[None]):
    """A list to read; nothing of these files is ever changed."""

    BINDINGS = [
        bound("not-read", "dismiss", "Go back", show=False),
        Binding("escape", "dismiss", "back", key_display="esc", tooltip="Go back"),
    ]

    def __init__(self, problems: Sequence[Problem], skipped: Mapping[str, str]) -> None:
        super().__init__()
        self._problems = problems
        self._skipped = skipped

    def compose(self) -> ComposeResult:
        """Each file with its reason."""
        with Vertical(classes="dialog wide") as dialog:
            dialog.border_title = "files that were not read"
            with Page(classes="page"):
                if self._problems:
                    yield Static(Content.styled("Fix these and start again, or migrate them by hand.", ".strong"))
                    yield Static(_listed((problem.path, problem.message) for problem in self._problems))
                if self._skipped:
                    yield Static(Content.styled("Not looked at.", ".strong"))
                    yield Static(_listed(sorted(self._skipped.items())))
                yield Static(Content.styled("All of them are left as they are.", ".dim"))
            yield KeyBar()


def _listed(pairs: Iterable[tuple[str, str]]) -> Content:
    lines = [((visible(path, "␉"), ".here"), f"\n  {visible(reason)}\n") for path, reason in pairs]
    return Content.assemble(*(part for line in lines for part in line))
