"""Where a file says ``Stub``: in imports, as ``modal.Stub``, by its bare name, in annotations that are quoted."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.index import BindingKind
from modal_transforms.analysis.modal_imports import Imported, modal_imports, uses
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import is_annotation
from modal_transforms.analysis.parse import quoted_annotation
from modal_transforms.core.model import Change, DropImport, Finding, NeedName, Replace, Span
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.naming import bare_name, modal_name
from modal_transforms.sections.stub_app.findings import class_finding
from modal_transforms.sections.stub_app.importers import exported, takes_from

OLD, NEW = "Stub", "App"
_WAYS = frozenset({"modal.Stub", "modal.stub.Stub", "modal.app.Stub"})
_WORD = pattern(r"\bStub\b")


class ClassPlace(Struct, frozen=True):
    """A place that says the old name, and what writes the new one."""

    span: Span
    changes: tuple[Change, ...]
    node: ast.expr | None = None


def find_class(module: Module) -> Iterator[Finding]:
    """Yield all places of a file that say the old name, as one finding."""
    if OLD.encode() in module.source.data:
        places = sorted([*_imports(module), *_attributes(module), *_names(module)], key=lambda place: place.span)
        if places:
            changes = tuple(dict.fromkeys(change for place in places for change in place.changes))
            node = next((place.node for place in places if place.node is not None), None)
            yield class_finding(module, [place.span for place in places], changes, node)


def _imports(module: Module) -> Iterator[ClassPlace]:
    path = module.source.path
    for imported in modal_imports(module.index):
        statement, alias = imported.statement, imported.alias
        if imported.path not in _WAYS or not isinstance(statement, ast.ImportFrom) or _is_prepared(module, statement):
            continue
        span = module.source.span(alias)
        name = Span(span.start, span.start + len(OLD))
        if alias.asname is not None or _is_shared(module, imported):
            yield ClassPlace(span, _aliased(module, statement, alias, name))
        elif uses(module.index, imported) or not path.endswith("__init__.py"):
            yield ClassPlace(span, (DropImport(path, OLD),))
        else:
            yield ClassPlace(span, _aliased(module, statement, alias, name))


def _aliased(module: Module, statement: ast.ImportFrom, alias: ast.alias, name: Span) -> tuple[Change, ...]:
    """Return what imports the new class under the name that the old one had here."""
    path, text = module.source.path, NEW if alias.asname is not None else f"{NEW} as {OLD}"
    if alias.asname == NEW:
        name, text = module.source.span(alias), NEW
    if statement.module != "modal.stub":
        return (Replace(path, name, text),)
    if len(statement.names) == 1:
        start = module.source.span(statement).start + len("from ")
        return (Replace(path, Span(start, name.end), f"modal import {text}"),)
    bound = alias.asname or OLD
    return (DropImport(path, bound), NeedName(path, NEW if bound == NEW else f"{NEW} as {bound}"))


def _is_shared(module: Module, imported: Imported) -> bool:
    """Tell whether other files, or ``__all__``, take the name from here."""
    return module.index.scopes[imported.statement] is module.index.module and module.once(_has_takers)


def _has_takers(module: Module) -> bool:
    return bool(exported(module, OLD)) or takes_from(module, OLD)


def _is_prepared(module: Module, statement: ast.stmt) -> bool:
    """Tell whether the import is one of two, for SDKs that have the one class or the other."""
    tried = next((around for around in module.index.ancestors(statement) if isinstance(around, ast.Try)), None)
    return tried is not None and any(isinstance(part, ast.alias) and part.name == NEW for part in ast.walk(tried))


def _attributes(module: Module) -> Iterator[ClassPlace]:
    path = module.source.path
    for node in module.index.attributes:
        if node.attr != OLD or module.symbol(node) != "modal.App" or _is_asked(module, node):
            continue
        if _stays_bound(module, node.value):
            continue
        span, name = module.source.span(node), module.source.attribute_word(node)
        if isinstance(node.value, ast.Attribute) and module.symbol(node.value.value) == "modal":
            name = Span(module.source.span(node.value.value).end + 1, span.end)
            yield ClassPlace(name, (Replace(path, name, NEW),), node)
        elif module.symbol(node.value) == "modal.stub":
            text, needed = modal_name(module, node, NEW)
            yield ClassPlace(span, (Replace(path, span, text), *needed), node)
        else:
            yield ClassPlace(name, (Replace(path, name, NEW),), node)


def _stays_bound(module: Module, owner: ast.expr) -> bool:
    """Tell whether a module of the repository goes on having the old name: it imports the class under it for others."""
    value = module.resolve(owner)
    return value is not None and value.symbol == "local.module" and OLD in value.module.index.module.bindings


def _is_asked(module: Module, node: ast.expr) -> bool:
    """Tell whether the old class is read only where the SDK has no new one yet."""
    inside: ast.AST = node
    for around in module.index.ancestors(node):
        if isinstance(around, (ast.If, ast.IfExp)) and inside is not around.test and _says(around.test):
            return True
        if isinstance(around, ast.Call) and inside is not around.func and _says(around):
            return True
        if isinstance(around, (ast.Try, ast.BoolOp)) and _says(around):
            return True
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return False
        inside = around
    return False


def _says(node: ast.AST) -> bool:
    """Tell whether code asks for the new class, or for either by its name."""
    parts = list(ast.walk(node))
    named = any(isinstance(part, ast.Constant) and part.value in {OLD, NEW} for part in parts)
    return named or any(isinstance(part, ast.Attribute) and part.attr == NEW for part in parts)


def _names(module: Module) -> Iterator[ClassPlace]:
    path = module.source.path
    for name in module.index.names:
        if name.id == OLD and isinstance(name.ctx, ast.Load) and _is_imported(module, name):
            text, needed = bare_name(module, name, NEW)
            span = module.source.span(name)
            yield ClassPlace(span, (Replace(path, span, text), *needed), name)
    for node in module.index.strings:
        yield from _quoted(module, node)


def _is_imported(module: Module, name: ast.Name) -> bool:
    """Tell whether a name is surely the class, imported from Modal by this file alone."""
    bindings = module.reaching(name)
    if not bindings:
        return module.symbol(name) == "modal.App"
    taken = [
        each for each in bindings if each.kind is BindingKind.IMPORT and f"{each.module}.{each.attribute}" in _WAYS
    ]
    if len(taken) < len(bindings) or module.symbol(name) != "modal.App":
        return False
    if any(isinstance(each.node, ast.stmt) and _is_prepared(module, each.node) for each in taken):
        return False
    return taken[0].scope is not module.index.module or not module.once(_has_takers)


def _quoted(module: Module, node: ast.Constant) -> Iterator[ClassPlace]:
    """Yield the old name in an annotation that is written as a string."""
    if OLD not in str(node.value) or not is_annotation(module.index, node):
        return
    inside = quoted_annotation(str(node.value))
    scope = module.index.scopes[node]
    for part in ast.walk(inside) if inside is not None else ():
        is_class = isinstance(part, ast.Attribute) and part.attr == OLD or isinstance(part, ast.Name) and part.id == OLD
        value = module.resolve(part, scope) if is_class and isinstance(part, ast.expr) else None
        if value is None or value.symbol != "modal.App" or not value.sure:
            continue
        if isinstance(part, ast.Name) and module.once(_has_takers):
            continue
        span = module.source.span(node)
        text = module.source.slice(span)
        needed = (NeedName(module.source.path, NEW),) if isinstance(part, ast.Name) else ()
        yield ClassPlace(span, (Replace(module.source.path, span, _WORD.sub(NEW, text)), *needed))
        return
