"""Lay out what a rewrite made too long for one line, as a formatter would: chains in brackets, arguments below.

Only white space, brackets around a chain and a comma at the end of arguments are put in.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeGuard

from msgspec import Struct

from modal_transforms.analysis.index import Index, indexed
from modal_transforms.analysis.nodes import call_of
from modal_transforms.core.model import AddArgument, Change, Extend, ExtendArgument, Replace, Span
from modal_transforms.core.patches import Patch, apply, compose, map_offset
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile
from modal_transforms.rewrite.line_length import usual_length

_ROUNDS = 4
"""How many brackets inside one another are opened for one addition."""
_OPENING = pattern(rb"[(]([ \t]*)((?:\r\n?|\n)[ \t]*)?\Z")
_CLOSING = pattern(rb"\s*[)]")
_CLOSING_ONLY = pattern(r"[ \t]*[)\]}]+\Z")


class _Touched(Struct, frozen=True):
    """The last byte of what a change wrote, and how long its line may be."""

    offset: int
    columns: int


def fit_lines(source: SourceFile, middle: SourceFile, changes: Sequence[Change], first: Sequence[Patch]) -> list[Patch]:
    """Return patches of the rewritten text ``middle`` that lay out the additions of ``changes`` that are too long.

    ``first`` are the patches that led to it; offsets of the changes count in ``source``, the text before them.
    """
    if not any(isinstance(change, (Extend, ExtendArgument)) or _is_call(change) for change in changes):
        return []
    result: list[Patch] = []
    index = indexed(middle)
    for touched in _touched(source, middle, index, changes, first):
        now, offset = middle.changed(apply(middle.data, result)), map_offset(result, touched.offset)
        hangs = offset is not None and _hangs(now, _link(now, indexed(now), offset))
        for lay_out in (*[_laid_out] * _ROUNDS, *([_joined] if hangs else [])):
            now = middle.changed(apply(middle.data, result)) if result else middle
            offset = map_offset(result, touched.offset)
            made = None if offset is None else lay_out(now, offset, touched.columns)
            result = compose(len(middle.data), result, made) if made else result
    return result


def _touched(
    source: SourceFile, middle: SourceFile, index: Index, changes: Sequence[Change], first: Sequence[Patch]
) -> Iterator[_Touched]:
    """Yield each call that the changes added to an expression."""
    usual = usual_length(source)
    seen: Counter[Span] = Counter()
    for change in dict.fromkeys(changes):
        if isinstance(change, Extend):
            seen[change.expression] += 1
            end = map_offset(first, change.expression.end - 1)
            link = _after(middle, index, end + 1) if end is not None else None
            added = [*_chain(index, link)][seen[change.expression] - 1 :][:1]
        elif isinstance(change, ExtendArgument):
            added = [*_chain(index, _given(middle, index, change, map_offset(first, change.call.end)))]
        elif _is_call(change):
            if isinstance(change, AddArgument) and _width(source, change.call.end - 1) > change.columns:
                continue  # as long as its author wants it
            last = change.span.end if isinstance(change, Replace) else change.call.end
            end = map_offset(first, last)
            added = [call for call in [_link(middle, index, end - 1)] if call is not None] if end is not None else []
        else:
            continue
        yield from (_Touched(middle.span(call).end - 1, change.columns or usual) for call in added)


def _is_call(change: Change) -> TypeGuard[Replace | AddArgument]:
    """Tell whether a change writes a call, or an argument of one, that is to be laid out."""
    return isinstance(change, (Replace, AddArgument)) and change.columns > 0


def _after(source: SourceFile, index: Index, end: int) -> ast.AST | None:
    """Return the method call on the expression that ends at an offset."""
    for call in index.calls:
        if isinstance(call.func, ast.Attribute) and source.span(call.func.value).end == end:
            return call
    return None


def _given(source: SourceFile, index: Index, change: ExtendArgument, call_end: int | None) -> ast.AST | None:
    """Return the innermost call of the chain that a new argument holds."""
    for call in index.calls:
        if call_end is not None and source.span(call).end == call_end:
            link = next((item.value for item in call.keywords if item.arg == change.name), None)
            while isinstance(link, ast.Call) and isinstance(link.func, ast.Attribute) and _links(link):
                link = link.func.value
            return link
    return None


def _chain(index: Index, link: ast.AST | None) -> Iterator[ast.Call]:
    """Yield a call and those that follow it in its chain."""
    while isinstance(link, ast.Call):
        yield link
        name = index.parents.get(link)
        link = call_of(index, name) if isinstance(name, ast.Attribute) else None


def _laid_out(source: SourceFile, offset: int, columns: int) -> list[Patch]:
    """Return the patches of the next step that makes the line of an offset fit; none where it fits."""
    index = indexed(source)
    link = _link(source, index, offset)
    if link is None:
        return []
    dot = _dot(source, link)
    hangs = _hangs(source, link)
    line = source.slice(source.line_at(dot)).rstrip("\r\n")
    if len(line) <= columns and not hangs:
        return _below(source, [link]) if _is_too_long_below(source, link, columns) else []
    around = [node for node in (link, *index.ancestors(link)) if isinstance(node, ast.expr)]
    whole = [*_chain(index, link)][-1]
    if hangs:
        return _bracketed(source, index, whole, several_lines=True)
    for outer in reversed(around):
        if outer is not link and _is_on_line(source, outer, dot) and _holds(outer, source, dot):
            return _opened(source, outer, columns)
    below = _below(source, [node for node in around if node is not link and _holds(node, source, dot)])
    if below:
        return below
    own = len(source.indent_at(dot) + source.slice(Span(dot, source.span(link).end)))
    if len(_links(whole)) == 1 and own + 4 > columns:
        return _opened(source, link, columns)
    return _bracketed(source, index, whole, several_lines=False) or _opened(source, link, columns)


def _hangs(source: SourceFile, link: ast.Call | None) -> bool:
    """Tell whether a call of a chain stands behind the bracket that ends the lines of the one before."""
    return link is not None and _CLOSING_ONLY.match(_before(source, _dot(source, link))) is not None


def _joined(source: SourceFile, offset: int, columns: int) -> list[Patch]:
    """Return the patches that write the arguments of a chain's calls beside their brackets, where a formatter would.

    Those are arguments on one line below, without a comma at their end, in a chain with a line for each call.
    """
    index = indexed(source)
    link = _link(source, index, offset)
    chain = _links([*_chain(index, link)][-1]) if link is not None else []
    made: list[Patch] = []
    if any(_before(source, _dot(source, each)).strip() for each in chain):
        return []
    for call in [*chain, *(each.func.value for each in chain[-1:] if isinstance(each.func, ast.Attribute))]:
        assert isinstance(call, ast.Call)
        _, opening, end = _items(source, call)
        text = source.slice(Span(opening, end))
        inside = text.strip()
        if "\n" not in text or not inside or inside[-1] == "," or {"\r", "\n", "#"} & set(inside):
            continue
        rest = source.slice(Span(end, source.line_at(end).end)).rstrip()
        if len(_before(source, opening) + inside + rest) <= columns:
            after = opening + len(source.encode(text[: len(text) - len(text.lstrip())]))
            made += [Patch(opening, after, b""), Patch(after + len(source.encode(inside)), end, b"")]
    return sorted(made, key=lambda patch: patch.start)


def _is_too_long_below(source: SourceFile, call: ast.Call, columns: int) -> bool:
    """Tell whether the line of a call's first argument is too long, where that is not the line of the call."""
    items, opening, _ = _items(source, call)
    below = bool(items) and source.line_of(items[0].start) > source.line_of(opening)
    return below and _width(source, items[0].start) > columns


