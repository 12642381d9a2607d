"""One file as bytes, and the way between bytes, text, and the positions that ``ast`` reports."""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from msgspec import Struct

from modal_transforms.core.model import Site, Span
from modal_transforms.core.patches import Patch
from modal_transforms.core.patterns import pattern

if TYPE_CHECKING:
    from modal_transforms.core.command_line import CommandLine

_LINE_END = pattern(rb"\r\n|\r|\n")
_WORD = pattern(r"\w+\Z")
_BEYOND_ASCII = pattern(r"[^\x00-\x7f]")
_UTF8_BOM = b"\xef\xbb\xbf"


class Unreadable(Exception):
    """The bytes cannot be taken as Python text; the message says why."""


def _first_lines(data: bytes) -> bytes:
    """Return the two lines that may name an encoding, as lines whatever they end in."""
    return b"\n".join(_LINE_END.split(data, 2)[:2]) + b"\n"


def byte_offsets(text: str, start: int = 0) -> Sequence[int]:
    """Return where each character begins in the UTF-8 bytes of a text, which begin at ``start``; then their end."""
    if text.isascii():
        return range(start, start + len(text) + 1)
    offsets = array("I")
    at = 0
    for found in _BEYOND_ASCII.finditer(text):
        offsets.extend(range(start, start + found.start() - at + 1))
        start += found.start() - at + len(found[0].encode("utf-8", "surrogateescape"))
        at = found.end()
    offsets.extend(range(start, start + len(text) - at + 1))
    return offsets


class Program(Struct, frozen=True):
    """Lines of a file, the last one included, that are a program beside the file's own."""

    first: int
    last: int
    alone: bool
    """Whether it sees nothing of the others; else what it does not bind itself is that of the program before it."""


