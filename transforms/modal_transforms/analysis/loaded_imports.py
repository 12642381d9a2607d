"""Which imports run as a file is loaded: told from its bytes, without parsing, where that is sure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from modal_transforms.analysis.import_scan import logical_line, statements
from modal_transforms.core.patterns import pattern

_LATER = pattern(rb"(?:async[ \t]+)?def[ \t]|if[ \t]+(?:[\w.]+\.)?TYPE_CHECKING[ \t]*:")
"""What begins a block that does not run when a file is loaded."""
_QUOTES = pattern(rb'"""'), pattern(rb"'''")
_PROMPT = pattern(rb"[ \t]*>>>")
"""What begins a line of an example in a docstring."""
_INSIDE = b")]}#"
"""What a line begins with that neither begins a block nor ends one."""


def with_unix_lines(data: bytes) -> bytes:
    """Return a text with the line ends that the offsets below count on."""
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def placed_statements(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield import statements as `statements` does, each with the offset of its line; none of examples."""
    last_bracket = data.rfind(b")")
    at = data.find(b"import")
    while at >= 0:
        start, end = logical_line(data, at, last_bracket)
        if not _PROMPT.match(data, start):
            yield from ((start, home, names) for home, names in statements(data[start:end]))
        at = data.find(b"import", end)


def all_run_later(data: bytes, starts: Iterable[int]) -> bool:
    """Tell whether what lines hold surely does not run as the file is loaded: those in functions, or for its types.

    ``starts`` are the offsets of the lines. As many lines are looked at as the file has; then nothing is sure.
    """
    quotes = [[match.start() for match in quote.finditer(data)] for quote in _QUOTES]
    patience = iter(range(data.count(b"\n") + 1))
    return all(_runs_later(data, start, quotes, patience) for start in starts)


def _runs_later(data: bytes, start: int, quotes: list[list[int]], patience: Iterator[int]) -> bool:
    indent = _indent(data[start : data.find(b"import", start)])
    while indent and start and next(patience, None) is not None:
        start = data.rfind(b"\n", 0, start - 1) + 1
        line = data[start : data.find(b"\n", start)]
        text = line[_indent(line) :]
        if text and text[0] not in _INSIDE and _indent(line) < indent:
            indent = _indent(line)
            if _LATER.match(text) and _is_code(data, start, quotes):
                return True
    return False


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" \t"))


def _is_code(data: bytes, start: int, quotes: list[list[int]]) -> bool:
    """Tell whether a line begins outside of strings: as many have ended before it as have begun."""
    return not any(bisect_left(each, start) % 2 for each in quotes) and not data.endswith(b"\\\n", 0, start)
