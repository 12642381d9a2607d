"""What a type annotation of the SDK says about the value, as far as the value is Modal's.

A result is written as the dotted home of a class, with a sign before it for what has to be done to get there:
``()`` call it, ``*`` iterate over it, ``~`` enter it as a context. Everything else is the empty string.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

Resolve = Callable[[str], str]
"""Turn a name as a module spells it into the dotted home of what it means."""

_SAME = frozenset({"Optional", "Union", "ClassVar", "Final", "Annotated", "Awaitable"})
_MANY = frozenset(
    "list List set Set frozenset tuple Tuple Sequence Collection Iterable Iterator Generator "
    "AsyncIterable AsyncIterator AsyncGenerator AsyncOrSyncIterable Deque deque".split()
)
_CONTEXTS = frozenset(
    "ContextManager AsyncContextManager AbstractContextManager AbstractAsyncContextManager "
    "AsyncAndBlockingContextManager _AsyncGeneratorContextManager".split()
)


def result(annotation: ast.expr | None, resolve: Resolve) -> str:
    """Return what an annotation promises; the empty string where that is no type of Modal's or not one alone."""
    match annotation:
        case ast.Constant(value=str(text)):
            return result(_parsed(text), resolve)
        case ast.Name() | ast.Attribute():
            return _named(ast.unparse(annotation), resolve)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _single([result(left, resolve), result(right, resolve)])
        case ast.Subscript(value=base, slice=inner):
            return _subscript(ast.unparse(base), inner, resolve)
    return ""


def _subscript(base: str, inner: ast.expr, resolve: Resolve) -> str:
    kind = base.rpartition(".")[2]
    found = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if kind in _SAME:
        return _single([result(each, resolve) for each in found])
    if kind == "Coroutine":
        return result(found[-1], resolve)
    if kind == "Callable":
        return _prefixed("()", result(found[-1], resolve))
    if kind in _MANY:
        return _prefixed("*", result(found[0], resolve))
    if kind in _CONTEXTS:
        return _prefixed("~", result(found[0], resolve))
    return _named(base, resolve)


def _named(name: str, resolve: Resolve) -> str:
    if name.rpartition(".")[2] in {"Self", "SUPERSELF"}:
        return "Self"
    home = resolve(name)
    return home if home.startswith("modal.") else ""


def _prefixed(sign: str, inner: str) -> str:
    return sign + inner if inner else ""


def _single(found: list[str]) -> str:
    named = {each for each in found if each}
    return named.pop() if len(named) == 1 else ""


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None
