"""The names of one import statement as bytes: put some in, take some out, keep order, layout and comments."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from modal_transforms.analysis.left_over import ANYTHING, comment_beside, speaks_only_of
from modal_transforms.analysis.modal_imports import ImportNode
from modal_transforms.core.model import Span
from modal_transforms.core.patches import Patch
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile
from modal_transforms.rewrite.arguments import add_after, own_line, remove_items
from modal_transforms.rewrite.layout import Item, Layout

_Order = Callable[[str], tuple[int, str]]
_COMMA_OR_COMMENT = pattern(r"#[^\r\n]*|,")


def change_names(source: SourceFile, statement: ImportNode, dropped: set[ast.alias], adopted: list[str]) -> list[Patch]:
    """Return the patches that take names out of an import and put others in.

    A list that was sorted stays sorted. At least one name is kept or adopted.
    """
    names = statement.names
    layout = _layout(source, statement)
    order = _order([alias.name for alias in names])
    slots: dict[int, list[str]] = {}
    for name in sorted(adopted, key=order or _by_kind):
        slots.setdefault(_position(names, dropped, order, name), []).append(name)
    patches: list[Patch] = []
    gone = set(dropped)
    for position, new in slots.items():
        replaced = _run_before(names, dropped, position)
        if replaced is not None:
            gone.discard(replaced)
            span = source.span(replaced)
            item = layout.items[names.index(replaced)]
            patches.append(Patch(span.start, span.end, _joined(source, layout, item, new, "")))
        elif position < len(names):
            item = layout.items[position]
            patches.append(Patch(item.span.start, item.span.start, _joined(source, layout, item, new, ",")))
        elif _in_brackets(source, statement):
            patches += add_after(source, layout, layout.items[-1], [], new)
        else:
            end = layout.items[-1].span.end
            patches.append(Patch(end, end, source.encode("".join(f", {name}" for name in new))))
    going = {source.span(alias) for alias in gone}
    said = _said_of(source, layout, [item for item in layout.items if item.span in going])
    return [*patches, *remove_items(source, layout, going, said)]


def _said_of(source: SourceFile, layout: Layout, items: Iterable[Item]) -> list[Span]:
    """Return the comments beside names of an import that go with them: each ends its line, and is alone on it."""
    found = []
    for item in items:
        beside = comment_beside(source, item.end)
        others = [each for each in layout.items if each is not item]
        alone = own_line(source, item) and source.line_of(item.end) not in {
            source.line_of(each.span.start) for each in others
        }
        if beside is not None and alone and speaks_only_of(source.slice(beside), ANYTHING):
            found.append(beside)
    return found


def _position(names: list[ast.alias], dropped: set[ast.alias], order: _Order | None, name: str) -> int:
    """Return the index before which a new name goes."""
    if order is not None:
        later = (i for i, alias in enumerate(names) if alias not in dropped and order(alias.name) > order(name))
        return next(later, len(names))
    return next((i + 1 for i, alias in enumerate(names) if alias in dropped), len(names))


def _run_before(names: list[ast.alias], dropped: set[ast.alias], position: int) -> ast.alias | None:
    """Return the first of the dropped names just before an index; the new name takes its place."""
    found = None
    for alias in reversed(names[:position]):
        if alias not in dropped:
            break
        found = alias
    return found


def _joined(source: SourceFile, layout: Layout, item: Item, names: list[str], end: str) -> bytes:
    at = item.span.start
    alone = own_line(source, item) and source.line_of(layout.inside.start) != source.line_of(at)
    between = source.newline + source.indent_at(at) if alone else " "
    text = f",{between}".join(names)
    return source.encode(text + end + between if end else text)


def _order(names: list[str]) -> _Order | None:
    """Return the order that the names are in, of those that import sorters use."""
    for order in (_by_kind, _by_letter):
        if names == sorted(names, key=order):
            return order
    return None


def _by_kind(name: str) -> tuple[int, str]:
    """Constants, classes, functions: the usual order of isort and Ruff."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name.casefold()


def _by_letter(name: str) -> tuple[int, str]:
    return 0, name.casefold()


def _in_brackets(source: SourceFile, statement: ImportNode) -> bool:
    end = source.span(statement).end
    return source.data[end - 1 : end] == b")"


def _layout(source: SourceFile, statement: ImportNode) -> Layout:
    spans = [source.span(alias) for alias in statement.names]
    start, end = spans[0].start, spans[-1].end
    if _in_brackets(source, statement):
        whole = source.span(statement)
        start = whole.start + source.data[whole.start : start].index(b"(") + 1
        end = whole.end - 1
    ends = [*(span.start for span in spans[1:]), end]
    items = tuple(Item(span, _comma(source, span.end, until)) for span, until in zip(spans, ends, strict=True))
    return Layout(Span(start, end), items)


def _comma(source: SourceFile, start: int, end: int) -> Span | None:
    text = source.slice(Span(start, end))
    for match in _COMMA_OR_COMMENT.finditer(text):
        if match[0] == ",":
            at = start + len(source.encode(text[: match.start()]))
            return Span(at, at + 1)
    return None