def _width(source: SourceFile, offset: int) -> int:
    """Return how long the line of an offset is."""
    return len(source.slice(source.line_at(offset)).rstrip("\r\n"))


def _below(source: SourceFile, around: Sequence[ast.expr]) -> list[Patch]:
    """Return the patches that write each of several arguments on a line of its own, where they share one below."""
    for node in around:
        assert isinstance(node, (ast.Call, ast.Dict))
        items, opening, end = _items(source, node)
        text = source.slice(Span(opening, end))
        alone = text.strip(" \t")[:1] in {"\r", "\n"} and not {"\r", "\n", "#"} & set(text.strip())
        if len(items) > 1 and alone:
            inner = source.newline + source.indent_at(items[0].start)
            last = items[-1].end
            made = [Patch(gap.start, gap.end, source.encode(f",{inner}")) for gap in _commas(source, items, end)]
            return made if source.slice(Span(last, end)).strip() else [*made, _insert(source, last, ",")]
    return []


def _link(source: SourceFile, index: Index, offset: int) -> ast.Call | None:
    """Return the call that ends with an offset: the last link of what was added."""
    ends = (call for call in index.calls if isinstance(call.func, ast.Attribute))
    return next((call for call in ends if source.span(call).end == offset + 1), None)


def _dot(source: SourceFile, call: ast.Call) -> int:
    assert isinstance(call.func, ast.Attribute)
    return source.data.rindex(b".", 0, source.span(call.func).end)


def _before(source: SourceFile, offset: int) -> str:
    return source.slice(Span(source.line_at(offset).start, offset))


def _is_on_line(source: SourceFile, node: ast.expr, offset: int) -> bool:
    span, line = source.span(node), source.line_of(offset)
    return source.line_of(span.start) == line == source.line_of(span.end)


def _holds(node: ast.AST, source: SourceFile, offset: int) -> TypeGuard[ast.Call | ast.Dict]:
    """Tell whether an offset lies in the arguments of a call, or in a dict."""
    return isinstance(node, ast.Dict) or (isinstance(node, ast.Call) and source.span(node.func).end <= offset)


