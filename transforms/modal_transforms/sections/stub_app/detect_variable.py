"""Variables called ``stub`` that hold an app, and the commands that look for ``app`` in their files."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.index import Binding, BindingKind
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding
from modal_transforms.sections.stub_app.commands import looking, naming
from modal_transforms.sections.stub_app.findings import command_finding, variable_finding
from modal_transforms.sections.stub_app.renaming import NEW, OLD, hindrance, renaming
from modal_transforms.sections.stub_app.scopes import unbound_names


def find_variable(module: Module) -> Iterator[Finding]:
    """Yield the variable of a file, to be renamed; where that cannot be, the commands that have to name it."""
    first = stub_variable(module)
    place = first or _imported(module)
    if place is None or _holds_app(module):
        return
    if hindrance(module):
        commands = looking(module)
        if commands:
            yield command_finding(module, place, commands)
    elif first is not None and not _is_named_everywhere(module):
        yield variable_finding(module, first, renaming(module))


def stub_variable(module: Module) -> ast.Name | None:
    """Return where a file first binds its global variable ``stub``, if that is surely an app that it makes."""
    if OLD.encode() not in module.source.data:
        return None
    bindings = [each for each in module.index.module.bindings.get(OLD, []) if not _is_lost(module, each)]
    if bindings and all(_makes_app(module, each) for each in bindings):
        names = (node for node in module.index.names if node.id == OLD and isinstance(node.ctx, ast.Store))
        return next(names, None)
    shown = unbound_names(module, OLD) if module.source.shown and not bindings else []
    return next((node for node in shown if module.symbol(node) == "modal.App()"), None)


def _is_lost(module: Module, binding: Binding) -> bool:
    """Tell whether a binding is ``from modal import stub``, a module that went, and a later one takes the name."""
    node = binding.node
    if not isinstance(node, ast.ImportFrom) or node.level or node.module != "modal":
        return False
    reads = [each for each in module.index.names if each.id == OLD and isinstance(each.ctx, ast.Load)]
    return bool(reads) and not any(binding in module.reaching(each) for each in reads)


def _imported(module: Module) -> ast.alias | None:
    """Return where a file imports its global ``stub``, if that is surely an app."""
    bindings = module.index.module.bindings.get(OLD, [])
    values = [module.resolve_binding(each) for each in bindings if each.kind is BindingKind.IMPORT]
    if len(values) < len(bindings) or any(each is None or each.symbol != "modal.App()" for each in values):
        return None
    aliases = (alias for each in bindings if isinstance(each.node, ast.ImportFrom) for alias in each.node.names)
    return next((alias for alias in aliases if (alias.asname or alias.name) == OLD), None)


def _makes_app(module: Module, binding: Binding) -> bool:
    if isinstance(binding.value, ast.Constant) and binding.value.value is None:
        return len(module.index.module.bindings[OLD]) > 1
    if binding.kind is not BindingKind.ASSIGN or not isinstance(binding.node, (ast.Assign, ast.AnnAssign)):
        return False
    value = module.resolve_binding(binding)
    if value is None or not value.sure or value.symbol != "modal.App()":
        return False
    return not any("lookup" in way for way in value.written)


def _holds_app(module: Module) -> bool:
    """Tell whether what the file calls ``app`` is an app as well: it is that which is found."""
    bindings = module.index.module.bindings.get(NEW, [])
    values = [module.resolve_binding(binding) for binding in bindings]
    return bool(values) and all(value is not None and value.symbol == "modal.App()" for value in values)


def _is_named_everywhere(module: Module) -> bool:
    """Tell whether the variable is a choice: the app is no stub, and all commands that look for one name it."""
    if b"Stub" in module.source.data or module.project is None:
        return False
    named = any(path == module.source.path for _, path in naming(module))
    return named and not looking(module)
