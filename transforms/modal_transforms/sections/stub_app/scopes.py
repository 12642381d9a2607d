"""Which names of a file are one variable, and whether that can take another name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from modal_transforms.analysis.index import Scope
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Span


def scope_of(module: Module, node: ast.Name, name: str) -> Scope | None:
    """Return the scope in which a name would be found at a node; ``None`` where nothing binds it."""
    first = module.index.scopes.get(node, module.index.module)
    scope: Scope | None = first
    while scope is not None:
        found = scope.bindings.get(name)
        if found and (not scope.is_class or (scope is first and any(_is_before(each.node, node) for each in found))):
            return scope
        scope = scope.parent
    return None


def _is_before(binding: ast.AST, node: ast.Name) -> bool:
    """Tell whether what binds a name in a class body has done so when a node of that body is run."""
    line, column = getattr(binding, "lineno", 0), getattr(binding, "col_offset", 0)
    if isinstance(binding, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        line, column = binding.end_lineno or line, binding.end_col_offset or column
    return (line, column) <= (node.lineno, node.col_offset) or isinstance(node.ctx, ast.Store)


def is_top(scope: Scope | None) -> bool:
    """Tell whether a scope is that of a whole file, or of a program in it."""
    return scope is not None and isinstance(scope.node, ast.Module)


def global_names(module: Module, name: str) -> list[ast.Name]:
    """Return the places that read or bind a global name."""
    return [node for node in module.index.names if node.id == name and is_top(scope_of(module, node, name))]


def unbound_names(module: Module, name: str) -> list[ast.Name]:
    """Return the places that read a name which nothing in the file binds by itself."""
    return [node for node in module.index.names if node.id == name and scope_of(module, node, name) is None]


def declared(module: Module, name: str) -> Iterator[Span]:
    """Yield where ``global`` says a name."""
    if b"global" not in module.source.data:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Global) and name in node.names:
            start = module.source.span(node).start
            text = module.source.written(node)
            for match in re.finditer(rf"\b{name}\b", text):
                at = start + len(module.source.encode(text[: match.start()]))
                yield Span(at, at + len(name))


def taken_at(module: Module, nodes: Sequence[ast.Name], name: str) -> int:
    """Return the line at which a name is taken that a variable with these places wants; 0 where it is free.

    It is taken by what the file binds, by what a function that reads the variable binds, and by what the file reads
    without binding it: that comes from elsewhere.
    """
    bound = module.index.module.bindings.get(name, [])
    for node in nodes:
        scope = scope_of(module, node, name)
        bound = [*bound, *(scope.bindings[name] if scope is not None else ())]
    lines = [getattr(binding.node, "lineno", 1) for binding in bound]
    return min([*lines, *(node.lineno for node in unbound_names(module, name))], default=0)


def is_written_there(module: Module, node: ast.Name) -> bool:
    """Tell whether a name stands where the parser says; in formatted strings some versions of Python err."""
    return module.source.written(node) == node.id
