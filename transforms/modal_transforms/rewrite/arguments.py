"""Take arguments out of calls and put them in, as byte patches; comments and layout stay.

Entries of dict displays are arguments here as well. What is taken out goes with its comma and its lines; comments
on it, in it and after it are kept, on lines of their own where they have to be.
"""

from __future__ import annotations

import ast
import itertools
import tokenize
from collections.abc import Collection
from functools import cached_property

from msgspec import Struct

from modal_transforms.analysis.comments import comments_in
from modal_transforms.analysis.left_over import first_to_go
from modal_transforms.core.changes import CannotRewrite
from modal_transforms.core.model import Span
from modal_transforms.core.patches import Patch
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile
from modal_transforms.rewrite.layout import Item, Layout, call_layout
from modal_transforms.rewrite.line_length import usual_length

_BLANK_LINE_END = pattern(r"[ \t\f]*(\r\n|\r|\n)")
_BLANK_THEN_COMMENT = pattern(r"[ \t\f]*(?=#)")
_COMMENT_AFTER = pattern(r"[ \t\f]*#[^\r\n]*")
_INDENT = "    "


def change_arguments(
    source: SourceFile,
    call: Span,
    gone: set[Span],
    texts: list[str],
    taken: Collection[Span] = (),
    others: Collection[Patch] = (),
) -> list[Patch]:
    """Return the patches that take arguments out of one call and append others, in its own layout.

    Comments stay, but for those ``taken`` with the arguments. ``others`` are patches of other changes.
    """
    layout = call_layout(source, call)
    if not gone <= {item.span for item in layout.items}:
        raise CannotRewrite("the argument is not where it was")
    kept = [item for item in layout.items if item.span not in gone]
    if not kept and not _comments(source, layout.inside, taken):
        return [Patch(layout.inside.start, layout.inside.end, source.encode(", ".join(texts)))]
    removal = _on_one_line(source, layout, kept, taken) if gone else []
    if removal and not any(gap.start <= other.start < gap.end for gap in removal for other in others):
        return [*removal, *_added_on_line(source, kept[-1], texts)]
    removal = remove_items(source, layout, gone, taken, leaves=not texts)
    return [*removal, *_addition(source, layout, kept, removal, texts)] if texts else removal


def _on_one_line(source: SourceFile, layout: Layout, kept: list[Item], taken: Collection[Span]) -> list[Patch]:
    """Return the patches that leave what stays beside its brackets; none where it would not fit there.

    That is one argument, or several on one line of their own that no comma ends: a formatter joins such lines.
    """
    if not kept or (len(kept) > 1 and layout.items[-1].comma is not None):
        return []
    inside, only = layout.inside, Span(kept[0].span.start, kept[-1].span.end)
    several = source.line_of(inside.start) != source.line_of(inside.end)
    if not several or _comments(source, inside, taken):
        return []
    first, last = source.line_at(inside.start), source.line_at(inside.end)
    text = source.slice(Span(first.start, inside.start)) + ", ".join(source.slice(item.span) for item in kept)
    text += source.slice(Span(inside.end, last.end))
    if source.line_of(only.start) != source.line_of(only.end) or len(text.rstrip()) > usual_length(source):
        return []
    places = [layout.items.index(item) for item in kept]
    between = [(kept[n], kept[n + 1]) for n in range(len(kept) - 1) if places[n + 1] > places[n] + 1]
    gaps = [Patch(item.span.end, following.span.start, b", ") for item, following in between]
    return [Patch(inside.start, only.start, b""), *gaps, Patch(only.end, inside.end, b"")]


def _added_on_line(source: SourceFile, last: Item, texts: list[str]) -> list[Patch]:
    return [Patch(last.span.end, last.span.end, source.encode("".join(f", {text}" for text in texts)))] if texts else []


def remove_items(
    source: SourceFile, layout: Layout, gone: set[Span], taken: Collection[Span] = (), leaves: bool = False
) -> list[Patch]:
    """Return the patches that take items out of a list in brackets.

    With ``leaves``, nothing comes in their place: comments above them that would stand over nothing go as well.
    """
    return [_Run(source, layout, items, taken, leaves).removal() for items in _runs(layout, gone)]


def _runs(layout: Layout, gone: set[Span]) -> list[list[Item]]:
    """Return the arguments to take out, neighbours together."""
    grouped = itertools.groupby(layout.items, key=lambda item: item.span in gone)
    return [list(items) for is_gone, items in grouped if is_gone]


