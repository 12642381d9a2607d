"""Which local modules a file needs when a container imports it: its imports, and theirs."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator
from pathlib import PurePosixPath

from msgspec import Struct

from modal_transforms.analysis.definitions import dependents
from modal_transforms.analysis.import_scan import package_path, script_path
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.sections.local_source.auto_shipped import Mode, holds, home
from modal_transforms.sections.local_source.imports_needed import (
    LocalImport,
    Need,
    When,
    is_standard,
    local_imports,
    top_place,
)
from modal_transforms.sections.local_source.passed_over import brings_nothing_new

_NOT_SHIPPED = frozenset({"modal", "tests", "test", "conftest", "__main__"})
_PATH_CHANGES = frozenset({"sys.path.append", "sys.path.insert", "sys.path.extend", "site.addsitedir"})


_Guards = tuple[tuple[Module, ast.expr], ...]


class _Reached(Struct, frozen=True):
    """An import that runs when a file is loaded, and what it means on that file's search path."""

    module: Module
    """The file that it is in."""
    item: LocalImport
    path: str
    """The file that it names."""
    when: When
    guards: _Guards


def needs(module: Module) -> tuple[Need, ...]:
    """Return the top-level modules that importing a file takes, its own among them where others import it."""
    return module.once(_needs)


def _needs(module: Module) -> tuple[Need, ...]:
    reached = list(_reached(module))
    paths = {each.path for each in reached if not _only_leads_to(each.item)}
    by_name: dict[str, list[_Reached]] = {}
    for each in reached:
        if each.item.top and each.item.top not in _NOT_SHIPPED:
            by_name.setdefault(each.item.top, []).append(each)
    return tuple(_need(name, by_name[name], paths) for name in sorted(by_name))


def _only_leads_to(item: LocalImport) -> bool:
    """Tell whether an import names a package for the sake of modules in it alone: ``from package import module``."""
    if not (item.path.endswith("/__init__.py") and isinstance(item.node, ast.ImportFrom)):
        return False
    written = "." * item.node.level + (item.node.module or "")
    return item.dotted == written and item.submodules == len(item.node.names)


def _need(name: str, imports: list[_Reached], paths: set[str]) -> Need:
    first = min(imports, key=lambda each: each.when)
    place = top_place(first.path, first.item.dotted)
    files = frozenset(path for path in paths if path == place or holds(place, path))
    guards = tuple(guard for each in imports for guard in each.guards) if first.when is When.HELD else ()
    via = f"{first.module.source.path} line {first.item.node.lineno}"
    return Need(name, place, first.when, via, files, guards)


def _reached(start: Module) -> Iterator[_Reached]:
    """Yield the imports that loading a file runs: its own, and those of the files that they load."""
    assert start.project is not None
    bases = search_path(start)
    in_package = home(start).mode is Mode.PACKAGE
    waiting: list[tuple[str, When, _Guards, bool]] = [(start.source.path, When.LOADED, (), in_package)]
    seen, named = {start.source.path}, set[str]()
    while waiting:
        here, so_far, guards, in_package = waiting.pop(0)
        module = start if here == start.source.path else _leading_on(start, here, bases, named)
        if module is None:
            continue
        for item in local_imports(module):
            if item.when is When.DEFERRED and not (module is start and _is_loaded_elsewhere(start, item)):
                continue
            if in_package and item.is_for_scripts:
                continue
            path = _found(start, module, item, bases)
            if path is None:
                continue
            when, within = max(so_far, item.when), (*guards, (module, item.guard)) if item.guard else guards
            yield _Reached(module, item, path, when, within)
            named |= set() if _only_leads_to(item) else {path}
            for loaded in (path, *_packages_of(path, item)):
                if loaded not in seen and start.project.imports(loaded):
                    waiting.append((loaded, when, within, in_package if item.is_relative else "." in item.dotted))
                seen.add(loaded)


def _leading_on(start: Module, path: str, bases: tuple[str, ...], named: set[str]) -> Module | None:
    """Return a file that loading another one loads; ``None`` where what it loads in turn is ``named`` already."""
    assert start.project is not None
    is_known = not changes_path(start) and brings_nothing_new(start.project, path, bases, named)
    return None if is_known else start.project.module(path)


def search_path(module: Module) -> tuple[str, ...]:
    """Return the folders of the repository in which absolute names are looked for when a file is run.

    A script's own folder is one of them, a package's own folder is not; folders above are where it may be run from.
    """
    known = home(module)
    if known.mode is Mode.PACKAGE:
        return package_path(known.package)
    return script_path(posixpath.dirname(module.source.path))


def _found(start: Module, module: Module, item: LocalImport, bases: tuple[str, ...]) -> str | None:
    """Return the file that an import means when another file is run, by Python's rules."""
    assert start.project is not None
    guessed = (changes_path(start) or changes_path(module)) and not is_standard(item.top)
    if item.is_relative or guessed:
        return item.path
    return start.project.locate_on(bases, item.dotted)


def changes_path(module: Module) -> bool:
    """Tell whether a file adds to Python's search path: what it finds then cannot be told."""
    return module.once(_changes_path)


def _changes_path(module: Module) -> bool:
    return any(qualified_name(module, call.func) in _PATH_CHANGES for call in module.index.calls)


def _packages_of(path: str, item: LocalImport) -> Iterator[str]:
    """Yield the ``__init__.py`` files that run before the imported module does."""
    if not item.is_relative:
        top = top_place(path, item.dotted)
        for parent in PurePosixPath(path).parents:
            yield str(parent / "__init__.py")
            if str(parent) == top:
                return


def _is_loaded_elsewhere(module: Module, item: LocalImport) -> bool:
    """Tell whether a file that imports this one imports the same top-level module as it is loaded."""
    return any(
        other.top == item.top and other.when is When.LOADED
        for dependent in dependents(module, item.top)
        for other in local_imports(dependent)
    )
