"""The function that a call of Modal's ends in, as far as the program shows it."""

from __future__ import annotations

import ast

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.module import Module
from modal_transforms.modal_api.classes import bases, method


def callee(module: Module, node: ast.expr) -> FunctionNode | None:
    """Return the definition of a function, or of a method of a class that is seen; ``None`` for any other."""
    value = module.resolve(node)
    if value is not None and isinstance(value.node, FunctionNode):
        return value.node
    owner = module.resolve(node.value) if isinstance(node, ast.Attribute) else None
    if owner is None or not isinstance(node, ast.Attribute) or not isinstance(owner.node, ast.ClassDef):
        return None
    family = [owner.node, *(base for _, base, _ in bases(owner.module, owner.node) if base is not None)]
    return next((found for each in family if (found := method(each, node.attr)) is not None), None)


def is_method_of_modal(module: Module, node: ast.expr) -> bool:
    """Tell whether an attribute is a method that Modal runs: ``self.m`` in its class, ``A().m`` anywhere."""
    if not isinstance(node, ast.Attribute):
        return False
    owner = module.resolve(node.value)
    if owner is not None and owner.symbol == "modal.Obj()" and isinstance(owner.node, ast.ClassDef):
        return _is_marked(owner.module, method(owner.node, node.attr))
    home = next((each for each in module.index.ancestors(node) if _is_its_instance(module, each, node.value)), None)
    around = module.index.parents[home] if home is not None else None
    return isinstance(around, ast.ClassDef) and _is_marked(module, method(around, node.attr))


def _is_its_instance(module: Module, function: ast.AST, node: ast.expr) -> bool:
    """Tell whether a name is the instance in a method of a class of Modal's."""
    around = module.index.parents.get(function)
    if not isinstance(function, FunctionNode) or not isinstance(around, ast.ClassDef) or not isinstance(node, ast.Name):
        return False
    named = [*function.args.posonlyargs, *function.args.args]
    return (
        bool(named)
        and named[0].arg == node.id
        and any(symbol.removesuffix("()") == "modal.App().cls" for _, symbol in module.decorators(around))
    )


def _is_marked(module: Module, function: FunctionNode | None) -> bool:
    marks = module.decorators(function) if function is not None else ()
    return any(symbol.removesuffix("()") == "modal.method" for _, symbol in marks)


def is_generator(function: FunctionNode) -> bool:
    """Tell whether Modal takes a function for a generator: its decorator says so, or it yields itself."""
    said = [keyword(each, "is_generator") for each in function.decorator_list if isinstance(each, ast.Call)]
    for item in said:
        if item is not None and isinstance(item.value, ast.Constant) and item.value.value is not None:
            return bool(item.value.value)
    waiting: list[ast.AST] = list(function.body)
    for node in waiting:
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)
    return False
