"""Which classes of a file Modal runs, and which of their methods it ran because of their names."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.definitions import dependents
from modal_transforms.analysis.index import FunctionNode, walk
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.classes import bases, is_same, modal_classes
from modal_transforms.sections.lifecycle_hooks.findings import hook_finding
from modal_transforms.sections.lifecycle_hooks.hooks import HOOKS, Hook


def find_hooks(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the methods of the classes that Modal runs which it ran because of their names."""
    for node in module.index.classes:
        hooks = [item for item in node.body if isinstance(item, FunctionNode) and item.name in HOOKS]
        users = _users(module, node) if hooks else ()
        for item in hooks if users else ():
            hook = Hook(module, node, item, users)
            if not is_settled(hook):
                yield hook_finding(hook, section)


def _users(module: Module, node: ast.ClassDef) -> tuple[Module, ...]:
    """Return the file of a class and those that import it, if one of them gives the class, or a subclass, to Modal."""
    modules = (module, *dependents(module, node.name))
    return modules if any(_is_given(user, node) for user in modules) else ()


def _is_given(user: Module, node: ast.ClassDef) -> bool:
    for found in modal_classes(user):
        if is_same(found.node, node) or any(is_same(base, node) for _, base, _ in bases(found.home, found.node)):
            return True
    return False


def is_settled(hook: Hook) -> bool:
    """Tell whether a method is marked for Modal, called by one that is, or wanted for ``with`` alone."""
    module = hook.module
    if any(symbol.startswith("modal.") for _, symbol in module.decorators(hook.method)):
        return True
    marked = [item for item in hook.owner.body if isinstance(item, FunctionNode) and _is_marked(hook, item)]
    calls = any(
        isinstance(node, ast.Attribute) and node.attr == hook.method.name for item in marked for node in walk(item)
    )
    return calls or (bool(marked) and hook.is_entered_by_with)


def _is_marked(hook: Hook, item: FunctionNode) -> bool:
    return any(symbol == f"modal.{HOOKS[hook.method.name]}()" for _, symbol in hook.module.decorators(item))
