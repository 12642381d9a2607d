"""The blocks of a document that show code: fences and indented code of Markdown, directives of reStructuredText."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_CONTAINER = r"[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+)*(?:>[ \t]*)*"
_OPENING = re.compile(rf"(?P<before>{_CONTAINER})(?P<fence>`{{3,}}|~{{3,}})(?P<info>[^\r\n]*)")
_ITEM = re.compile(r"([ \t]*)(?:[-*+]|\d{1,9}[.)])([ \t]+)")
_DIRECTIVE = re.compile(
    r"(?P<indent>[ \t]*)(?:\.\.[ \t]+(?:code-block|code|sourcecode|prompt|ipython|parsed-literal)::"
    r"[ \t]*(?P<language>[\w+.-]*)|.*(?P<literal>::)[ \t]*$)"
)
_QUOTE = re.compile(r"[ \t]*(?:>[ \t]?)+")


class Block(Struct, frozen=True):
    """One piece of code that a document shows."""

    language: str
    """As the document says, in lower case; empty when it does not."""
    opening: tuple[int, int]
    """The indices of the line that opens it; empty where there is no such line."""
    lines: tuple[tuple[int, int], ...]
    """The indices of its lines, after marks of block quotes, without line endings."""
    fenced: bool = True


def markdown_blocks(text: str, start: int = 0, end: int | None = None) -> Iterator[Block]:
    """Yield the fences and the indented code of a Markdown text, those of a shown Markdown text included."""
    lines = _lines(text, start, len(text) if end is None else end)
    content, at, was_blank, was_code = 0, 0, True, False
    while at < len(lines):
        first, last = lines[at]
        at += 1
        line = text[first:last]
        opening = _OPENING.fullmatch(line)
        if opening and not (opening["fence"][0] == "`" and "`" in opening["info"]):
            block, at = _fence(text, lines, at - 1, opening)
            yield block
            if block.language in {"markdown", "md", "mdx"} and block.lines:
                yield from markdown_blocks(text, block.lines[0][0], block.lines[-1][1])
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


def _fence(text: str, lines: list[tuple[int, int]], at: int, opening: re.Match[str]) -> tuple[Block, int]:
    """Return the fence that a line opens, and the number of the line after it."""
    fence, first = opening["fence"], lines[at]
    closing = re.compile(rf"[ \t]*(?:>[ \t]*)*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*")
    quoted = ">" in opening["before"]
    inside: list[tuple[int, int]] = []
    language = _language(opening["info"])
    doubtful: int | None = None
    for number in range(at + 1, len(lines)):
        start, end = lines[number]
        line = text[start:end]
        if closing.fullmatch(line):
            if doubtful is not None and _is_program(language):
                break
            return Block(language, first, tuple(inside)), number + 1
        again = _OPENING.fullmatch(line)
        if again and again["fence"] == fence and again["info"].strip() and doubtful is None:
            doubtful = number
        quote = _QUOTE.match(line) if quoted else None
        inside.append((start + (quote.end() if quote else 0), end))
    stop = doubtful if doubtful is not None else len(lines)
    return Block(language, first, tuple(inside[: stop - at - 1])), stop


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
        if opening is None or (opening["literal"] and text[lines[at - 1][0] :].lstrip().startswith("..")):
            continue
        indent = len(opening["indent"])
        inside: list[tuple[int, int]] = []
        first = at - 1
        while at < len(lines):
            line = text[slice(*lines[at])]
            if line.strip() and len(line) - len(line.lstrip(" \t")) <= indent:
                break
            if not (not any(text[a:b].strip() for a, b in inside) and re.match(r"[ \t]+:[\w-]+:", line)):
                inside.append(lines[at])
            at += 1
        if any(text[a:b].strip() for a, b in inside):
            yield Block((opening["language"] or "").lower(), lines[first], tuple(inside))


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found = []
    for match in re.compile(r"[^\n]*(?:\n|$)").finditer(text, start, end):
        if match[0]:
            found.append((match.start(), match.start() + len(match[0].rstrip("\r\n"))))
    return found
