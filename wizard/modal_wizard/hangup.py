"""A terminal that goes away: told at once, and never a reason to fail while leaving."""

from __future__ import annotations

import select
import sys
import threading
from collections.abc import Callable

from modal_wizard.stopping import HANGUP


class Forgiving:
    """The terminal as a file: what can no longer be written is forgotten."""

    def __init__(self) -> None:
        self._file = sys.__stdout__

    def write(self, text: str) -> int:
        """Write, if anybody is there."""
        try:
            return self._file.write(text) if self._file is not None else 0
        except (OSError, ValueError):
            return 0

    def flush(self) -> None:
        """Have it shown, if anybody is there."""
        try:
            if self._file is not None:
                self._file.flush()
        except (OSError, ValueError):
            return

    def fileno(self) -> int:
        """Return the number of the file."""
        return self._file.fileno() if self._file is not None else -1


def watch(stop: Callable[[int], None]) -> None:
    """Call ``stop`` when the terminal goes away, also where no signal says so."""
    if not hasattr(select, "poll") or sys.__stdin__ is None:
        return
    threading.Thread(target=_wait, args=(sys.__stdin__.fileno(), stop), daemon=True, name="hangup").start()


def _wait(terminal: int, stop: Callable[[int], None]) -> None:
    asked = select.poll()
    asked.register(terminal, 0)
    if any(events & select.POLLHUP for _, events in asked.poll()):
        stop(HANGUP)
