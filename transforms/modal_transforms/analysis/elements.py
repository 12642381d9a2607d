"""What a loop takes its items from: the expressions that an iterable is made of, where the code shows them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.index import Index
from modal_transforms.analysis.scopes import Binding, Scope

Item = tuple[ast.expr, Scope]
"""An expression, and the scope that it is evaluated in."""

_COPYING = frozenset({"list", "reversed", "set", "sorted", "tuple"})
_DEEPEST = 4


def items(index: Index, binding: Binding) -> list[Item]:
    """Return what a loop gives to its variable, all of it; empty where that cannot be told."""
    loop = binding.node
    if not isinstance(loop, (ast.For, ast.comprehension)) or not isinstance(loop.target, ast.Name):
        return []
    found = list(_items(index, loop.iter, index.scopes.get(loop.iter, binding.scope), _DEEPEST))
    return [] if None in found else [each for each in found if each is not None]


def _items(index: Index, node: ast.expr, scope: Scope, depth: int) -> Iterator[Item | None]:
    """Yield what an iterable holds, and ``None`` for what cannot be told."""
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        yield node.elt, index.inner[node]
    elif isinstance(node, (ast.List, ast.Tuple, ast.Set)) and not any(isinstance(e, ast.Starred) for e in node.elts):
        yield from ((each, scope) for each in node.elts)
    elif isinstance(node, ast.Name) and depth:
        yield from _of_name(index, node, scope, depth - 1)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _COPYING and node.args:
        yield from _items(index, node.args[0], scope, depth)
    else:
        yield None


def _of_name(index: Index, node: ast.Name, scope: Scope, depth: int) -> Iterator[Item | None]:
    bindings = scope.find(node.id, node.lineno)
    if len(bindings) != 1 or bindings[0].value is None:
        yield None
        return
    yield from _items(index, bindings[0].value, bindings[0].scope, depth)
    for method in index.attributes:
        owner = method.value
        if isinstance(owner, ast.Name) and owner.id == node.id and method.attr in {"append", "add"}:
            call = index.parents[method]
            if index.scopes[owner].find(node.id) == bindings and isinstance(call, ast.Call) and len(call.args) == 1:
                yield call.args[0], index.scopes[call.args[0]]
