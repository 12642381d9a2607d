"""Comment lines that stand right above a line, or belong to a variable."""

from __future__ import annotations

from modal_transforms.analysis.definitions import Definition
from modal_transforms.analysis.module import Module
from modal_transforms.core.changes import Span


def of_variable(variable: Definition) -> Span | None:
    """Return the comment lines right above a variable, where nothing else follows them."""
    source = variable.module.source
    span = source.span(variable.statement)
    above = comments_above(variable.module, source.line_of(span.start))
    following = source.line_of(span.end) + 1
    alone = following > len(source.line_starts) or not source.slice(source.line_span(following)).strip()
    if not above or not alone:
        return None
    return Span(above[0][0].start, above[-1][0].end)


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
