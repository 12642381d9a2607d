"""Where ``web_endpoint`` is read: decorators, calls, other expressions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.index import Binding, BindingKind
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Change, Choice, Finding, Replace, Section, Span
from modal_transforms.modal_api.naming import bare_name
from modal_transforms.sections.fastapi_endpoint.image_advice import fastapi_advice
from modal_transforms.sections.fastapi_endpoint.reexports import is_reexported

OLD, NEW = "web_endpoint", "fastapi_endpoint"
SYMBOL = "modal.web_endpoint"
EFFECT = "None at run time: parameters and behaviour are the same."


def find_uses(section: Section, module: Module) -> Iterator[Finding]:
    """Yield the places that read the old decorator by its own name."""
    for node in module.index.attributes:
        if node.attr == OLD and module.symbol(node) == SYMBOL and module.symbol(node.value).startswith("modal"):
            yield from _use(section, module, node, _attribute(module, node))
    for name in module.index.names:
        is_read = name.id == OLD and isinstance(name.ctx, ast.Load) and module.symbol(name) == SYMBOL
        if is_read and _comes_from_modal(module, module.reaching(name)):
            text, needed = bare_name(module, name, NEW)
            yield from _use(
                section, module, name, (Replace(module.source.path, module.source.span(name), text), *needed)
            )


def _comes_from_modal(module: Module, bindings: list[Binding]) -> bool:
    """Tell whether a name is imported from Modal itself, and by this file alone."""
    imported = [b for b in bindings if b.kind is BindingKind.IMPORT and b.module.partition(".")[0] == "modal"]
    return len(imported) == len(bindings) and not any(is_reexported(module, binding) for binding in imported)


def _attribute(module: Module, node: ast.Attribute) -> tuple[Change, ...]:
    """Rename ``modal.web_endpoint``; ``modal.partial_function.web_endpoint`` becomes the public name as well."""
    end = module.source.span(node).end
    start = end - len(OLD)
    if isinstance(node.value, ast.Attribute) and module.symbol(node.value.value) == "modal":
        start = module.source.span(node.value.value).end + 1
    return (Replace(module.source.path, Span(start, end), NEW),)


def _use(section: Section, module: Module, node: ast.expr, changes: tuple[Change, ...]) -> Iterator[Finding]:
    if _is_guarded(module, node):
        return
    span = module.source.span(node)
    message = f"{OLD} is now {NEW}"
    evidence = module.evidence(node)
    advice = fastapi_advice(module, node)
    if not _is_bare_decorator(module, node):
        rename = Choice("rename", f"rename to {NEW}", EFFECT, changes)
        yield module.finding(section, "endpoint-rename", span, message, Applicability.SAFE, (rename,), evidence, advice)
        return
    brackets = Replace(module.source.path, Span(span.end, span.end), "()")
    choice = Choice(
        "call",
        f"rename to {NEW} and call it",
        "The decorator takes hold: without () it has only raised.",
        (*changes, brackets),
    )
    message = f"{OLD} is now {NEW}, and has to be called"
    yield module.finding(section, "endpoint-bare", span, message, Applicability.REVIEW, (choice,), evidence, advice)


def _is_bare_decorator(module: Module, node: ast.expr) -> bool:
    around = module.index.parents.get(node)
    return isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)) and node in around.decorator_list


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
