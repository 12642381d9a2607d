"""A line to type an answer in."""

from __future__ import annotations

from textual.events import Key
from textual.widgets import Input

AT_ONCE = 0.5
"""Seconds within which the key that asked, pressed again, is no answer."""


class Answer(Input):
    """A line that does not take a quick second press of the key that opened its dialog, nor one that is held down."""

    def __init__(self, value: str = "", *, id: str, placeholder: str = "", asked_by: tuple[str, float]) -> None:
        """Begin with a value; ``asked_by`` is the key that opened the dialog, and when it was pressed."""
        super().__init__(value, placeholder=placeholder, id=id)
        self._echo, self._since = asked_by

    def on_key(self, event: Key) -> None:
        """Leave the repeated key out; the first other key ends that."""
        if event.key == self._echo and event.time - self._since < AT_ONCE:
            self._since = event.time
            event.prevent_default().stop()
        else:
            self._echo = ""