class _Run(Struct, dict=True):
    """Neighbouring arguments that all go."""

    source: SourceFile
    layout: Layout
    items: list[Item]
    taken: Collection[Span]
    leaves: bool

    @cached_property
    def span(self) -> Span:
        """The bytes from the first argument to the comma of the last, with the comments around that are taken."""
        start = self.before.end if self.before is not None else self.layout.inside.start
        end = self.after.span.start if self.after is not None else self.layout.inside.end
        around = [span for span in self.taken if Span(start, end).contains(span)]
        starts = [self.items[0].span.start, *(span.start for span in around)]
        return Span(min(starts), max([self.items[-1].end, *(span.end for span in around)]))

    @property
    def before(self) -> Item | None:
        """The argument that stays before these."""
        position = self.layout.items.index(self.items[0])
        return self.layout.items[position - 1] if position else None

    @property
    def after(self) -> Item | None:
        """The argument that stays after these."""
        return next(iter(self.layout.items[self.layout.items.index(self.items[-1]) + 1 :]), None)

    def removal(self) -> Patch:
        """Return the patch that takes the arguments out."""
        tail = self.source.slice(Span(self.span.end, self.layout.inside.end))
        comments = _comments(self.source, self.span, self.taken)
        if comments:
            return self._leaving(comments, tail)
        own = _begins_line(self.source, self.span.start)
        ends_line = _BLANK_LINE_END.match(tail)
        commented = _BLANK_THEN_COMMENT.match(tail)
        if self.after is None and not commented and self._follows_closely():
            return self._last()
        if own and ends_line:
            line = self.source.line_span(self._first_line())
            return self._patch(line.start, self._past_blank(line.start, self.span.end + self._length(ends_line[0])))
        if own and commented:
            return self._patch(self.span.start, self.span.end + self._length(commented[0]))
        if self.after is None:
            return self._patch(self.span.start, self.span.end)
        if self.before is not None and not own and (ends_line or commented):
            return self._patch(self.before.end, self.span.end)
        end = self.span.end if "#" in self._gap(self.span.end, self.after.span.start) else self.after.span.start
        return self._patch(self.span.start, end)

    def _first_line(self) -> int:
        """Return the first line that goes: of comments that would stand over nothing, else of the arguments."""
        first = self.source.line_of(self.span.start)
        if not self.leaves:
            return first
        top = first_to_go(self.source, first, self.source.line_of(self.span.end))
        floor = self.before.end if self.before is not None else self.layout.inside.start
        return max(top, min(first, self.source.line_of(floor) + 1))

    def _past_blank(self, start: int, end: int) -> int:
        """Return where to end so that of blank lines before and after what goes only those before stay."""
        source = self.source
        above = source.line_span(max(1, source.line_of(start) - 1))
        if above.start == start or source.slice(above).strip():
            return end
        while end < self.layout.inside.end and not source.slice(below := source.line_at(end)).strip():
            end = below.end
        return end

    def _follows_closely(self) -> bool:
        """Tell whether no comment lies between these arguments and the one that stays before them."""
        return self.before is not None and "#" not in self._gap(self.before.end, self.span.start)

    def _last(self) -> Patch:
        """Take out the last arguments, and the comma before them where there was none after them."""
        before = self.before
        assert before is not None
        assert before.comma is not None
        if self.items[-1].comma is not None:
            return self._patch(before.end, self.span.end)
        commented = "#" in self._gap(before.span.end, before.comma.start)
        return self._patch(before.comma.start if commented else before.span.end, self.span.end)

    def _leaving(self, comments: list[str], tail: str) -> Patch:
        """Put the comments that were in and between the arguments in their place."""
        own = _begins_line(self.source, self.span.start)
        indent = self.source.indent_at(self.span.start) + ("" if own else _INDENT)
        start, end = self.span.start, self.span.end
        commented = _BLANK_THEN_COMMENT.match(tail)
        lines = (self.source.newline + indent).join(comments)
        if commented:
            end += self._length(commented[0])
        elif self.after is not None and not _BLANK_LINE_END.match(tail):
            end = self.after.span.start
        if not _BLANK_LINE_END.match(tail):
            lines += self.source.newline + indent
        spaces = "" if own else "  "
        while spaces and self.source.data[start - 1 : start] == b" ":
            start -= 1
        return Patch(start, end, self.source.encode(spaces + lines))

    def _patch(self, start: int, end: int) -> Patch:
        return Patch(start, end, b"")

    def _gap(self, start: int, end: int) -> str:
        return self.source.slice(Span(start, end))

    def _length(self, text: str) -> int:
        return len(self.source.encode(text))


