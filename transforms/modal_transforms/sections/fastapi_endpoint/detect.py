"""Where ``web_endpoint`` is read and imported, and what else of web endpoints 1.x does not take."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.index import Binding, BindingKind
from modal_transforms.analysis.modal_imports import modal_imports, uses
from modal_transforms.analysis.module import Module
from modal_transforms.core.modal_names import canonical
from modal_transforms.core.model import Finding
from modal_transforms.sections.fastapi_endpoint.choices import renamed_attribute, renamed_name
from modal_transforms.sections.fastapi_endpoint.findings import (
    aliased_finding,
    shared_finding,
    unread_finding,
    use_finding,
    wait_finding,
)
from modal_transforms.sections.fastapi_endpoint.reexports import NEW, OLD, is_reexported

SYMBOL = "modal.web_endpoint"
ENDPOINTS = frozenset({"modal.web_endpoint", "modal.fastapi_endpoint", "modal.asgi_app", "modal.wsgi_app"})


def find_uses(module: Module) -> Iterator[Finding]:
    """Yield the places that read the old decorator by its own name."""
    for node in module.index.attributes:
        is_read = node.attr == OLD and module.symbol(node) == SYMBOL and module.symbol(node.value).startswith("modal")
        if is_read and not _is_guarded(module, node):
            yield use_finding(module, node, renamed_attribute(module, node))
    for name in module.index.names:
        is_read = name.id == OLD and isinstance(name.ctx, ast.Load) and module.symbol(name) == SYMBOL
        if is_read and _comes_from_modal(module, module.reaching(name)) and not _is_guarded(module, name):
            yield use_finding(module, name, renamed_name(module, name))


def _comes_from_modal(module: Module, bindings: list[Binding]) -> bool:
    """Tell whether a name is imported from Modal itself, and by this file alone."""
    imported = [b for b in bindings if b.kind is BindingKind.IMPORT and b.module.partition(".")[0] == "modal"]
    return len(imported) == len(bindings) and not any(is_reexported(module, binding) for binding in imported)


def _is_guarded(module: Module, node: ast.AST) -> bool:
    """Tell whether the old name is read only where the SDK has no new one yet."""
    inside = node
    for around in module.index.ancestors(node):
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return False
        if isinstance(around, (ast.If, ast.IfExp)) and inside is not around.test and _mentions(around.test):
            return True
        if isinstance(around, ast.BoolOp) and any(_mentions(value) for value in around.values):
            return True
        if isinstance(around, ast.Call) and inside is not around.func and _mentions(around):
            return True
        if isinstance(around, ast.Try) and inside not in around.body:
            return any(_mentions(statement) for statement in around.body)
        inside = around
    return False


def _mentions(node: ast.AST) -> bool:
    return any(
        getattr(part, field, None) == NEW
        for part in ast.walk(node)
        for field in ("id", "attr", "value", "name", "asname")
    )


def find_imports(module: Module) -> Iterator[Finding]:
    """Yield the imports of the old decorator that do not go away by renaming its uses."""
    for imported in modal_imports(module.index):
        statement, alias = imported.statement, imported.alias
        if not isinstance(statement, ast.ImportFrom) or canonical(imported.path) != f"modal.{OLD}":
            continue
        bindings = module.index.scopes[statement].bindings.get(imported.name, [])
        if _falls_back(module, statement):
            continue
        if alias.asname is not None:
            yield aliased_finding(module, imported)
        elif any(is_reexported(module, binding) for binding in bindings if binding.node is statement):
            yield shared_finding(module, imported)
        elif not uses(module.index, imported):
            yield unread_finding(module, imported)


def _falls_back(module: Module, statement: ast.stmt) -> bool:
    """Tell whether the import is only for SDKs that do not have the new name."""
    around = module.index.parents.get(statement)
    tried = module.index.parents.get(around) if isinstance(around, ast.ExceptHandler) else None
    if not isinstance(tried, ast.Try):
        return False
    return any(isinstance(part, ast.alias) and part.name == NEW for node in tried.body for part in ast.walk(node))


def find_waits(module: Module) -> Iterator[Finding]:
    """Yield the endpoints that are given ``wait_for_response``."""
    for call in module.index.calls:
        item = keyword(call, "wait_for_response")
        if item is not None and module.symbol(call.func) in ENDPOINTS:
            yield wait_finding(module, call, item)
