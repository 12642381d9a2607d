"""Blank bytes that are not Python, so that what is left keeps its place."""

from __future__ import annotations

from modal_transforms.core.source import Unreadable

_BLANK = bytes(byte if byte in b"\r\n" else ord(" ") for byte in range(256))
_BOM = b"\xef\xbb\xbf"


def blank(data: bytes) -> bytes:
    """Return as many bytes of white space, line endings (and a byte order mark) kept."""
    head = _BOM if data.startswith(_BOM) else b""
    return head + data[len(head) :].translate(_BLANK)


def utf8_encoding(data: bytes) -> str:
    """Return the encoding of a file that declares none; raises `Unreadable` when it is not UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(f"not utf-8: {error}") from None
    return "utf-8-sig" if data.startswith(_BOM) else "utf-8"
