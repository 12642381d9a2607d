"""The blocks of a document that show code: fences and indented code of Markdown, directives of reStructuredText."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from msgspec import Struct

from modal_transforms.core.patterns import pattern

_CONTAINER = r"[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+)*(?:>(?![ \t])(?:>[ \t]*)*)?"
_OPENING = pattern(rf"(?P<before>{_CONTAINER})(?P<fence>`{{3,}}(?!`)|~{{3,}}(?!~))(?P<info>[^\r\n]*)")
_CLOSING = pattern(r"[ \t]*(?:>[ \t]*)*(?P<fence>`{3,}|~{3,})[ \t]*")
_LONGEST = 99
"""A longer fence is closed by any other that is at least as long as this."""
_DEEPEST = 3
"""So many texts in Markdown are looked at that are shown each inside another."""
_ITEM = pattern(r"([ \t]*)(?:[-*+]|\d{1,9}[.)])([ \t]+)")
_DIRECTIVE = pattern(
    r"(?P<indent>[ \t]*)(?![ \t])(?:\.\.[ \t]+(?:code-block|code|sourcecode|prompt|ipython|parsed-literal)::"
    r"[ \t]*(?P<language>[\w+.-]*)|.*(?P<literal>::)[ \t]*$)"
)
_QUOTE = pattern(r"[ \t]*(?:>[ \t]?)+")


class Block(Struct, frozen=True):
    """One piece of code that a document shows."""

    language: str
    """As the document says, in lower case; empty when it does not."""
    opening: tuple[int, int]
    """The indices of the line that opens it; empty where there is no such line."""
    lines: tuple[tuple[int, int], ...]
    """The indices of its lines, after marks of block quotes, without line endings."""
    fenced: bool = True


def markdown_blocks(text: str, start: int = 0, end: int | None = None, depth: int = 0) -> Iterator[Block]:
    """Yield the fences and the indented code of a Markdown text, those of a shown Markdown text included."""
    lines = _lines(text, start, len(text) if end is None else end)
    fences = _Fences(text, lines)
    content, at, was_blank, was_code = 0, 0, True, False
    while at < len(lines):
        first, last = lines[at]
        at += 1
        line = text[first:last]
        opening = fences.openings.get(at - 1)
        if opening and not (opening["fence"][0] == "`" and "`" in opening["info"]):
            block, at = fences.block(at - 1, opening)
            yield block
            if block.language in {"markdown", "md", "mdx"} and block.lines and depth < _DEEPEST:
                yield from markdown_blocks(text, block.lines[0][0], block.lines[-1][1], depth + 1)
            was_blank, was_code = True, False
            continue
        indent = len(line) - len(line.lstrip(" "))
        if not line.strip():
            was_blank = True
            continue
        content = content if indent >= content or not was_blank else 0
        was_code = (was_blank or was_code) and (indent >= content + 4 or line.startswith("\t"))
        if was_code:
            yield Block("", (first, first), ((first, last),), fenced=False)
        elif item := _ITEM.match(line):
            content = item.end()
        was_blank = False


class _Fences:
    """The lines of a text that open or close fences, each looked at once."""

    def __init__(self, text: str, lines: list[tuple[int, int]]) -> None:
        self._text = text
        self._lines = lines
        self.openings: dict[int, re.Match[str]] = {}
        """By the number of the line."""
        self._closings: list[tuple[int, str]] = []
        self._enough: dict[str, list[int]] = {}
        """The lines that close a fence, by that fence."""
        self._again: dict[str, list[int]] = {}
        """The lines that open a fence and say its language, by that fence."""
        for number, (start, end) in enumerate(lines):
            if text.find("```", start, end) >= 0 or text.find("~~~", start, end) >= 0:
                self._note(number, start, end)

    def _note(self, number: int, start: int, end: int) -> None:
        opening = _OPENING.fullmatch(self._text, start, end)
        if opening:
            self.openings[number] = opening
            if opening["info"].strip():
                self._again.setdefault(opening["fence"], []).append(number)
        closing = _CLOSING.fullmatch(self._text, start, end)
        if closing:
            self._closings.append((number, closing["fence"][:_LONGEST]))

    def block(self, at: int, opening: re.Match[str]) -> tuple[Block, int]:
        """Return the fence that a line opens, and the number of the line after it."""
        language = _language(opening["info"])
        closed = self._next_closing(opening["fence"][:_LONGEST], at)
        doubtful = _after(self._again.get(opening["fence"], ()), at)
        stop = len(self._lines) if closed is None else closed
        if doubtful is not None and (closed is None or (doubtful < closed and _is_program(language))):
            stop, closed = doubtful, None
        inside = self._lines[at + 1 : stop]
        if ">" in opening["before"]:
            inside = [(self._unquoted(start, end), end) for start, end in inside]
        return Block(language, self._lines[at], tuple(inside)), stop if closed is None else stop + 1

    def _next_closing(self, fence: str, at: int) -> int | None:
        if fence not in self._enough:
            self._enough[fence] = [number for number, closing in self._closings if closing.startswith(fence)]
        return _after(self._enough[fence], at)

    def _unquoted(self, start: int, end: int) -> int:
        quote = _QUOTE.match(self._text, start, end)
        return quote.end() if quote else start


def _after(numbers: Sequence[int], at: int) -> int | None:
    """Return the first of some numbers, which are in order, that is greater than another."""
    index = bisect_right(numbers, at)
    return numbers[index] if index < len(numbers) else None


def _is_program(language: str) -> bool:
    """Tell whether a line that opens another fence cannot be part of a text in a language."""
    return language not in {"", "markdown", "md", "mdx", "text", "txt", "rst", "plain", "diff"}


def _language(info: str) -> str:
    words = re.findall(r"[\w+#.-]+", info.lower())
    if words and words[0] in {"code-block", "code-cell", "code", "sourcecode"} and info.lstrip().startswith("{"):
        return words[1] if len(words) > 1 else ""
    return words[0].lstrip(".") if words else ""


def rest_blocks(text: str) -> Iterator[Block]:
    """Yield the code blocks and literal blocks of a reStructuredText."""
    lines = _lines(text, 0, len(text))
    at = 0
    while at < len(lines):
        opening = _DIRECTIVE.fullmatch(text, *lines[at])
        at += 1
        if opening is None or (opening["literal"] and opening[0].lstrip().startswith("..")):
            continue
        indent = len(opening["indent"])
        inside: list[tuple[int, int]] = []
        first = at - 1
        is_filled = False
        while at < len(lines):
            line = text[slice(*lines[at])]
            if line.strip() and len(line) - len(line.lstrip(" \t")) <= indent:
                break
            if is_filled or not re.match(r"[ \t]+:[\w-]+:", line):
                inside.append(lines[at])
                is_filled = is_filled or bool(line.strip())
            at += 1
        if is_filled:
            yield Block((opening["language"] or "").lower(), lines[first], tuple(inside))


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found = []
    for match in re.compile(r"[^\n]*(?:\n|$)").finditer(text, start, end):
        if match[0]:
            found.append((match.start(), match.start() + len(match[0].rstrip("\r\n"))))
    return found
