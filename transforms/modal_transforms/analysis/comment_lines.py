"""Comment lines that stand right above a line, or belong to a variable."""

from __future__ import annotations

from modal_transforms.analysis.definitions import Definition
from modal_transforms.analysis.left_over import comment_beside, first_to_go
from modal_transforms.analysis.module import Module
from modal_transforms.core.changes import Span
from modal_transforms.core.source import SourceFile


def of_variable(variable: Definition) -> Span | None:
    """Return the comment lines right above a variable, where they are its alone: they go with it."""
    source = variable.module.source
    span = source.span(variable.statement)
    first = source.line_of(span.start)
    top = first_to_go(source, first, source.line_of(span.end))
    if top == first:
        return None
    return Span(source.line_span(top).start + len(source.indent_at(span.start)), _text_end(source, first - 1))


def around_variable(variable: Definition) -> Span | None:
    """Return the comments of a variable: as `of_variable`, with those in its statement and beside its end."""
    source = variable.module.source
    span, above = source.span(variable.statement), of_variable(variable)
    beside = comment_beside(source, span.end)
    if above is None and beside is None and "#" not in source.slice(span):
        return None
    return Span(above.start if above is not None else span.start, beside.end if beside is not None else span.end)


def _text_end(source: SourceFile, line: int) -> int:
    place = source.line_span(line)
    return place.start + len(source.encode(source.slice(place).rstrip()))


def comments_above(module: Module, line: int) -> list[tuple[Span, str]]:
    """Return the lines right above a line that are comments and nothing else, in order."""
    source, found = module.source, []
    while line > 1:
        line -= 1
        place = source.line_span(line)
        text = source.slice(place)
        if not text.lstrip().startswith("#"):
            break
        start = place.start + len(source.encode(text[: text.index("#")]))
        comment = text[text.index("#") :].rstrip()
        found.append((Span(start, start + len(source.encode(comment))), comment))
    return found[::-1]
