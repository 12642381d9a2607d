"""The text of a string literal with the bytes that each of its characters is written in.

Implicit concatenation, escapes, raw strings and f-strings included: a command line that a string holds can be
changed in the middle, in place.
"""

from __future__ import annotations

import ast
from collections.abc import Generator, Iterator
from itertools import accumulate

from msgspec import Struct

from modal_transforms.core.command_line import HOLE
from modal_transforms.core.model import Span
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile

_OPENING = pattern(r"([rRbBuUfF]{0,2})(\"\"\"|'''|\"|')")
_ESCAPE = pattern(
    r"\\(\r\n|[\n\r]|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[\\'\"abfnrtv])"
)


class Literal(Struct, frozen=True):
    """A string's value, and for each character the bytes of the file that stand for it."""

    text: str
    spans: tuple[Span, ...]

    def span(self, start: int, end: int) -> Span:
        """Return the bytes of the characters ``start`` to ``end`` (exclusive, not empty)."""
        return Span(self.spans[start].start, self.spans[end - 1].end)


def literal(source: SourceFile, node: ast.expr) -> Literal | None:
    """Return the written form of a string or f-string; ``None`` for anything else, and where it cannot be told."""
    value = _value(node)
    if value is None:
        return None
    whole = source.span(node)
    written = source.slice(whole)
    offsets = [*accumulate((len(source.encode(char)) for char in written), initial=whole.start)]
    pieces = list(_pieces(written))
    text = "".join(piece[0] for piece in pieces)
    if text != value:
        return None
    return Literal(text, tuple(Span(offsets[start], offsets[end]) for _, start, end in pieces))


def _value(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else HOLE for part in node.values)
    return None


def _pieces(written: str) -> Iterator[tuple[str, int, int]]:
    """Yield each character of the value with the indices of what is written for it."""
    at = 0
    while at < len(written):
        opening = _OPENING.match(written, at)
        if opening:
            at = yield from _body(written, opening.end(), opening[1].lower(), opening[2])
        elif written[at] == "#":
            end = written.find("\n", at)
            at = end if end >= 0 else len(written)
        else:
            at += 1


def _body(written: str, at: int, prefix: str, quote: str) -> Generator[tuple[str, int, int], None, int]:
    """Yield the characters up to the closing quotes; the index after them is what ``yield from`` gives."""
    while at < len(written) and not written.startswith(quote, at):
        text, end = _one(written, at, prefix)
        if text:
            yield text, at, end
        at = end
    return at + len(quote)


def _one(written: str, at: int, prefix: str) -> tuple[str, int]:
    """Return the character written at an index, and the index after it."""
    if written.startswith("\r\n", at):
        return "\n", at + 2
    if "f" in prefix and written[at] in "{}":
        if written.startswith(("{{", "}}"), at):
            return written[at], at + 2
        return HOLE, _closing(written, at)
    if written[at] == "\\":
        if "r" in prefix:
            return written[at], at + 1
        escape = _ESCAPE.match(written, at)
        if escape is None:
            return written[at], at + 1
        if escape[1] in {"\n", "\r", "\r\n"}:
            return "", escape.end()
        return str(ast.literal_eval(f"'''{escape[0]}'''")), escape.end()
    return written[at], at + 1


def _closing(written: str, at: int) -> int:
    depth = 0
    for index in range(at, len(written)):
        depth += (written[index] == "{") - (written[index] == "}")
        if not depth:
            return index + 1
    return len(written)
