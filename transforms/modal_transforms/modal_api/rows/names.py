"""Write a name of Modal's anew: as an attribute, and where it is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.modal_imports import Imported, uses
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import (
    AddLine,
    Applicability,
    Change,
    Choice,
    DropImport,
    Finding,
    NeedName,
    Replace,
    Span,
)
from modal_transforms.modal_api.naming import bare_name, is_free, modal_name
from modal_transforms.modal_api.rows.table import NameRow


def attribute_finding(module: Module, row: NameRow, *nodes: ast.Attribute) -> Finding:
    """State that an attribute is read, in one or several places, which a row is about."""
    changes = tuple(change for node in nodes for change in _attribute(module, row, node)) if row.new else ()
    places = [module.source.attribute_word(node) for node in nodes]
    return _finding(module, row, places, changes, explain(module, nodes[0]))


def import_finding(module: Module, row: NameRow, alias: ast.alias) -> Finding:
    """State that a name is imported which a row is about, in all places that read it."""
    statement = module.index.parents[alias]
    reads = list(imported_reads(module, alias))
    places = [module.source.span(alias), *map(module.source.span, reads)]
    changes: tuple[Change, ...] = ()
    if row.new and isinstance(statement, ast.ImportFrom):
        changes = tuple(_imported(module, row, Imported(statement, alias), reads))
    return _finding(module, row, places, changes)


def imported_reads(module: Module, alias: ast.alias) -> Iterator[ast.Name]:
    """Yield the names of a file that stand for an imported one."""
    statement, bound = module.index.parents[alias], alias.asname or alias.name
    for name in module.index.names:
        if name.id == bound and isinstance(name.ctx, ast.Load):
            found = module.reaching(name)
            if found and all(binding.node is statement for binding in found):
                yield name


def _finding(
    module: Module, row: NameRow, places: list[Span], changes: tuple[Change, ...], evidence: tuple[str, ...] = ()
) -> Finding:
    label = f"write {row.shown_new}"
    choices = (Choice("rename", label, row.effect, changes, needs=row.needs),) if changes else ()
    level = row.applicability if changes else Applicability.MANUAL
    advice = row.advice or ("" if changes else f"Write {row.shown_new}." if row.new else "")
    return module.finding(
        row.rule, places, row.said, level, choices, evidence, advice, since=row.since, breaks_in=row.breaks_in
    )


def _attribute(module: Module, row: NameRow, node: ast.Attribute) -> Iterator[Change]:
    path, (owner, _, name) = module.source.path, row.new.rpartition(".")
    if owner == row.old.rpartition(".")[0]:
        yield Replace(path, module.source.attribute_word(node), name)
    else:
        text, needed = _written(module, node, row.new)
        yield Replace(path, module.source.span(node), text)
        yield from needed


def _imported(module: Module, row: NameRow, imported: Imported, reads: list[ast.Name]) -> Iterator[Change]:
    """Yield the changes that import the new name in place of the old one, and write it where that was read."""
    alias, path = imported.alias, module.source.path
    home, _, name = row.new.rpartition(".")
    stays, taken = home == row.old.rpartition(".")[0], _is_taken(module, imported, len(reads))
    if taken and not stays:
        yield from _under_its_name(module, row, imported)
        return
    if stays and (alias.asname or taken):
        text = f"{name} as {imported.name}" if imported.name != name else name
        yield Replace(path, module.source.span(alias), text)
        return
    if uses(module.index, imported) > len(reads):  # what reads it otherwise, or perhaps, would keep the import
        return
    needs: list[Change] = []
    for read in reads:
        text, needed = bare_name(module, read, name) if home == "modal" else _written(module, read, row.new)
        yield Replace(path, module.source.span(read), text)
        needs += needed
    if _is_in_submodule(row.new) and stays and is_free(module, name):
        yield Replace(path, module.source.span(alias), name)
        return
    if _is_in_submodule(row.new):
        as_is = name if is_free(module, name) else f"{name} as {alias.name}"
        line = f"from {home} import {as_is}" if reads else ""
    else:
        line = _only_import(needs)
    whole = module.source.span(imported.statement)
    if line and len(imported.statement.names) == 1:
        yield Replace(path, whole, line)
        return
    if line and _is_in_submodule(row.new):
        yield AddLine(path, whole, line)
    yield from needs
    yield DropImport(path, imported.name)


def _under_its_name(module: Module, row: NameRow, imported: Imported) -> Iterator[Change]:
    """Yield the changes that import what is elsewhere now by the name that it has here; none where no import can."""
    home, _, name = row.new.rpartition(".")
    if _is_in_submodule(row.new):
        path, whole = module.source.path, module.source.span(imported.statement)
        line = f"from {home} import {name} as {imported.name}"
        if len(imported.statement.names) == 1:
            yield Replace(path, whole, line)
        else:
            yield AddLine(path, whole, line)
            yield DropImport(path, imported.name)


def _only_import(needs: list[Change]) -> str:
    """Return the import of the one name that is needed; empty where it is another number, or ``modal`` itself."""
    names = {change.name for change in needs if isinstance(change, NeedName)}
    return f"from modal import {names.pop()}" if len(names) == 1 and names != {"modal"} else ""


def _is_taken(module: Module, imported: Imported, reads: int) -> bool:
    """Tell whether more than the reads of a file want an imported name: ``__all__``, other files."""
    if uses(module.index, imported) > reads or module.source.path.endswith("__init__.py"):
        return True
    return bool(module.project and list(module.project.importers(module.source.path, imported.name.encode())))


def _is_in_submodule(symbol: str) -> bool:
    """Tell whether a symbol is a name of a module below ``modal``: ``modal.volume.FileEntryType``."""
    home = symbol.removeprefix("modal.").rpartition(".")[0]
    return home.islower()


def _written(module: Module, at: ast.expr, symbol: str) -> tuple[str, tuple[Change, ...]]:
    """Return how to write a symbol at a place, and the changes that make it available there."""
    if _is_in_submodule(symbol):
        name = symbol.rpartition(".")[2]
        return (name if is_free(module, name) else getattr(at, "id", name)), ()
    first, _, rest = symbol.removeprefix("modal.").partition(".")
    text, needed = modal_name(module, at, first)
    return f"{text}.{rest}" if rest else text, needed
