"""Take statements out of a file and put lines in, as byte patches."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable

from modal_transforms.analysis.index import Index
from modal_transforms.analysis.left_over import ANYTHING, NOTHING, comment_beside, first_to_go, speaks_only_of
from modal_transforms.core.changes import CannotRewrite
from modal_transforms.core.model import Span
from modal_transforms.core.patches import Patch
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile

_DECORATING = pattern(rb"@[\s\\(]*\Z")
_FAR = 200
"""Brackets around a decorator are looked for no farther away."""


def statement_at(source: SourceFile, index: Index, span: Span) -> ast.stmt:
    """Return the statement at a span; raises `CannotRewrite` when there is none."""
    for node in index.parents:
        if isinstance(node, ast.stmt) and source.span(node) == span:
            return node
    raise CannotRewrite("the statement is not where it was")


def remove_statement(
    source: SourceFile, index: Index, statement: ast.stmt, comments: int | None = None, beside: bool = False
) -> list[Patch]:
    """Return the patches that take a statement out; ``pass`` stays where its block would be empty.

    ``comments`` is where comment lines above it begin that go with it; those that would stand over nothing do anyway.
    With ``beside``, so does what is said of it on its last line.
    Of blank lines around it only one run stays.
    """
    span = source.span(statement)
    if _is_alone(index, statement):
        return [Patch(span.start, span.end, b"pass")]
    first, last = source.line_at(span.start), source.line_at(span.end)
    before = source.slice(Span(first.start, span.start)).removeprefix(source.indent_at(span.start)).strip()
    after = source.slice(Span(span.end, last.end))
    if before and not after.lstrip(" \t").startswith(";"):
        return [Patch(_semicolon_before(source, span.start), span.end, b"")]
    if after.lstrip(" \t").startswith(";"):
        end = span.end + after.index(";") + 1
        end += len(after) - len(after.lstrip(" \t;")) - (end - span.end)
        return [Patch(span.start, end, b"")]
    if after.strip() and not beside and not _goes_along(source, statement):
        return [Patch(span.start, span.end + len(after) - len(after.lstrip(" \t")), b"")]
    top = first_to_go(source, source.line_of(first.start), source.line_of(last.start))
    first = source.line_span(min(top, source.line_of(comments) if comments is not None else top))
    return [Patch(first.start, _end_of_lines(source, first, last), b"")]


def _goes_along(source: SourceFile, statement: ast.stmt) -> bool:
    """Tell whether the comment beside a statement is of no use without it: anything that is said of an import."""
    beside = comment_beside(source, source.span(statement).end)
    gone = ANYTHING if isinstance(statement, (ast.Import, ast.ImportFrom)) else NOTHING
    return beside is not None and speaks_only_of(source.slice(beside), gone)


def _end_of_lines(source: SourceFile, first: Span, last: Span) -> int:
    """Return the end of a statement's lines, with as many blank ones after it as there are before it.

    All of them go where the file, or a block, begins with it.
    """
    before = _blank_lines(source, range(source.line_of(first.start) - 1, 0, -1))
    after = _blank_lines(source, range(source.line_of(last.start) + 1, len(source.line_starts) + 1))
    gone = len(after) if _opens(source, first) else min(len(before), len(after))
    return source.line_span(after[gone - 1]).end if gone else last.end


def _opens(source: SourceFile, first: Span) -> bool:
    """Tell whether a line begins the file, or a block right under its head."""
    if first.start == source.line_starts[0]:
        return True
    above = source.line_span(source.line_of(first.start) - 1)
    own, outer = source.indent_at(first.start), source.indent_at(above.start)
    head = source.slice(above).partition("#")[0].rstrip()
    return head.endswith(":") and len(outer) < len(own)


def _blank_lines(source: SourceFile, lines: Iterable[int]) -> list[int]:
    """Return the lines, one after another, up to the first that is not blank."""
    return list(itertools.takewhile(lambda line: not source.slice(source.line_span(line)).strip(), lines))


def _semicolon_before(source: SourceFile, start: int) -> int:
    while source.data[start - 1 : start] in {b" ", b"\t"}:
        start -= 1
    return start - 1 if source.data[start - 1 : start] == b";" else start


def _is_alone(index: Index, statement: ast.stmt) -> bool:
    """Tell whether a statement is the only one of its block."""
    parent = index.parents.get(statement)
    if parent is None or isinstance(parent, ast.Module):
        return False
    for _, value in ast.iter_fields(parent):
        if isinstance(value, list) and statement in value:
            return len(value) == 1
    return False


def add_line(source: SourceFile, anchor: Span, text: str, before: bool = False) -> Patch:
    """Return the patch that writes lines after (or before) the lines of ``anchor``, indented like its first line."""
    anchor = _with_brackets(source, anchor)
    first = _logical_line(source, anchor.start)
    indent = source.indent_at(first)
    block = "".join(indent + line + source.newline if line else source.newline for line in text.split("\n"))
    if before:
        return Patch(first, first, source.encode(block))
    at = source.line_at(anchor.end).end
    if at and source.data[at - 1 : at] not in {b"\n", b"\r"}:
        block = source.newline + block.removesuffix(source.newline)
    return Patch(at, at, source.encode(block))


def _with_brackets(source: SourceFile, anchor: Span) -> Span:
    """Return a decorator with its ``@`` and the brackets around it; anything else as it is."""
    opening = _DECORATING.search(source.data[max(0, anchor.start - _FAR) : anchor.start])
    if opening is None:
        return anchor
    closing = re.match(rb"(?:[\s\\]*\)){%d}" % opening[0].count(b"("), source.data[anchor.end : anchor.end + _FAR])
    return Span(anchor.start - len(opening[0]), anchor.end + (closing.end() if closing else 0))


def _logical_line(source: SourceFile, offset: int) -> int:
    """Return where the line of an offset begins, or the one that a backslash continues by it."""
    line = source.line_of(offset)
    while line > 1:
        before = source.line_span(line - 1)
        text = source.data[before.start : before.end].rstrip(b"\r\n")
        if not text.endswith(b"\\") or b"#" in text:
            break
        line -= 1
    return source.line_span(line).start
