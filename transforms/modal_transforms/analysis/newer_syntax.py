"""Mask syntax that this Python's ``ast`` does not know by text of the same length, found with LibCST."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

_NEWER_STATEMENTS = tuple(kind for name in ("TypeAlias",) if (kind := getattr(cst, name, None)) is not None)
_NEWER_STRINGS = tuple(
    kind for name in ("FormattedString", "TemplatedString") if (kind := getattr(cst, name, None)) is not None
)


def mask(text: str) -> str | None:
    """Return text that an older ``ast`` may parse, every line and column as before; ``None`` when it is not Python."""
    collector = _Collector()
    try:
        module = cst.parse_module(text)
        if module.code != text:
            return None
        MetadataWrapper(module, unsafe_skip_copy=True).visit(collector)
    except (cst.ParserSyntaxError, cst.CSTLogicError, cst.CSTValidationError, RecursionError, UnicodeError):
        return None
    data = bytearray(text.encode())
    for start, end, filler in collector.masks:
        piece = bytes(data[start:end])
        data[start:end] = filler(piece)
    return data.decode()


def _blank(piece: bytes) -> bytes:
    return re.sub(rb"[^\r\n]", b" ", piece)


def _as_pass(piece: bytes) -> bytes:
    return b"pass" + _blank(piece[4:])


def _as_string(piece: bytes) -> bytes:
    """Turn an f-string into a plain string literal of the same length, unless this Python can read it."""
    try:
        ast.parse(b"(" + piece + b"\n)")
    except (SyntaxError, ValueError):
        return (
            b'"""' + re.sub(rb"[^\r\n]", b"_", piece[3:-3]) + b'"""' if len(piece) >= 6 else b'""' + _blank(piece[2:])
        )
    return piece


class _Collector(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (ByteSpanPositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.masks: list[tuple[int, int, Callable[[bytes], bytes]]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Note the nodes to mask, outermost first, and do not enter them."""
        if isinstance(node, _NEWER_STATEMENTS):
            filler: Callable[[bytes], bytes] = _as_pass
        elif isinstance(node, _NEWER_STRINGS):
            filler = _as_string
        elif isinstance(node, cst.TypeParameters):
            filler = _blank
        else:
            return True
        span = self.get_metadata(ByteSpanPositionProvider, node)
        self.masks.append((span.start, span.start + span.length, filler))
        return False
