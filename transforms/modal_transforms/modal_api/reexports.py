"""Names of Modal's that a file imports and other files take from it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from msgspec import Struct

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import DropIfUnused


class Taker(Struct, frozen=True):
    """A file that takes a name from another one: by ``from other import name``, by ``*``, or as ``other.name``."""

    module: Module
    statement: ast.ImportFrom | None = None
    """What imports the name by itself."""
    name: str = ""
    """What it is called there."""


def takers(module: Module, name: str) -> list[Taker]:
    """Return the files that take the name from this one; those that import everything, if they read it."""
    others = list(module.project.importers(module.source.path, name.encode())) if module.project is not None else []
    found = [
        taker
        for other in others
        for statement in other.index.imports
        if isinstance(statement, ast.ImportFrom) and _comes_from(other, statement, module)
        for taker in _taken(other, statement, name)
    ]
    return found + [Taker(other) for other in others if any(_read_as_attribute(other, module, name))]


def _read_as_attribute(other: Module, home: Module, name: str) -> Iterator[bool]:
    for node in other.index.attributes:
        owner = other.resolve(node.value) if node.attr == name else None
        yield owner is not None and owner.symbol == "local.module" and owner.module is home


def _comes_from(other: Module, statement: ast.ImportFrom, home: Module) -> bool:
    dotted = "." * statement.level + (statement.module or "")
    found = other.project.imported(other.source.path, dotted, "") if other.project else None
    return found is not None and found.module is home


def _taken(other: Module, statement: ast.ImportFrom, name: str) -> Iterator[Taker]:
    for alias in statement.names:
        if alias.name == name:
            yield Taker(other, statement, alias.asname or name)
        elif alias.name == "*" and any(node.id == name for node in other.index.names):
            yield Taker(other)


def said_of(found: Iterable[Taker]) -> list[str]:
    """Say which files take a name, each once."""
    return list(dict.fromkeys(f"{each.module.source.path} imports it from here" for each in found))


def left_out(found: Iterable[Taker]) -> tuple[DropIfUnused, ...]:
    """Return the changes that take the name out of the imports of those that do not read it, or not any more."""
    return tuple(
        DropIfUnused(each.module.source.path, each.module.source.span(each.statement), each.name)
        for each in found
        if each.statement is not None
    )