def _links(chain: ast.Call) -> list[ast.Call]:
    """Return the calls of a chain that are called on what another one gives, the last one first."""
    found: list[ast.Call] = []
    node: ast.expr = chain
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        before = node.func.value
        if isinstance(before, ast.Call):
            found.append(node)
        node = before
    return found


def _bracketed(source: SourceFile, index: Index, chain: ast.Call, several_lines: bool) -> list[Patch]:
    """Return the patches that put a chain in brackets, each link on a line of its own; none where that cannot be."""
    span, links = source.span(chain), _links(chain)
    text = source.slice(span)
    is_value = isinstance(index.parents.get(chain), (ast.Assign, ast.AnnAssign, ast.Return, ast.keyword))
    if not links or not is_value or "\\" in text or ("\n" in text) != several_lines:
        return []
    if several_lines and _has_long_strings(chain):
        return []
    indent = source.indent_at(span.start)
    inner = source.newline + indent + step(indent)
    opening, closing = _OPENING.search(source.data[: span.start]), _CLOSING.match(source.data, span.end)
    if opening is not None and closing is not None:
        return [] if several_lines else list(_within_brackets(source, span, links, opening, closing))
    made = [_insert(source, span.start, f"({inner}")]
    made += [_insert(source, _dot(source, call), inner) for call in links]
    made += [_insert(source, span.end, f"{source.newline}{indent})")]
    return [*made, *_shifted(source, span, step(indent))] if several_lines else made


def _within_brackets(
    source: SourceFile, span: Span, links: list[ast.Call], opening: re.Match[bytes], closing: re.Match[bytes]
) -> Iterator[Patch]:
    """Yield the patches that put each link of a chain on a line of its own within the brackets that are there."""
    indent = source.indent_at(span.start)
    inner = source.newline + indent + ("" if opening[2] else step(indent))
    if not opening[2]:
        yield Patch(opening.start(1), span.start, source.encode(inner))
    for call in links:
        yield _insert(source, _dot(source, call), inner)
    if not opening[2] and b"\n" not in closing[0] and b"\r" not in closing[0]:
        yield _insert(source, span.end, source.newline + indent)


def _has_long_strings(node: ast.AST) -> bool:
    strings = (each for each in ast.walk(node) if isinstance(each, (ast.Constant, ast.JoinedStr)))
    return any(each.end_lineno != each.lineno for each in strings)


def _shifted(source: SourceFile, span: Span, indent: str) -> Iterator[Patch]:
    """Yield the patches that indent the lines of a span but its first."""
    for line in range(source.line_of(span.start) + 1, source.line_of(span.end) + 1):
        place = source.line_span(line)
        if source.slice(place).strip():
            yield _insert(source, place.start, indent)


def _opened(source: SourceFile, node: ast.Call | ast.Dict, columns: int) -> list[Patch]:
    """Return the patches that write what is in brackets below them: on one line where it fits, else one on each."""
    items, opening, end = _items(source, node)
    text = source.slice(Span(opening, end))
    if not items or "\n" in text or "\r" in text:
        return []
    indent = source.indent_at(opening)
    inner = source.newline + indent + step(indent)
    if len(indent + step(indent)) + len(text.strip()) <= columns and isinstance(node, ast.Call):
        return [_insert(source, opening, inner), _insert(source, end, source.newline + indent)]
    comma = "" if text.rstrip().endswith(",") else ","
    made = [_insert(source, opening, inner), _insert(source, end, comma + source.newline + indent)]
    return [
        *made,
        *(Patch(place.start, place.end, source.encode(f",{inner}")) for place in _commas(source, items, end)),
    ]


def _items(source: SourceFile, node: ast.Call | ast.Dict) -> tuple[list[Span], int, int]:
    """Return what is between the brackets of a call or dict, and where that begins and ends."""
    span = source.span(node)
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [source.span(value) for _, value in pairs], span.start + 1, span.end - 1
    items = sorted([*map(source.span, node.args), *map(source.span, node.keywords)])
    return items, source.data.index(b"(", source.span(node.func).end, span.end) + 1, span.end - 1


def _commas(source: SourceFile, items: list[Span], end: int) -> Iterator[Span]:
    """Yield the commas between arguments, each with the white space after it."""
    for item, following in zip(items, items[1:], strict=False):
        gap = re.search(rb",[ \t]*", source.data[item.end : end])
        if gap is not None and item.end + gap.start() < following.start:
            yield Span(item.end + gap.start(), item.end + gap.end())


def _insert(source: SourceFile, offset: int, text: str) -> Patch:
    return Patch(offset, offset, source.encode(text))


def step(indent: str) -> str:
    """Return one more level of indentation, in the characters of the indentation that is there."""
    return "\t" if "\t" in indent else "    "
