"""Every key that works on a screen, from its live bindings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from textual.app import App, ComposeResult, SystemCommand
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from modal_wizard.config.commands import KeyGroup
from modal_wizard.tui.base import WizardDialog
from modal_wizard.tui.widgets.bindings import bound
from modal_wizard.tui.widgets.key_bar import KeyBar, LiveKey, live_keys
from modal_wizard.tui.widgets.labelled_text import Paragraph, Paragraphs
from modal_wizard.tui.widgets.page import Page

MARKS = "○ undecided   ✓ accepted   ✎ edited   – skipped   ◐ some decided   ◉ ready to commit   ● committed"


def commands(app: App[int], screen: Screen[object]) -> Iterator[SystemCommand]:
    """Yield every key of a screen as a command of the palette, and the choice of colours."""
    for key in live_keys(screen, hidden=True):
        yield SystemCommand(key.title, key.tooltip, partial(app.simulate_key, key.key))
    yield SystemCommand("Colours", "Choose another theme, dark or light", app.action_change_theme)


class Help(WizardDialog[None]):
    """The keys of the screen below, in full sentences."""

    BINDINGS = [
        bound("help", "dismiss", "Go back", show=False),
        Binding("escape", "dismiss", "back", key_display="esc", tooltip="Go back"),
    ]

    def __init__(self, keys: Sequence[LiveKey]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Keys, then marks."""
        with Vertical(classes="dialog wide") as dialog:
            dialog.border_title = "keys that work here"
            with Page(classes="page"):
                yield Static(Paragraphs(_in_groups([key for key in self._keys if key not in covered(self._keys)])))
                yield Static(Paragraphs([Paragraph("Marks", Content(MARKS))]), classes="marks")
            yield KeyBar()


def _in_groups(keys: Sequence[LiveKey]) -> Iterator[Paragraph]:
    """Yield the keys below the names of their groups."""
    for group in KeyGroup:
        own = [key for key in keys if key.group is group]
        if own:
            yield Paragraph("", Content.styled(group.value, ".strong"), wide=True)
        for key in own:
            yield Paragraph(f"  {key.display}", Content(key.tooltip or key.description))


def covered(keys: Sequence[LiveKey]) -> list[LiveKey]:
    """Return the keys that another's name stands for too, as ``J/K`` does for ``K`` and ``1-3`` for ``2``."""
    parts = {part for key in keys for part in re.split(r"[/ ]", key.display) if part != key.display}
    numbers = any(re.fullmatch(r"1-\d", key.display) for key in keys)
    return [key for key in keys if key.display in parts or (numbers and key.display.isdigit())]
