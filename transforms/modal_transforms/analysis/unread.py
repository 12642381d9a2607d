"""Variables that nothing reads once an argument that named them has gone."""

from __future__ import annotations

import ast

from modal_transforms.analysis.comment_lines import of_variable
from modal_transforms.analysis.definitions import definition, uses
from modal_transforms.analysis.index import walk
from modal_transforms.analysis.module import Module
from modal_transforms.core.changes import DropIfUnused

_WORK = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
"""Expressions that may do something besides giving a value."""


def drop_unread(module: Module, value: ast.expr) -> tuple[DropIfUnused, ...]:
    """Return the change that takes out the variable that a deleted value names, if no other file reads it."""
    found = definition(module, value) if isinstance(value, ast.Name) else None
    if found is None or found.module is not module or any(use.module is not module for use in uses(found)):
        return ()
    statement = found.statement
    said = any(node.value == found.name for node in module.index.strings)
    if said or found.binding.scope.is_class:
        return ()
    plain = isinstance(statement, ast.AnnAssign) or (isinstance(statement, ast.Assign) and _binds_one(statement))
    if not plain or found.value is None or any(isinstance(node, _WORK) for node in walk(found.value)):
        return ()
    return (DropIfUnused(module.source.path, module.source.span(statement), found.name, of_variable(found)),)


def _binds_one(statement: ast.Assign) -> bool:
    return len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name)
