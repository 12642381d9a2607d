"""The number that an expression is, where its text tells: ``60 * 20``, a constant of the file by its name."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable

from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.module import Module

Number = bool | int | float

_OPERATORS: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}
_DEEPEST = 8


def number(module: Module, node: ast.expr, depth: int = 0) -> Number | None:
    """Return the number that an expression surely is; ``None`` where that shows only at run time."""
    if depth > _DEEPEST:
        return None
    home, value = origin(module, node)
    if isinstance(value, ast.Constant):
        return _finite(value.value) if isinstance(value.value, (bool, int, float)) else None
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        inner = number(home, value.operand, depth + 1)
        return None if inner is None else -inner
    if not isinstance(value, ast.BinOp) or type(value.op) not in _OPERATORS:
        return None
    left, right = number(home, value.left, depth + 1), number(home, value.right, depth + 1)
    if left is None or right is None:
        return None
    try:
        return _finite(_OPERATORS[type(value.op)](left, right))
    except ArithmeticError:
        return None


def _finite(value: Number) -> Number | None:
    return None if isinstance(value, float) and not math.isfinite(value) else value
