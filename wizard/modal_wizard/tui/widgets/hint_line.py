"""The line above the keys of a review: what helps on, and in its place what is told."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from modal_wizard.tui.widgets.labelled_text import put


class HintLine(Static):
    """A hint, until something is told; that both are one line keeps everything else where it is."""

    def __init__(self) -> None:
        super().__init__(id="hint")
        self._hint, self._said = Content(""), Content("")
        self._stays = False

    def help(self, text: Content, stays: bool = False) -> None:
        """Show a hint from now on, one that ``stays`` in sight when something is told."""
        self._hint, self._stays = text, stays
        if stays:
            self._said = Content("")
        put(self, self._said or self._hint)

    def say(self, text: Content | None) -> bool:
        """Tell something in the place of the hint, nothing with ``None``; tell whether it is in sight here."""
        taken = text is not None and self.display and not self._stays
        self._said = text if text is not None and taken else Content("")
        put(self, self._said or self._hint)
        return taken
