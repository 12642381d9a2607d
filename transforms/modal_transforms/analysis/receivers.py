"""Receivers that are apps by what they stand over: ``@x.function(...)`` above ``@modal.web_endpoint()``.

What `modal.method`, `modal.web_endpoint` and their like give is taken by a Modal app alone, so that ``x`` is one even
where it cannot be seen where it comes from.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from modal_transforms.analysis.index import Index
from modal_transforms.core.modal_names import is_marker

METHODS = frozenset({"function", "cls"})
Receiver = tuple[str, int]
"""How a receiver is written, and which scope binds its first name."""


def receiver(index: Index, node: ast.expr) -> Receiver | None:
    """Return what tells a receiver from others: ``app``, ``self.app``; ``None`` where no name of the file begins it."""
    root = node
    while isinstance(root, ast.Attribute):
        root = root.value
    bindings = index.scopes[root].find(root.id) if isinstance(root, ast.Name) else []
    return (ast.unparse(node), id(bindings[0].scope)) if bindings else None


def over_markers(index: Index, symbol: Callable[[ast.expr], str]) -> frozenset[Receiver]:
    """Return the receivers whose ``function`` or ``cls`` stands over Modal's own decorators, told by their symbols."""
    found: set[Receiver] = set()
    for definition in (*index.functions, *index.classes):
        owners = [owner for each in definition.decorator_list if (owner := _owner(each)) is not None]
        if owners and any(is_marker(name) for name in map(symbol, _below(definition)) if name.startswith("modal.")):
            found.update(known for owner in owners if (known := receiver(index, owner)) is not None)
    return frozenset(found)


def _owner(decorator: ast.expr) -> ast.expr | None:
    """Return the ``x`` of ``@x.function(...)``."""
    method = decorator.func if isinstance(decorator, ast.Call) else decorator
    return method.value if isinstance(method, ast.Attribute) and method.attr in METHODS else None


def _below(definition: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[ast.expr]:
    """Yield the other decorators of a function, or those of the methods of a class."""
    inner = definition.body if isinstance(definition, ast.ClassDef) else []
    functions = [node for node in inner if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    for node in (definition, *functions):
        yield from (each for each in node.decorator_list if _owner(each) is None)
