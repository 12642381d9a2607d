"""Imports of ``web_endpoint`` that are sites of their own: aliases, re-exports, and those that nothing reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec.structs import replace

from modal_transforms.analysis.modal_imports import Imported, modal_imports, uses
from modal_transforms.analysis.module import Module
from modal_transforms.core.modal_names import canonical
from modal_transforms.core.model import Applicability, Choice, DropImport, Finding, Replace, Section, Span
from modal_transforms.modal_api.naming import is_free
from modal_transforms.sections.fastapi_endpoint.reexports import ImportSite, is_reexported, own_places, takers

OLD, NEW = "web_endpoint", "fastapi_endpoint"
MESSAGE = f"{OLD} is now {NEW}"


def find_imports(section: Section, module: Module) -> Iterator[Finding]:
    """Yield the imports of the old decorator that do not go away by renaming its uses."""
    for imported in modal_imports(module.index):
        statement, alias = imported.statement, imported.alias
        if not isinstance(statement, ast.ImportFrom) or canonical(imported.path) != f"modal.{OLD}":
            continue
        bindings = module.index.scopes[statement].bindings.get(imported.name, [])
        if _falls_back(module, statement):
            continue
        if alias.asname is not None:
            yield _aliased(section, module, imported)
        elif any(is_reexported(module, binding) for binding in bindings if binding.node is statement):
            yield _shared(section, module, imported)
        elif not uses(module.index, imported):
            yield _unread(section, module, imported)


def _falls_back(module: Module, statement: ast.stmt) -> bool:
    """Tell whether the import is only for SDKs that do not have the new name."""
    around = module.index.parents.get(statement)
    tried = module.index.parents.get(around) if isinstance(around, ast.ExceptHandler) else None
    if not isinstance(tried, ast.Try):
        return False
    return any(isinstance(part, ast.alias) and part.name == NEW for node in tried.body for part in ast.walk(node))


def _name(module: Module, alias: ast.alias) -> Span:
    start = module.source.span(alias).start
    return Span(start, start + len(OLD))


def _evidence(imported: Imported) -> tuple[str, ...]:
    assert isinstance(imported.statement, ast.ImportFrom)
    return (f"`{imported.name}` is imported from {imported.statement.module} at line {imported.statement.lineno}",)


def _aliased(section: Section, module: Module, imported: Imported) -> Finding:
    span = module.source.span(imported.alias)
    renamed = Replace(module.source.path, _name(module, imported.alias), NEW)
    if imported.alias.asname == NEW:
        renamed = Replace(module.source.path, span, NEW)
    label = f"import {NEW} under the same alias"
    choice = Choice("rename", label, "None at run time: parameters and behaviour are the same.", (renamed,))
    return module.finding(section, "endpoint-import", span, MESSAGE, Applicability.SAFE, (choice,), _evidence(imported))


def _shared(section: Section, module: Module, imported: Imported) -> Finding:
    """Other files take the name from here: it is renamed in all of them, or kept here as an alias."""
    home = _name(module, imported.alias)
    places = list(dict.fromkeys([ImportSite(module, home), *own_places(module), *takers(module)]))
    keep = Choice(
        "alias",
        f"import {NEW} as {OLD}",
        f"None at run time; code elsewhere goes on importing {OLD} from here.",
        (Replace(module.source.path, home, f"{NEW} as {OLD}"),),
    )
    choices: tuple[Choice, ...] = (keep,)
    if all(is_free(place.module, NEW) for place in places):
        changes = tuple(Replace(place.module.source.path, place.span, NEW) for place in places)
        effect = "None at run time; code outside this repository that imports the old name from here has to follow."
        choices = (Choice("rename", f"rename to {NEW} here and where it is imported from here", effect, changes), keep)
    evidence = tuple(
        f"{place.module.source.path} takes it from here at line {place.module.source.line_of(place.span.start)}"
        for place in places
        if place.module is not module
    )
    found = module.finding(
        section, "endpoint-reexport", home, MESSAGE, Applicability.SAFE, choices, (*_evidence(imported), *evidence)
    )
    return replace(found, sites=tuple(place.module.source.site(place.span) for place in places))


def _unread(section: Section, module: Module, imported: Imported) -> Finding:
    span = module.source.span(imported.alias)
    path = module.source.path
    drop = Choice("delete", "delete the import", "None: nothing in this file reads it.", (DropImport(path, OLD),))
    if not path.endswith("__init__.py"):
        message = f"{OLD} is imported and not used"
        return module.finding(
            section, "endpoint-unused", span, message, Applicability.SAFE, (drop,), _evidence(imported)
        )
    alias = Choice(
        "alias",
        f"import {NEW} as {OLD}",
        "Code that imports the old name from this package gets the new decorator.",
        (Replace(path, span, f"{NEW} as {OLD}"),),
    )
    rename = Choice(
        "rename",
        f"import {NEW}",
        "Code that imports the old name from this package has to follow.",
        (Replace(path, span, NEW),),
    )
    return module.finding(
        section, "endpoint-unused", span, MESSAGE, Applicability.REVIEW, (alias, rename, drop), _evidence(imported)
    )
