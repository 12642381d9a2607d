"""Comments of mounts go where the files go: nothing is left over nothing."""

from __future__ import annotations

import tokenize
from collections.abc import Iterable

from msgspec.structs import replace

from modal_transforms.analysis.comment_lines import comments_above
from modal_transforms.analysis.comments import comments_in
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddLine, Change, Extend, Span
from modal_transforms.core.patterns import pattern

_AFTER = pattern(rb",?[ \t]*(#[^\r\n]*)")


def kept_above(module: Module, argument: Span, made: str, others: Iterable[str] = ()) -> list[Change]:
    """Return the changes that keep comments inside an argument that goes, and not in what is made of it, above it.

    ``others`` are comments of what goes with it elsewhere.
    """
    lines = [text for _, text in inside(module, argument) if text not in made]
    return lines_above(module, argument, [*lines, *others])


def lines_above(module: Module, argument: Span, lines: list[str]) -> list[Change]:
    """Return the changes that write comments above an argument."""
    source = module.source
    if not lines:
        return []
    line = source.line_at(argument.start)
    begins = not source.slice(Span(line.start, argument.start)).strip()
    anchor = argument if begins else Span(source.line_at(argument.start).start, argument.start)
    return [AddLine(source.path, anchor, "\n".join(lines), before=True)]


def inside(module: Module, span: Span) -> list[tuple[Span, str]]:
    """Return the comments within a span, with their places."""
    source, text = module.source, module.source.slice(span)
    if "#" not in text:
        return []
    try:
        found = comments_in(f"({text}\n)")
    except (tokenize.TokenError, IndentationError):
        return []
    starts = [(span.start + len(source.encode(text[: at - 1])), comment) for at, comment in found]
    return [(Span(start, start + len(source.encode(comment))), comment) for start, comment in starts]


def of_argument(module: Module, argument: Span) -> list[tuple[Span, str]]:
    """Return the comments of an argument: within it, on lines of their own above it, and after it on its last line."""
    source = module.source
    found = inside(module, argument)
    first = source.line_of(argument.start)
    if not source.slice(Span(source.line_span(first).start, argument.start)).strip():
        found = [*comments_above(module, first), *found]
    after = _AFTER.match(source.data, argument.end)
    if after:
        place = Span(after.start(1), after.end(1))
        found.append((place, source.slice(place).rstrip()))
    return found


def moved(module: Module, added: Iterable[Change], texts: list[str]) -> list[Change] | None:
    """Return the changes that add calls with comments above the first of them; ``None`` where they have no place."""
    changes = list(added)
    first = next((i for i, each in enumerate(changes) if isinstance(each, Extend)), None)
    if first is None or not texts:
        return None
    change = changes[first]
    assert isinstance(change, Extend)
    separator = change.text[: change.text.index(".")]
    if "\\" in separator:
        return None
    if separator.strip(" \t"):
        lines = "".join(separator + text for text in texts)
        return [*changes[:first], replace(change, text=lines + change.text), *changes[first + 1 :]]
    return [*changes, AddLine(change.path, change.expression, "\n".join(texts), before=True)]
