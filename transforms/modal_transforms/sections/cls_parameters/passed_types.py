"""What callers pass for a parameter: of the declared type, of another one, which Modal refuses, or not to be told."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from modal_transforms.analysis.definitions import definitions
from modal_transforms.analysis.module import Module
from modal_transforms.sections.cls_parameters.call_sites import Caller, given_for
from modal_transforms.sections.cls_parameters.wire_types import Send, Wire

_MADE = {"str": "str", "repr": "str", "int": "int", "len": "int", "ord": "int", "round": "int", "bool": "bool"}
"""What functions of Python give back."""
_TEXTS = frozenset("format join strip lstrip rstrip lower upper title replace removeprefix removesuffix".split())
_WHOLE = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod)
_DEEPEST = 8


def unfitting(calls: Iterable[Caller], names: list[str], wires: Mapping[str, Wire]) -> Iterator[str]:
    """Say which calls pass a value that is of another type than is declared, or whose type only a run shows."""
    for caller in calls:
        for name, given in given_for([caller], names).items():
            made = wires.get(name)
            if made is None or made.send is not Send.AS_IS:
                continue
            for module, node in given:
                kinds = set(_types(module, node, _DEEPEST))
                wrong = sorted(kinds - {made.type} - ({"bool"} if made.type == "int" else set()))
                if wrong:
                    text = " ".join(module.source.written(node).split())
                    known = "whose type shows when it runs" if "" in wrong else f"which is of type {wrong[0]}"
                    yield f"{caller.place} passes `{text}` for {name}, {known}: Modal takes {made.type} alone"


def _types(module: Module, node: ast.expr, depth: int) -> Iterator[str]:
    """Yield the types that a value may be of; an empty text where that cannot be told."""
    if isinstance(node, ast.Constant):
        yield type(node.value).__name__
    elif isinstance(node, ast.JoinedStr):
        yield "str"
    elif isinstance(node, ast.Compare) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
        yield "bool"
    elif isinstance(node, ast.IfExp):
        yield from _types(module, node.body, depth)
        yield from _types(module, node.orelse, depth)
    elif isinstance(node, (ast.BinOp, ast.UnaryOp)):
        yield _calculated(module, node, depth)
    elif isinstance(node, ast.Call):
        yield _made(module, node)
    elif isinstance(node, (ast.Name, ast.Attribute)) and depth:
        yield from _bound(module, node, depth - 1)
    else:
        yield ""


def _calculated(module: Module, node: ast.BinOp | ast.UnaryOp, depth: int) -> str:
    parts = [node.left, node.right] if isinstance(node, ast.BinOp) else [node.operand]
    kinds = {kind for part in parts for kind in _types(module, part, depth)}
    if kinds == {"str"} and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return "str"
    is_whole = isinstance(node, ast.UnaryOp) or isinstance(node.op, _WHOLE)
    return "int" if is_whole and kinds <= {"int", "bool"} else ""


def _made(module: Module, call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Name) and not module.index.scopes[call].find(function.id):
        return _MADE.get(function.id, "") if function.id != "round" or len(call.args) == 1 else ""
    is_text = isinstance(function, ast.Attribute) and function.attr in _TEXTS
    return "str" if is_text and isinstance(function, ast.Attribute) and _is_text(function.value) else ""


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _bound(module: Module, node: ast.Name | ast.Attribute, depth: int) -> Iterator[str]:
    """Yield the types of what a name is bound to: by its annotation, its value, or the loop that it counts."""
    found = definitions(module, node)
    if not found:
        yield ""
    for each in found:
        if isinstance(each.binding.annotation, ast.Name):
            yield each.binding.annotation.id
        elif each.value is not None:
            yield from _types(each.module, each.value, depth)
        else:
            yield "int" if _counts(each.binding.node) else ""


def _counts(node: ast.AST) -> bool:
    """Tell whether a loop goes over ``range``."""
    loop = node.iter if isinstance(node, (ast.For, ast.comprehension)) else None
    return isinstance(loop, ast.Call) and isinstance(loop.func, ast.Name) and loop.func.id == "range"
