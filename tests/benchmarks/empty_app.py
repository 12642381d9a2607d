"""The least that Textual can show: one line of text."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Empty(App[None]):
    """One line."""

    def compose(self) -> ComposeResult:
        """One line."""
        yield Static("modal-wizard")


Empty().run()
