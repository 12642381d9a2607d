"""Colours of what commands print: on a terminal that shows them, unless the person wants it otherwise."""

from __future__ import annotations

import os
import sys
from typing import TextIO

_CODES = {
    "title": "1",
    "dim": "2",
    "path": "36",
    "good": "32",
    "fair": "33",
    "bad": "31",
}
_OF_WORDS = {
    "safe": "good",
    "review": "fair",
    "manual": "bad",
    "ok": "good",
    "warning": "fair",
    "warnings": "fair",
    "error": "bad",
    "own error": "fair",
    "ended": "bad",
}
_OF_DIFFS = (("--- ", "title"), ("+++ ", "title"), ("@@ ", "path"), ("-", "bad"), ("+", "good"))


class Paint:
    """Colours text, or leaves it as it is."""

    def __init__(self, on: bool = False) -> None:
        self._on = on

    def __call__(self, style: str, text: str) -> str:
        """Return a text in a style."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self._on and text else text

    def word(self, word: str, text: str = "") -> str:
        """Return a word of ours, such as ``safe``, in its colour; ``text`` is what stands there, where it is more."""
        style = _OF_WORDS.get(word)
        return self(style, text or word) if style else text or word

    def diff(self, line: str) -> str:
        """Return a line of a unified diff in its colour."""
        style = next((style for start, style in _OF_DIFFS if line.startswith(start)), None)
        return self(style, line) if style else line


PLAIN = Paint()
"""Leaves all text as it is."""


def paint_for(choice: str, stream: TextIO | None = None) -> Paint:
    """Return what colours a stream (standard output): as was chosen, else by ``NO_COLOR`` and what the stream is."""
    if choice != "auto":
        return Paint(choice == "always")
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return Paint()
    out = stream or sys.stdout
    shows = sys.platform != "win32" or "WT_SESSION" in os.environ or "TERM" in os.environ
    return Paint(out is not None and out.isatty() and shows)
