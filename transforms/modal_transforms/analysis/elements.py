"""What a loop takes its items from: the expressions that an iterable is made of, where the code shows them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.index import Index
from modal_transforms.analysis.scopes import Binding, Scope

Item = tuple[ast.expr, Scope]
"""An expression, and the scope that it is evaluated in."""

_COPYING = frozenset({"list", "reversed", "set", "sorted", "tuple"})
_ASKING = frozenset({"all", "any", "bool", "enumerate", "len", "max", "min", "print", "zip"})
_FILLING = frozenset({"add", "append"})
_READING = frozenset({"clear", "copy", "count", "index", "pop", "remove", "reverse", "sort"})
_HARMLESS = (ast.For, ast.comprehension, ast.Starred, ast.Return, ast.If, ast.While, ast.IfExp, ast.Compare, ast.Assert)
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
    for read in index.names_called(node.id):
        if isinstance(read.ctx, ast.Load) and index.scopes[read].find(read.id) == bindings:
            yield from _from_use(index, read)


def _from_use(index: Index, read: ast.Name) -> Iterator[Item | None]:
    """Yield what a use of a list puts into it, and ``None`` where it may put in anything."""
    around = index.parents[read]
    call = index.parents.get(around)
    if isinstance(around, ast.Attribute) and isinstance(call, ast.Call) and call.func is around:
        if around.attr in _FILLING and len(call.args) == 1:
            yield call.args[0], index.scopes[call.args[0]]
        elif around.attr not in _READING:
            yield None
    elif isinstance(around, ast.Call):
        if not isinstance(around.func, ast.Name) or around.func.id not in _COPYING | _ASKING:
            yield None
    elif not isinstance(around, _HARMLESS) and not (isinstance(around, ast.Subscript) and _is_read(around)):
        yield None


def _is_read(node: ast.Subscript) -> bool:
    return isinstance(node.ctx, ast.Load)


def hands_on(scope: Scope, name: str) -> bool:
    """Tell whether ``import *`` of a file with this namespace brings a name that it binds."""
    told = scope.bindings.get("__all__", [])
    values = [binding.value for binding in told]
    if len(values) != 1 or not isinstance(values[0], (ast.List, ast.Tuple)):
        return not name.startswith("_")
    return any(isinstance(each, ast.Constant) and each.value == name for each in values[0].elts)