def own_line(source: SourceFile, item: Item) -> bool:
    """Tell whether nothing but white space stands before an item on its line."""
    return _begins_line(source, item.span.start)


def _begins_line(source: SourceFile, offset: int) -> bool:
    return not source.data[source.line_at(offset).start : offset].strip()


def _comments(source: SourceFile, span: Span, taken: Collection[Span]) -> list[str]:
    """Return the comments in a stretch between brackets, but for those that are taken."""
    text = source.slice(span)
    if "#" not in text:
        return []
    try:
        found = comments_in(f"({text}\n)")
    except (tokenize.TokenError, SyntaxError) as error:
        raise CannotRewrite(f"its comments cannot be told from its text: {error}") from None
    kept = []
    for at, comment in found:
        start = span.start + len(source.encode(text[: at - 1]))
        if not any(each.contains(Span(start, start)) for each in taken):
            kept.append(comment)
    return kept


def _addition(
    source: SourceFile, layout: Layout, kept: list[Item], removal: list[Patch], texts: list[str]
) -> list[Patch]:
    """Return the patches that append arguments, before any ``**`` that ends the call."""
    if not kept:
        return [_only(source, layout, texts)]
    is_call = source.data[layout.inside.start - 1 : layout.inside.start] == b"("
    stars = list(itertools.takewhile(lambda item: is_call and _is_double_star(source, item), reversed(kept)))
    if stars:
        at = stars[-1].span.start
        between = source.newline + source.indent_at(at) if own_line(source, stars[-1]) else " "
        return [Patch(at, at, source.encode("".join(f"{text},{between}" for text in texts)))]
    return [*_in_brackets(source, layout), *add_after(source, layout, kept[-1], removal, texts)]


def add_after(source: SourceFile, layout: Layout, last: Item, removal: list[Patch], texts: list[str]) -> list[Patch]:
    """Return the patches that write items after the last one that stays, when ``removal`` is made as well."""
    separator = source.newline + source.indent_at(last.span.start) if own_line(source, last) else " "
    trailing = "," if layout.items[-1].comma is not None else ""
    text = f",{separator}".join(texts) + trailing
    comma = last.comma
    if comma is not None and any(patch.start <= comma.start < patch.end for patch in removal):
        comma = None
    end = last.end if comma is not None else last.span.end
    comment = _COMMENT_AFTER.match(source.slice(Span(end, layout.inside.end)))
    if comment is None or separator == " ":
        start = "" if comma is not None else ","
        return [Patch(end, end, source.encode(start + separator + text))]
    at = end + len(source.encode(comment[0]))
    missing = [] if comma is not None else [Patch(end, end, b",")]
    return [*missing, Patch(at, at, source.encode(separator + text))]


def _only(source: SourceFile, layout: Layout, texts: list[str]) -> Patch:
    """Return the patch that writes arguments between brackets that hold nothing but comments."""
    closing = source.line_at(layout.inside.end).start
    if source.data[closing : layout.inside.end].strip():
        return Patch(layout.inside.end, layout.inside.end, source.encode(", ".join(texts)))
    indent = source.indent_at(layout.items[0].span.start if layout.items else layout.inside.end)
    if not layout.items:
        indent += _INDENT
    lines = "".join(f"{indent}{text},{source.newline}" for text in texts)
    return Patch(closing, closing, source.encode(lines))


def _is_double_star(source: SourceFile, item: Item) -> bool:
    return source.data[item.span.start : item.span.start + 2] == b"**"


def _in_brackets(source: SourceFile, layout: Layout) -> list[Patch]:
    """Put brackets around a bare generator, which may only stand alone in a call."""
    span = layout.items[0].span
    if len(layout.items) != 1 or not _is_bare_generator(source.slice(span)):
        return []
    return [Patch(span.start, span.start, b"("), Patch(span.end, span.end, b")")]


def _is_bare_generator(text: str) -> bool:
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        pass
    else:
        return False
    try:
        return isinstance(ast.parse(f"({text}\n)", mode="eval").body, ast.GeneratorExp)
    except SyntaxError:
        return False
