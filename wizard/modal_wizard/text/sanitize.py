"""Make text from the scanned repository safe to print: what a terminal would obey becomes visible."""

from __future__ import annotations

import os
import re
import shlex
import unicodedata

from modal_transforms.core.patterns import pattern

_UNSAFE = pattern(r"[^ -~\t\u00a0-\u00ac\u00ae-\u02af]")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible(text: str, tab: str = "\t") -> str:
    """Return text whose control, format and bidirectional characters are replaced by visible ones.

    C0 controls become their Unicode pictures (``␛``), others escapes like ``\\u202e``; tabs become ``tab``.
    """
    shown = _UNSAFE.sub(_glyph, text)
    return shown if tab == "\t" else shown.replace("\t", tab)


def visible_each(text: str) -> str:
    """Return text as `visible` does, but with one character for each, so that columns stay; tabs stay as they are."""
    return _UNSAFE.sub(lambda match: glyph if len(glyph := _glyph(match)) == 1 else "\ufffd", text)


def visible_lines(text: str) -> str:
    """Return text as `visible` does, line by line: only ``\\n`` stays what it is."""
    return "\n".join(map(visible, text.split("\n")))


def typed(word: str) -> str:
    """Return a word as it is typed at a shell; what a terminal would obey as escapes (``$'\\x1b'``: bash, zsh, ksh)."""
    if visible(word, "") == word:
        return shlex.quote(word)
    data = os.fsencode(word)
    return "$'" + "".join(chr(byte) if chr(byte).isalnum() and byte < 0x80 else f"\\x{byte:02x}" for byte in data) + "'"


def _glyph(match: re.Match[str]) -> str:
    char = match.group()
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if unicodedata.category(char) not in _HIDDEN or char in "\u200c\u200d":
        return char
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
