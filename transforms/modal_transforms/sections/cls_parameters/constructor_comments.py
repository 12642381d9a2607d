"""The comments of a constructor, and where its brackets end: what has no place in a syntax tree."""

from __future__ import annotations

import io
import tokenize

from msgspec import Struct

from modal_transforms.analysis.comments import lines_of
from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Span


class Comment(Struct, frozen=True):
    """One comment: its line, its text, and whether it has the line for itself."""

    line: int
    text: str
    own: bool


class WrittenSignature(Struct, frozen=True):
    """The brackets after a function's name, with what is in them, and all comments of the function."""

    brackets: Span
    last_line: int
    """The line on which the brackets close."""
    comments: tuple[Comment, ...]


def read(home: Module, node: FunctionNode) -> WrittenSignature | None:
    """Return what can be seen in the text of a function only; ``None`` when it cannot be taken apart."""
    source = home.source
    start = source.line_span(node.lineno).start
    text = source.slice(Span(start, source.span(node).end))
    lines = lines_of(text)
    comments: list[Comment] = []
    depth, opening, closing = 0, None, None
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline=None).readline):
            row, column = token.start
            if token.type == tokenize.COMMENT:
                own = not lines[row - 1][:column].strip()
                comments.append(Comment(node.lineno + row - 1, token.string, own))
            elif token.type == tokenize.OP and token.string in "([{":
                opening = opening or token.start
                depth += 1
            elif token.type == tokenize.OP and token.string in ")]}":
                depth -= 1
                closing = closing or (token.end if not depth else None)
                if closing is not None and "#" not in text:
                    break
    except (tokenize.TokenError, SyntaxError):
        return None
    if opening is None or closing is None:
        return None
    places = [
        source.offset(node.lineno + row - 1, len(lines[row - 1][:column].encode()))
        for row, column in (opening, closing)
    ]
    return WrittenSignature(Span(*places), node.lineno + closing[0] - 1, tuple(comments))
