"""A bar on standard error for what takes longer than a second; only where that is a terminal."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType

PATIENCE = 1.0
"""Seconds before anything is shown."""
_EVERY = 0.1
"""Seconds between two pictures of it."""
_WIDTH = 24
_LINE = "\r\x1b[K"


class ProgressBar:
    """How far something is; drawn over itself, and gone at the end of its block."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._is_shown = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._next = time.monotonic() + PATIENCE
        self._drawn = False

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.clear()

    def step(self, done: int, total: int, about: str = "") -> None:
        """Note that ``done`` of ``total`` are done; ``about`` stands beside it and is safe to show."""
        if self._is_shown and time.monotonic() >= self._next:
            self._next = time.monotonic() + _EVERY
            self._drawn = True
            filled = _WIDTH * done // max(total, 1)
            bar = f"[{'#' * filled}{'.' * (_WIDTH - filled)}]"
            print(
                f"{_LINE}{self._what} {bar} {done}/{total}  {about[:40]}".rstrip(), end="", file=sys.stderr, flush=True
            )

    def clear(self) -> None:
        """Take it away, for something else to be printed."""
        if self._drawn:
            print(_LINE, end="", file=sys.stderr, flush=True)
            self._drawn = False
