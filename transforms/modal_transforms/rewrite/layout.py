"""How a call is laid out in bytes: its arguments and commas, from its tokens, as many as its syntax tree has."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from modal_transforms.analysis.comments import tokens_in
from modal_transforms.analysis.parse import ParseFailure, parse
from modal_transforms.core.changes import CannotRewrite
from modal_transforms.core.model import Span
from modal_transforms.core.source import SourceFile

_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_UNTIL = {"lambda": ":", "for": "in"}
"""What begins a list of names, whose commas part no arguments, and what ends it."""
_NOTHING = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)


class Item(Struct, frozen=True):
    """An argument of a call or an entry of a dict, with the comma after it."""

    span: Span
    comma: Span | None

    @property
    def end(self) -> int:
        """Where the item ends, its comma included."""
        return self.comma.end if self.comma else self.span.end


class Layout(Struct, frozen=True):
    """The items between a pair of brackets. ``inside`` is what lies between the brackets."""

    inside: Span
    items: tuple[Item, ...]


class _Token(NamedTuple):
    """A token of a call, with where it begins and ends in the text of the call."""

    word: str
    """What it says; empty where that is neither a name nor an operator."""
    start: int
    end: int


def call_layout(source: SourceFile, call: Span) -> Layout:
    """Return the layout of the call (or the dict or list display) at a span; raises `CannotRewrite`."""
    text = f"({source.slice(call)}\n)"
    try:
        parsed = parse(SourceFile("", text.encode()))
        count = _count(parsed.tree)
        tokens = _tokens(parsed.masked or text)[1:-1]
    except (ParseFailure, SyntaxError, tokenize.TokenError) as error:
        raise CannotRewrite(f"it cannot be read again: {error}") from None

    def span(first: _Token, last: _Token) -> Span:
        start = call.start + len(source.encode(text[1 : first.start]))
        return Span(start, start + len(source.encode(text[first.start : last.end])))

    opening = _opening(tokens)
    items = tuple(
        Item(span(item[0], item[-1]), span(comma, comma) if comma else None)
        for item, comma in _parted(tokens[opening + 1 : -1])
    )
    if len(items) != count:
        raise CannotRewrite("it cannot be read again: its arguments cannot be told apart")
    return Layout(Span(span(tokens[opening], tokens[opening]).end, call.end - 1), items)


def _count(tree: ast.Module) -> int:
    """Return how many arguments or entries an expression has; raises `CannotRewrite` where it can have none."""
    statement = tree.body[0]
    node = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(node, ast.Call):
        return len(node.args) + len(node.keywords)
    if isinstance(node, ast.Dict):
        return len(node.values)
    if isinstance(node, ast.List):
        return len(node.elts)
    raise CannotRewrite("it is not a call")


def _tokens(text: str) -> list[_Token]:
    said = {tokenize.NAME, tokenize.OP}
    return [
        _Token(token.string if token.type in said else "", start, end)
        for start, end, token in tokens_in(text)
        if token.type not in _NOTHING
    ]


def _opening(tokens: Sequence[_Token]) -> int:
    """Return which token opens the bracket that the last one closes."""
    depth = 0
    for number in reversed(range(len(tokens))):
        depth += (tokens[number].word in _CLOSING) - (tokens[number].word in _OPENING)
        if depth == 0:
            return number
    raise CannotRewrite("it cannot be read again: its brackets do not match")


def _parted(tokens: Iterable[_Token]) -> Iterator[tuple[list[_Token], _Token | None]]:
    """Yield the tokens of each item, and the comma after it."""
    item: list[_Token] = []
    until: list[str] = []
    depth = 0
    for token in tokens:
        depth += (token.word in _OPENING) - (token.word in _CLOSING)
        if depth == 0 and token.word == "," and not until:
            yield item, token
            item = []
            continue
        if depth == 0 and token.word in _UNTIL:
            until.append(_UNTIL[token.word])
        elif depth == 0 and until and token.word == until[-1]:
            until.pop()
        item.append(token)
    if item:
        yield item, None
