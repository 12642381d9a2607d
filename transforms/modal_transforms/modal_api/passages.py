"""What a file says to people: comments, docstrings and prose, and the code that stands in them."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from msgspec import Struct

from modal_transforms.analysis.comments import comments
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.parse import parses
from modal_transforms.analysis.string_literals import literal
from modal_transforms.core.model import Span
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import byte_offsets

_CODE_SPAN = pattern(r"(?<!`)(`{1,2})(?!`)(?P<code>[^`\n]+)(?<!`)\1(?!`)|<code>(?P<html>[^<\n]+)</code>")
_HASHES = pattern(r"[ \t]*#+[ \t]?")
_MAY_BE_CODE = pattern(r"[=(@]")
_LONGEST = 20_000
"""A longer string is data, not words about code."""
_LONGEST_LINE = 500


class Passage(Struct, frozen=True):
    """A paragraph of what a file says, a run of comments or a docstring's paragraph."""

    text: str
    starts: Sequence[int]
    """The offset of the first byte of each character, and one more for the end."""
    where: str
    """What holds it: ``a comment``, ``a docstring``, ``the text``."""
    in_call: bool = False
    """It is a comment between the arguments of a call."""

    def span(self, start: int, end: int) -> Span:
        """Return the bytes of some characters, the last of which is written in one byte."""
        return Span(self.starts[start], self.starts[end - 1] + 1)


class Piece(Struct, frozen=True):
    """Code in a passage, by the indices of its characters."""

    start: int
    end: int
    is_line: bool
    """A line that is code as a whole, such as code that is commented out; else code in the middle of words."""
    is_argument: bool = False
    """Such a line that is an argument of a call."""


def passages(module: Module, word: re.Pattern[str]) -> tuple[Passage, ...]:
    """Return what a file says to people; its comments only where one may hold a word, as they take long to tell."""
    rest = module.once(_docstrings_and_prose)
    return (*module.once(_comments), *rest) if _may_be_commented(module, word) else rest


def _may_be_commented(module: Module, word: re.Pattern[str]) -> bool:
    lines = module.source.text.split("\n")
    return any(word.search(line, line.index("#")) for line in lines if "#" in line)


def _docstrings_and_prose(module: Module) -> tuple[Passage, ...]:
    return (*_docstrings(module), *_prose(module))


def _comments(module: Module) -> tuple[Passage, ...]:
    return tuple(_runs_of_comments(module))


def _runs_of_comments(module: Module) -> Iterator[Passage]:
    """Yield the comments of a file, those on lines that follow each other together."""
    source, calls = module.source, _outermost(module)
    run: list[tuple[int, str]] = []
    for start, text in comments(source):
        alone = not source.data[source.line_at(start).start : start].strip()
        if run and not (alone and source.line_of(start) == source.line_of(run[-1][0]) + 1):
            yield _joined(module, run, calls)
            run = []
        run.append((start, text))
    if run:
        yield _joined(module, run, calls)


def _joined(module: Module, run: list[tuple[int, str]], calls: tuple[list[int], list[int]]) -> Passage:
    starts: list[int] = []
    for start, text in run:
        starts += byte_offsets(text, start)
    at = bisect_right(calls[0], run[0][0]) - 1
    in_call = at >= 0 and run[0][0] < calls[1][at]
    return Passage("\n".join(text for _, text in run), starts, "a comment", in_call)


def _outermost(module: Module) -> tuple[list[int], list[int]]:
    """Return where the calls that are in no other begin and end."""
    begins: list[int] = []
    ends: list[int] = []
    for span in sorted(module.source.span(node) for node in module.index.calls):
        if not ends or span.start >= ends[-1]:
            begins.append(span.start)
            ends.append(span.end)
    return begins, ends


def _docstrings(module: Module) -> Iterator[Passage]:
    for node in module.index.strings:
        text = str(node.value)
        if len(text) <= _LONGEST and isinstance(module.index.parents[node], ast.Expr) and _MAY_SHOW.search(text):
            written = literal(module.source, node)
            if written is not None and written.spans:
                starts = [*(span.start for span in written.spans), written.spans[-1].end]
                yield from _paragraphs(written.text, starts, "a docstring")


_MAY_SHOW = pattern(r"[`=@]")


def _prose(module: Module) -> Iterator[Passage]:
    for text, starts in module.source.prose():
        yield from _paragraphs(text, starts, "the text")


def _paragraphs(text: str, starts: Sequence[int], where: str) -> Iterator[Passage]:
    """Yield the paragraphs of a text; what one announces with a colon at its end belongs to it."""
    begin, at = 0, 0
    for line in [*text.splitlines(keepends=True), ""]:
        if not line.strip() and not (line and text[begin:at].rstrip().endswith(":")):
            if at > begin:
                yield Passage(text[begin:at], starts[begin : at + 1], where)
            begin = at + len(line)
        at += len(line)


def pieces(passage: Passage, word: re.Pattern[str]) -> Iterator[Piece]:
    """Yield the code of a passage that holds a word."""
    for match in _CODE_SPAN.finditer(passage.text):
        kind = "code" if match["code"] else "html"
        if word.search(match[kind]):
            yield Piece(*match.span(kind), is_line=False)
    if passage.where == "the text":
        return
    for line in re.finditer(r"[^\n]+", passage.text):
        if len(line[0]) <= _LONGEST_LINE and "`" not in line[0] and word.search(line[0]):
            hashes = _HASHES.match(line[0]) if passage.where == "a comment" else None
            start = line.start() + (hashes.end() if hashes else 0)
            kept = passage.text[start : line.end()]
            if _MAY_BE_CODE.search(kept):
                yield from _line(kept, start, passage.in_call)


def _line(text: str, start: int, in_call: bool) -> Iterator[Piece]:
    """Yield a line that is Python: an argument of a call, a step of a chain, a decorator, or a statement."""
    code = text.strip()
    whole = {"@": f"{code}\ndef f(): ...", ".": f"x{code}"}.get(code[:1], code)
    if (in_call or code.endswith(",")) and parses(f"f(\n{code}\n)"):
        yield Piece(start, start + len(text), is_line=True, is_argument=True)
    elif parses(whole):
        yield Piece(start, start + len(text), is_line=True)
