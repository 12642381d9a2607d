"""What nodes of a syntax tree say by themselves, whatever their names stand for."""

from __future__ import annotations

import ast

from modal_transforms.analysis.index import Index


def is_none(node: ast.expr | None) -> bool:
    """Tell whether an expression is written ``None``."""
    return isinstance(node, ast.Constant) and node.value is None


def text_of(node: ast.AST | None) -> str | None:
    """Return the value of a string literal; ``None`` for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def is_constant(statement: ast.stmt) -> bool:
    """Tell whether a statement is only a docstring, another literal, or ``...``."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def root_of(node: ast.expr) -> ast.expr:
    """Return what a chain of attributes, calls and subscripts begins with."""
    while isinstance(node, (ast.Attribute, ast.Call, ast.Await, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node


def is_annotation(index: Index, node: ast.AST) -> bool:
    """Tell whether a node is an annotation, or part of one."""
    inside = node
    for around in index.ancestors(node):
        if isinstance(around, (ast.arg, ast.AnnAssign)):
            return around.annotation is inside
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return around.returns is inside
        if isinstance(around, (ast.stmt, ast.Call)):
            return False
        inside = around
    return False


def call_of(index: Index, node: ast.AST) -> ast.Call | None:
    """Return the call of what a node gives, where it is called right there."""
    around = index.parents.get(node)
    return around if isinstance(around, ast.Call) and around.func is node else None
