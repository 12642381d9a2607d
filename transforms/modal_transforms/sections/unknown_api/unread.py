"""Imports of what the target does not have, which nothing in the repository reads."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from modal_transforms.analysis.definitions import is_conditional, knowing
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Change, Choice, DropImport, RemoveStatement


def without_import(module: Module, nodes: Sequence[ast.AST]) -> Choice | None:
    """Return the choice to take out the one import that something is used by; ``None`` where it is read, or guarded."""
    alias = nodes[0]
    if len(nodes) > 1 or not isinstance(alias, ast.alias) or module.source.path.endswith("__init__.py"):
        return None
    statement = module.index.statement(alias)
    name = alias.asname or alias.name
    bindings = module.index.module.bindings.get(name, [])
    own = next((each for each in bindings if each.node is statement), None)
    if own is None or not isinstance(statement, ast.ImportFrom) or is_conditional(module, statement):
        return None
    here = (node for node in module.index.names if node.id == name and isinstance(node.ctx, ast.Load))
    if any(own in module.reaching(node) for node in here) or list(knowing(module, name)):
        return None
    if any(node.value == name for node in module.index.strings):
        return None
    change: Change = RemoveStatement(module.source.path, module.source.span(statement))
    if len(statement.names) > 1:
        if len(bindings) > 1:
            return None
        change = DropImport(module.source.path, name)
    return Choice("delete", "delete the import", "None: nothing reads the name.", (change,))
