"""Renamed and removed names and arguments: a section whose rows are all data has ``find = rows over its table``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.modal_imports import Imported
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Site
from modal_transforms.modal_api.api_uses import ApiUse, known_uses, last_symbol
from modal_transforms.modal_api.guards import is_guarded
from modal_transforms.modal_api.rows.arguments import argument_finding, given_argument
from modal_transforms.modal_api.rows.names import attribute_finding, import_finding, imported_reads
from modal_transforms.modal_api.rows.table import NO_EFFECT, ArgumentRow, NameRow, Row, Table

__all__ = [
    "NO_EFFECT",
    "ArgumentRow",
    "NameRow",
    "Row",
    "Table",
    "calls_of",
    "find_rows",
    "given_argument",
    "imported_reads",
    "uses_of",
]


def find_rows(module: Module, table: Table) -> Iterator[Finding]:
    """Yield the findings of the uses in a file that a table has rows about, imports first.

    What has gone, with nothing in its place, is one finding in all its places.
    """
    gone: dict[NameRow, list[ast.Attribute]] = {}
    for use, row in uses_of(module, table):
        if isinstance(row, ArgumentRow):
            assert isinstance(use.node, ast.Call)
            yield argument_finding(module, row, use, use.node)
        elif isinstance(use.node, ast.alias):
            yield import_finding(module, row, use.node)
        elif isinstance(use.node, ast.Attribute) and row.new:
            yield attribute_finding(module, row, use.node)
        elif isinstance(use.node, ast.Attribute):
            gone.setdefault(row, []).append(use.node)
    for row, nodes in gone.items():
        yield attribute_finding(module, row, *nodes)


def calls_of(module: Module, finding: Finding) -> list[ast.Call] | None:
    """Return the calls of the name that a row's finding is about; ``None`` where it is read otherwise, or nowhere."""
    calls = module.once(_calls_by_name)
    found = [calls[site] for site in finding.sites if site in calls]
    return found if len(found) >= max(1, len(finding.sites) - 1) else None


def _calls_by_name(module: Module) -> dict[Site, ast.Call]:
    """Return the calls of a file by the name that is called."""
    source = module.source
    called = ((call, call.func) for call in module.index.calls if isinstance(call.func, (ast.Attribute, ast.Name)))
    return {
        source.site(source.attribute_word(name) if isinstance(name, ast.Attribute) else source.span(name)): call
        for call, name in called
    }


def uses_of(module: Module, table: Table) -> Iterator[tuple[ApiUse, Row]]:
    """Yield the uses that a table has rows about, but for those that the program is prepared to miss."""
    for use in known_uses(module):
        row: Row | None = _imported(module, table, use.node) if isinstance(use.node, ast.alias) else None
        if row is None and use.name in table.words:
            row = _row(table, use)
        if row is not None and not is_guarded(module, use.node):
            yield use, row


def _imported(module: Module, table: Table, alias: ast.alias) -> NameRow | None:
    statement = module.index.parents[alias]
    assert isinstance(statement, (ast.Import, ast.ImportFrom))
    return table.names.get(Imported(statement, alias).path)


def _row(table: Table, use: ApiUse) -> NameRow | ArgumentRow | None:
    if use.argument:
        return table.arguments.get((last_symbol(use), use.argument))
    return table.names.get(use.way) or table.names.get(last_symbol(use))
