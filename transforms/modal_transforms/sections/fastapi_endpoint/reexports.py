"""Files that take ``web_endpoint`` from a local module which imports it from Modal."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.index import Binding
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Span

OLD = "web_endpoint"
NEW = "fastapi_endpoint"


class ImportSite(Struct, frozen=True):
    """One place that says the old name."""

    module: Module
    span: Span


def is_reexported(module: Module, binding: Binding) -> bool:
    """Tell whether other files, or ``__all__``, take the name of an import of this file."""
    if binding.scope is not module.index.module or not binding.attribute or binding.name != OLD:
        return False
    return module.once(_has_takers)


def _has_takers(module: Module) -> bool:
    return bool(exported_names(module)) or any(True for _ in takers(module))


def exported_names(module: Module) -> list[Span]:
    """Return the old name's entries in ``__all__``, without their quotes."""
    found = []
    for node in module.index.strings:
        if node.value == OLD and _is_in_all(module, node):
            span = module.source.span(node)
            at = module.source.slice(span).find(OLD)
            found.append(Span(span.start + at, span.start + at + len(OLD)))
    return found


def _is_in_all(module: Module, node: ast.Constant) -> bool:
    statement = module.index.statement(node)
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
        targets = [statement.target]
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets)


def own_places(module: Module) -> Iterator[ImportSite]:
    """Yield where a file itself reads the name that its imports at the top give."""
    for name in module.index.names:
        is_read = name.id == OLD and isinstance(name.ctx, ast.Load) and module.symbol(name) == f"modal.{OLD}"
        if is_read and all(binding.scope is module.index.module for binding in module.reaching(name)):
            yield ImportSite(module, module.source.span(name))
    yield from (ImportSite(module, span) for span in exported_names(module))


def takers(home: Module, depth: int = 0) -> Iterator[ImportSite]:
    """Yield where other files take the name from this one, and read it."""
    if home.project is None or depth > 5:
        return
    for module in home.project.importers(home.source.path, OLD.encode()):
        aliases = list(_aliases(module, home))
        for alias in aliases:
            start = module.source.span(alias).start
            yield ImportSite(module, Span(start, start + len(OLD)))
        if any(alias.asname is None for alias in aliases):
            yield from own_places(module)
            yield from takers(module, depth + 1)
        for node in module.index.attributes:
            if node.attr == OLD and _is_module(module, node.value, home):
                yield ImportSite(module, module.source.attribute_word(node))


def _aliases(module: Module, home: Module) -> Iterator[ast.alias]:
    for statement in module.index.imports:
        if isinstance(statement, ast.ImportFrom) and any(alias.name == OLD for alias in statement.names):
            dotted = "." * statement.level + (statement.module or "")
            if module.project is not None and module.project.locate(module.source.path, dotted) == home.source.path:
                yield from (alias for alias in statement.names if alias.name == OLD)


def _is_module(module: Module, node: ast.expr, home: Module) -> bool:
    value = module.resolve(node)
    return value is not None and value.symbol == "local.module" and value.module.source.path == home.source.path
