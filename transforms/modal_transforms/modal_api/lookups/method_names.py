"""Functions that are looked up as ``Cls.method``."""

from __future__ import annotations

import ast

from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.module import Module


def names_a_method(module: Module, call: ast.Call) -> bool:
    """Tell whether a function is looked up as ``Cls.method``."""
    names = [*call.args[1:2], *(item.value for item in call.keywords if item.arg in {"name", "tag"})]
    return any(_has_dot(origin(module, name)[1]) for name in names)


def _has_dot(name: ast.expr) -> bool:
    if isinstance(name, (ast.JoinedStr, ast.BinOp)):
        return any(isinstance(part, ast.Constant) and "." in str(part.value) for part in ast.walk(name))
    if isinstance(name, ast.Call) and isinstance(name.func, ast.Attribute) and name.func.attr in {"format", "join"}:
        return _has_dot(name.func.value)
    return isinstance(name, ast.Constant) and isinstance(name.value, str) and "." in name.value
