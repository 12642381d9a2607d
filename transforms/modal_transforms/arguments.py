"""Take arguments out of calls and put them in, as byte patches; comments and layout stay."""

from __future__ import annotations

import re

from modal_transforms.layout import CannotRewrite, Item, Layout, call_layout
from modal_transforms.model import Span
from modal_transforms.patches import Patch
from modal_transforms.source import SourceFile

_LINE_END = re.compile(r"\r\n|\r|\n")


def remove_arguments(source: SourceFile, call: Span, arguments: set[Span]) -> list[Patch]:
    """Return the patches that take arguments out of one call (or entries out of a dict display)."""
    layout = call_layout(source, call)
    gone = [item for item in layout.items if item.span in arguments]
    if len(gone) != len(arguments):
        raise CannotRewrite("the argument is not where it was")
    spans = _merged([_deletion(source, layout, item, gone) for item in gone])
    if len(gone) == len(layout.items) and not _left_inside(source, layout.inside, spans).strip():
        spans = [layout.inside]
    return [Patch(span.start, span.end, b"") for span in spans]


def add_arguments(source: SourceFile, call: Span, texts: list[str], gone: set[Span]) -> list[Patch]:
    """Return the patches that append arguments to one call, in its own layout.

    ``gone`` are arguments of the same call that are taken out at the same time.
    """
    layout = call_layout(source, call)
    kept = [item for item in layout.items if item.span not in gone]
    if not kept:
        at = layout.inside.end if not layout.items else layout.inside.start
        return [Patch(at, at, source.encode(", ".join(texts)))]
    last = kept[-1]
    separator = f",{source.newline}{source.indent_at(last.span.start)}" if _own_line(source, last) else ", "
    if last.comma is None:
        text = "".join(separator + added for added in texts)
        return [Patch(last.span.end, last.span.end, source.encode(text))]
    text = "".join(separator.removeprefix(",") + added + "," for added in texts)
    if not _own_line(source, last):
        text = text.removesuffix(",")
        text += "," if source.data[last.end : layout.inside.end].strip(b" \t") == b"" else ""
    return [Patch(last.end, last.end, source.encode(text))]


def _own_line(source: SourceFile, item: Item) -> bool:
    start = source.line_span(source.line_of(item.span.start)).start
    return not source.data[start : item.span.start].strip()


def _deletion(source: SourceFile, layout: Layout, item: Item, gone: list[Item]) -> Span:
    """Return the bytes to delete for one item."""
    line = source.line_span(source.line_of(item.span.start))
    tail_line = source.line_span(source.line_of(item.end))
    tail = source.slice(Span(item.end, min(tail_line.end, layout.inside.end)))
    rest = tail.strip()
    ends_line = bool(_LINE_END.search(tail))
    own = _own_line(source, item) and line.start >= layout.inside.start
    position = layout.items.index(item)
    before = [other for other in layout.items[:position] if other not in gone]
    if own and not rest and ends_line:
        return Span(line.start, tail_line.end)
    if rest.startswith("#"):
        if own:
            return Span(item.span.start, item.end + len(source.encode(tail[: tail.index("#")])))
        start = before[-1].end if before and before[-1] is layout.items[position - 1] else item.span.start
        return Span(start, item.end)
    if position + 1 < len(layout.items) and not ends_line:
        return Span(item.span.start, layout.items[position + 1].span.start)
    if before and _is_last_kept(layout, item, gone):
        return _back_to(source, before[-1], item)
    if position + 1 < len(layout.items):
        previous = layout.items[position - 1].end if position else item.span.start
        return Span(previous, item.end)
    return Span(item.span.start, item.end)


def _is_last_kept(layout: Layout, item: Item, gone: list[Item]) -> bool:
    return all(other in gone for other in layout.items[layout.items.index(item) :])


def _back_to(source: SourceFile, previous: Item, item: Item) -> Span:
    """Return the bytes from the item kept before to the end of the last one, unless a comment lies between."""
    between = source.slice(Span(previous.end, item.span.start))
    if "#" in between:
        return Span(item.span.start, item.span.end if item.comma is None else item.end)
    return Span(previous.span.end, item.span.end)


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _left_inside(source: SourceFile, inside: Span, spans: list[Span]) -> str:
    left, at = "", inside.start
    for span in spans:
        left += source.slice(Span(at, max(at, span.start)))
        at = span.end
    return left + source.slice(Span(at, max(at, inside.end)))
