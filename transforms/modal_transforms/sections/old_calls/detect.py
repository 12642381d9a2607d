"""Where functions and apps are called as they were before 0.56."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.api_uses import known_uses, last_symbol
from modal_transforms.modal_api.guards import is_guarded
from modal_transforms.sections.old_calls.callees import callee, is_generator
from modal_transforms.sections.old_calls.findings import (
    call_finding,
    deploy_finding,
    direct_finding,
    sandbox_finding,
    spawn_finding,
)

_SANDBOXES = frozenset({"modal.App().spawn_sandbox", "modal.App().app.spawn_sandbox"})


def find_calls(module: Module, section: Section) -> Iterator[Finding]:
    """Yield ``f.call``, ``f.spawn`` of what yields, ``app.spawn_sandbox``, ``app.deploy("name")`` and ``f(...)``."""
    for use in known_uses(module):
        node = use.node
        called = use.name == "call" and last_symbol(use) == "modal.Function().call"
        if called and isinstance(node, ast.Attribute) and not is_guarded(module, node):
            yield call_finding(module, section, node)
        elif use.name == "spawn" and isinstance(node, ast.Attribute) and last_symbol(use) == "modal.Function().spawn":
            definition = callee(module, node.value)
            if definition is not None and is_generator(definition) and not is_guarded(module, node):
                yield spawn_finding(module, section, node, definition.name)
    for node in module.index.attributes:
        if node.attr == "spawn_sandbox" and module.symbol(node) in _SANDBOXES:
            yield sandbox_finding(module, section, node)
        elif node.attr == "call" and _is_of_a_class(module, node):
            yield call_finding(module, section, node)
    for call in module.index.calls:
        symbol = module.symbol(call.func)
        if symbol == "modal.App().deploy" and call.args:
            yield deploy_finding(module, section, call)
        elif symbol == "modal.Function()" and not _decorates(module, call):
            yield direct_finding(module, section, call)


def _is_of_a_class(module: Module, node: ast.Attribute) -> bool:
    """Tell whether ``call`` is asked of a method that is read from a class of Modal's without an instance."""
    read = node.value
    owner = read.value if isinstance(read, ast.Attribute) else None
    return owner is not None and module.symbol(owner) == "modal.Cls()" and callee(module, read) is not None


def _decorates(module: Module, call: ast.Call) -> bool:
    """Tell whether a call is a decorator, which is another thing that a function may be used as."""
    around = module.index.parents.get(call)
    return isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and call in around.decorator_list
