"""Who may wait leaves the interpreter to the answer of a key: threads that take in a scan, or load what comes later."""

from __future__ import annotations

import time
from threading import Event

MOST = 0.25
"""Seconds that a key, which may change nothing on the screen, is left the interpreter at most."""


class Answering:
    """Tells whether what a person did last is shown; `wait` is for other threads than the application's."""

    def __init__(self) -> None:
        self._shown = Event()
        self._since = -MOST

    def begin(self) -> None:
        """A person did something."""
        self._shown.clear()
        self._since = time.monotonic()

    def end(self) -> None:
        """What came of it is shown."""
        self._shown.set()

    def wait(self) -> None:
        """Wait until it is shown, or could have been."""
        left = self._since + MOST - time.monotonic()
        if left > 0:
            self._shown.wait(left)