class SourceFile:
    """The bytes of one file at one moment; never changes.

    ``path`` is relative to the scanned root, with ``/``. Positions of ``ast`` (1-based lines, columns in UTF-8
    bytes of the line) become byte offsets of the file in its own encoding.
    """

    shown = False
    """Whether the file is read by people: what it holds is then offered as a whole, for review."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.path == other.path and self.raw == other.raw

    def __hash__(self) -> int:
        return hash((self.path, self.data))

    def __getstate__(self) -> dict[str, object]:
        """Return what the file is made of, and nothing that was worked out from it."""
        derived = {
            name
            for kind in type(self).__mro__
            for name, made in vars(kind).items()
            if isinstance(made, cached_property)
        }
        return {name: value for name, value in vars(self).items() if name not in derived}

    @property
    def raw(self) -> bytes:
        """The bytes on disk, where they are others than those that offsets count in (a notebook's JSON)."""
        return self.data

    @property
    def program(self) -> bytes:
        """The bytes to parse as Python: as many as ``data``, with what is not Python (prose, magics) blank."""
        return self.data

    @property
    def parts(self) -> Sequence[tuple[int, bytes]]:
        """The same in pieces that are a program each, with the offset of the first byte of each; not what is blank."""
        return ((0, self.program),)

    def changed(self, data: bytes) -> SourceFile:
        """Return the same file with other ``data``."""
        return SourceFile(self.path, data)

    def lifted(self, patches: Sequence[Patch]) -> list[Patch]:
        """Return patches of ``data`` as patches of ``raw``."""
        return list(patches)

    @property
    def programs(self) -> Sequence[Program]:
        """The programs that the file holds beside its own, in order."""
        return ()

    def command_lines(self) -> Iterable[CommandLine]:
        """Return the shell commands that may be Modal's, where the file holds others than in Python strings."""
        return ()

    def prose(self) -> Iterable[tuple[str, Sequence[int]]]:
        """Return the running texts of a document, with the offset of the first byte of each character and of the end.

        What a text shows in blocks of code is blank in it.
        """
        return ()

    @cached_property
    def sha256(self) -> str:
        """The digest that edits carry, as hexadecimal."""
        return hashlib.sha256(self.raw).hexdigest()

    @cached_property
    def encoding(self) -> str:
        """The declared or default encoding; raises `Unreadable` for an unknown one."""
        if self.is_ascii and (b"coding" not in self.data or b"coding" not in _first_lines(self.data)):
            return "utf-8"
        try:
            return tokenize.detect_encoding(io.BytesIO(_first_lines(self.data)).readline)[0]
        except SyntaxError as error:
            raise Unreadable(str(error)) from None

    @cached_property
    def text(self) -> str:
        """The text without its byte order mark; raises `Unreadable` when the bytes are not in the encoding."""
        encoding = self.encoding
        try:
            text = self.data.decode(encoding)
        except (UnicodeDecodeError, LookupError) as error:
            raise Unreadable(f"not {encoding}: {error}") from None
        if encoding not in {"utf-8", "utf-8-sig"} and text.encode(encoding) != self.data:
            raise Unreadable(f"{encoding} text that does not read back to the same bytes")
        return text

    @cached_property
    def newline(self) -> str:
        """The line ending that most lines have; ``\\n`` when there is none."""
        ends = _LINE_END.findall(self.data)
        return max(dict.fromkeys([*ends, b"\n"]), key=ends.count).decode() if ends else "\n"

    @cached_property
    def is_ascii(self) -> bool:
        """Tell whether each byte is a character."""
        return self.data.isascii()

    @cached_property
    def is_utf8(self) -> bool:
        """Tell whether columns of ``ast`` are columns of the file's own bytes."""
        return self.is_ascii or self.encoding in {"utf-8", "utf-8-sig"}

    @cached_property
    def line_starts(self) -> list[int]:
        """Byte offset of each line's first byte (after a byte order mark)."""
        starts = [0, *accumulate(map(len, self.data.splitlines(keepends=True)))]
        if len(starts) > 1 and not self.data.endswith((b"\n", b"\r")):
            del starts[-1]
        starts[0] = len(_UTF8_BOM) if self.data.startswith(_UTF8_BOM) else 0
        return starts

    @cached_property
    def longest_line(self) -> int:
        """How many characters the longest line has."""
        return max(map(len, self.text.splitlines()), default=0)

    def offset(self, line: int, column: int) -> int:
        """Return the byte offset of an ``ast`` position: a 1-based line and a column in UTF-8 bytes."""
        start = self.line_starts[line - 1]
        if self.is_utf8:
            return start + column
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.data)
        before = self.data[start:end].decode(self.encoding).encode()[:column]
        return start + len(before.decode().encode(self.encoding))

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias | ast.arg) -> Span:
        """Return the bytes that a node covers."""
        end_line, end_column = node.end_lineno, node.end_col_offset
        assert end_line is not None
        assert end_column is not None
        return Span(self.offset(node.lineno, node.col_offset), self.offset(end_line, end_column))

    def attribute_word(self, node: ast.Attribute) -> Span:
        """Return the bytes of an attribute's name as it is written, which Python may read as other letters."""
        end = self.span(node).end
        written = _WORD.search(self.slice(Span(self.span(node.value).end, end)))
        return Span(end - len(self.encode(written[0])), end) if written else Span(end, end)

    def slice(self, span: Span) -> str:
        """Return the text of a span."""
        return self.data[span.start : span.end].decode(self.encoding.removesuffix("-sig"))

    def written(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias | ast.arg) -> str:
        """Return a node as it is written."""
        return self.slice(self.span(node))

    def encode(self, text: str) -> bytes:
        """Return text in the file's encoding; raises `UnicodeEncodeError` where it cannot say it."""
        return text.encode(self.encoding.removesuffix("-sig"))

    def line_of(self, offset: int) -> int:
        """Return the 1-based line of a byte offset."""
        return max(1, bisect_right(self.line_starts, offset))

    def position(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and character column of a byte offset."""
        line = self.line_of(offset)
        start = self.line_starts[line - 1]
        if self.is_ascii and self.encoding == "utf-8":
            return line, max(0, offset - start) + 1
        return line, len(self.slice(Span(start, max(start, offset)))) + 1

    def line_span(self, line: int) -> Span:
        """Return the bytes of a 1-based line, its line ending included."""
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.data)
        return Span(self.line_starts[line - 1], end)

    def line_at(self, offset: int) -> Span:
        """Return the bytes of the line of a byte offset, its line ending included."""
        return self.line_span(self.line_of(offset))

    def indent_at(self, offset: int) -> str:
        """Return the white space that begins the line of a byte offset."""
        text = self.slice(self.line_at(offset))
        return text[: len(text) - len(text.lstrip(" \t\f"))]

    def site(self, span: Span) -> Site:
        """Return the place that a span is, for people and for reports."""
        line, column = self.position(span.start)
        end_line, end_column = self.position(span.end)
        return Site(self.path, span, line, column, end_line, end_column, self.slice(span))
