"""Why a constructor cannot be taken apart, in words for the person who has to do it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.definitions import knowing
from modal_transforms.analysis.index import walk
from modal_transforms.analysis.module import Module
from modal_transforms.modal_api.classes import ModalClass, bases, is_same
from modal_transforms.sections.cls_parameters.constructor import Constructor


def obstacle(found: ModalClass, constructor: Constructor) -> str:
    """Return the first reason against a rewrite; an empty text when there is none."""
    return (
        _of_signature(constructor) or _of_body(constructor) or _of_class(constructor) or _of_users(found, constructor)
    )


def _of_signature(constructor: Constructor) -> str:
    arguments = constructor.node.args
    if constructor.node.decorator_list:
        return "it is decorated"
    if not constructor.named:
        return "it has no argument for the instance"
    extra = arguments.vararg or arguments.kwarg
    if extra is not None:
        return f"it takes {'*' if arguments.vararg else '**'}{extra.arg}, and parameters are declared one by one"
    again = _defined_again(constructor)
    if again:
        return f"{constructor.owner.name} is defined again at line {again}"
    definitions = [item for item in constructor.owner.body if getattr(item, "name", "") == "__init__"]
    return "it is defined more than once" if len(definitions) > 1 else ""


def _defined_again(constructor: Constructor) -> int:
    """Return the line that gives the class's name another meaning; 0 when there is none."""
    home, owner = constructor.home, constructor.owner
    for binding in home.index.scopes[owner].bindings.get(owner.name, []):
        value = home.resolve_binding(binding)
        if value is None or not is_same(value.node, owner):
            return getattr(binding.node, "lineno", owner.lineno)
    return 0


def _of_body(constructor: Constructor) -> str:
    for node in walk(constructor.node):
        if isinstance(node, ast.Attribute) and node.attr == "__init__":
            parent = constructor.home.index.parents.get(node)
            if not (isinstance(parent, ast.Call) and not parent.args and not parent.keywords and _is_super(node.value)):
                return f"it calls another constructor at line {node.lineno}"
            if constructor.home.index.statement(node) not in constructor.node.body:
                return f"it calls another constructor at line {node.lineno}, in a branch"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"locals", "vars"}:
            return f"it uses {node.func.id}() at line {node.lineno}"
    return ""


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _of_class(constructor: Constructor) -> str:
    scope = constructor.home.index.inner[constructor.owner]
    for item in constructor.parameters:
        taken = [b for b in scope.bindings.get(item.name, []) if b.value is not None or b.annotation is None]
        if taken:
            line = getattr(taken[0].node, "lineno", constructor.owner.lineno)
            return f"the class already has something called {item.name} (line {line})"
        if item.name.startswith("__") and not item.name.endswith("__"):
            return f"the name {item.name} is private to the class, and callers could not say it"
    return ""


def order_obstacle(constructor: Constructor) -> str:
    """Return what would run before the method that the constructor becomes, although it ran after it until now.

    Enter methods run base classes first, then in the order of definition.
    """
    home, owner = constructor.home, constructor.owner
    for item in owner.body[: owner.body.index(constructor.node)]:
        if _enters(home, item):
            return f"the enter method at line {item.lineno} stands before it and would run first: move it below"
    for module, base, plain in bases(home, owner):
        for item in base.body if base is not None else []:
            if _enters(module, item):
                return (
                    f"{ast.unparse(plain)} has an enter method ({module.source.path}:{item.lineno}), which would run "
                    "before the code of the constructor"
                )
    return ""


def _enters(module: Module, item: ast.stmt) -> bool:
    if not isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    return any(symbol.removesuffix("()") == "modal.enter" for _, symbol in module.decorators(item))


def _of_users(found: ModalClass, constructor: Constructor) -> str:
    """Somebody calls the constructor by name, or the class as a plain one."""
    files = [found.user, found.home, *knowing(found.home, constructor.owner.name)]
    return next((reason for file in files for reason in _of_user(file, found, constructor)), "")


def _constructor_reads(module: Module) -> dict[str, list[ast.Attribute]]:
    """Return the places where a file reads the ``__init__`` of a name, by that name."""
    found: dict[str, list[ast.Attribute]] = {}
    for attribute in module.index.attributes:
        if attribute.attr == "__init__" and isinstance(attribute.value, ast.Name):
            found.setdefault(attribute.value.id, []).append(attribute)
    return found


def _of_user(module: Module, found: ModalClass, constructor: Constructor) -> Iterator[str]:
    name = constructor.owner.name
    for attribute in module.once(_constructor_reads).get(name, ()):
        if module.resolve(attribute.value):
            yield f"{module.source.path}:{attribute.lineno} calls {name}.__init__ itself"
    for call in [] if found.is_decorated else module.index.calls:
        value = module.resolve(call.func)
        if value is not None and value.symbol == "local.class" and value.node is constructor.owner:
            yield f"{module.source.path}:{call.lineno} calls the class itself, not what app.cls made of it"
