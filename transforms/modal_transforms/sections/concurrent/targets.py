"""Which functions and classes a call of ``app.function`` or ``app.cls`` decorates, and how to decorate them further."""

from __future__ import annotations

import ast

from msgspec import Struct

from modal_transforms.analysis.definitions import Definition, uses
from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddLine, Change, Replace, Span
from modal_transforms.modal_api.naming import modal_name
from modal_transforms.sections.concurrent.argument import Remarks, indented

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
OURS = "modal.concurrent()"


class Decorated(Struct, frozen=True):
    """A function or class under a decorator that is written above it."""

    module: Module
    decorator: ast.expr
    definition: FunctionNode | ast.ClassDef


class Wrapped(Struct, frozen=True):
    """A function or class that a decorator is called with."""

    module: Module
    argument: ast.expr


Receiver = Decorated | Wrapped


def receivers(module: Module, decorator: ast.expr) -> tuple[Receiver, ...]:
    """Return what a decorator decorates, also by way of a variable; nothing where that cannot be told in full."""
    here = _receiver(module, decorator)
    if here is not None:
        return (here,)
    statement = module.index.parents.get(decorator)
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return ()
    scope = module.index.scopes[statement]
    bindings = [binding for found in scope.bindings.values() for binding in found if binding.value is decorator]
    if len(bindings) != 1 or not Definition(module, bindings[0]).is_plain:
        return ()
    found = [_receiver(use.module, use.node) for use in uses(Definition(module, bindings[0]))]
    known = tuple(each for each in found if each is not None)
    return known if len(known) == len(found) else ()


def _receiver(module: Module, decorator: ast.expr) -> Receiver | None:
    around = module.index.parents.get(decorator)
    if isinstance(around, _DEFINITIONS) and decorator in around.decorator_list:
        return Decorated(module, decorator, around)
    if isinstance(around, ast.Call) and around.func is decorator and len(around.args) == 1 and not around.keywords:
        return None if isinstance(around.args[0], ast.Starred) else Wrapped(module, around.args[0])
    return None


def has_own(receiver: Receiver) -> bool:
    """Tell whether ``modal.concurrent`` is there already."""
    module = receiver.module
    if isinstance(receiver, Decorated):
        return any(module.symbol(each) == OURS for each in receiver.definition.decorator_list)
    node = receiver.argument
    while isinstance(node, ast.Call):
        if module.symbol(node.func) == OURS:
            return True
        if not node.args:
            break
        node = node.args[0]
    value = module.resolve(node)
    if value is None or not isinstance(value.node, _DEFINITIONS):
        return False
    return any(value.module.symbol(each) == OURS for each in value.node.decorator_list)


def is_method(receiver: Receiver) -> bool:
    """Tell whether a function in the body of a class is decorated, which ``modal.concurrent`` refuses."""
    if isinstance(receiver, Wrapped) or isinstance(receiver.definition, ast.ClassDef):
        return False
    return isinstance(receiver.module.index.parents.get(receiver.definition), ast.ClassDef)


def means_the_same(module: Module, value: ast.expr, receiver: Receiver) -> bool:
    """Tell whether a value can be written where a function or class is decorated."""
    there = receiver.decorator if isinstance(receiver, Decorated) else receiver.argument
    names = [node for node in ast.walk(value) if isinstance(node, ast.Name)]
    if not names:
        return True
    if receiver.module is not module:
        return False
    scopes = module.index.scopes
    return all(
        scopes[there].find(name.id) is scopes[name].find(name.id) for name in names if scopes[name].find(name.id)
    )


def added(receiver: Receiver, text: str, notes: Remarks | None = None) -> tuple[Change, ...]:
    """Return the changes that put ``modal.concurrent`` directly under a decorator, or around what it is given."""
    module = receiver.module
    path, source = module.source.path, module.source
    if isinstance(receiver, Decorated):
        name, needed = modal_name(module, receiver.decorator, "concurrent")
        line = f"@{name}(max_inputs={text})"
        return (AddLine(path, source.span(receiver.decorator), notes.around(line) if notes else line), *needed)
    name, needed = modal_name(module, receiver.argument, "concurrent")
    span = source.span(receiver.argument)
    limit = indented(module, span.start, text)
    opening = Replace(path, Span(span.start, span.start), f"{name}(max_inputs={limit})(")
    return (opening, Replace(path, Span(span.end, span.end), ")"), *needed)
