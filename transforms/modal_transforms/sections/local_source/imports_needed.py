"""Which local modules a file needs when a container imports it: its imports, and theirs."""

from __future__ import annotations

import ast
import enum
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from msgspec import Struct

from modal_transforms.analysis.definitions import dependents
from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.modal_imports import ImportNode
from modal_transforms.analysis.module import Module

_NOT_SHIPPED = frozenset({"modal", "tests", "test", "conftest", "__main__"})


class When(enum.IntEnum):
    """When an import runs; the later, the less sure that the old automounting saw it."""

    LOADED = 0
    """As the file is imported."""
    HELD = 1
    """In ``with image.imports():``, which goes on without what this machine has not installed."""
    DEFERRED = 2
    """When a function is called."""


class LocalImport(Struct, frozen=True):
    """An import of a module of this repository."""

    node: ImportNode
    when: When
    dotted: str
    """As written; with leading dots when relative."""
    path: str
    """The file that it names."""

    @property
    def is_relative(self) -> bool:
        """Tell whether it is written with leading dots."""
        return self.dotted.startswith(".")

    @property
    def top(self) -> str:
        """The top-level name that must be importable; empty for a relative import."""
        return "" if self.is_relative else self.dotted.partition(".")[0]

    @property
    def place(self) -> str:
        """The file or folder of the top-level name."""
        path = PurePosixPath(self.path)
        stem = path.parent if path.name == "__init__.py" else path.with_suffix("")
        depth = self.dotted.count(".")
        top = stem if not depth else stem.parents[depth - 1]
        return self.path if str(top) == str(path.with_suffix("")) else str(top)


class Need(Struct, frozen=True):
    """A top-level module or package of this repository that a file needs."""

    name: str
    place: str
    """Its file (``helpers.py``) or folder (``pkg``)."""
    when: When
    via: str
    """Where it is imported: ``helpers.py line 1``."""

    @property
    def is_package(self) -> bool:
        """Tell whether it is a folder."""
        return not self.place.endswith(".py")


def local_imports(module: Module) -> tuple[LocalImport, ...]:
    """Return the imports of this repository's modules that a container may run."""
    return module.once(_local_imports)


def _local_imports(module: Module) -> tuple[LocalImport, ...]:
    if module.project is None:
        return ()
    found: list[LocalImport] = []
    for node in module.index.imports:
        targets = list(_targets(module, node))
        when = _when(module, node) if targets else None
        if when is not None:
            found += [LocalImport(node, when, dotted, path) for dotted, path in targets]
    return tuple(found)


def _targets(module: Module, node: ImportNode) -> Iterator[tuple[str, str]]:
    """Yield the dotted names of local files that an import statement names."""
    assert module.project is not None
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    else:
        base = "." * node.level + (node.module or "")
        joint = "" if base.endswith(".") else "."
        names = [base, *(f"{base}{joint}{alias.name}" for alias in node.names)]
    for name in names:
        path = module.project.locate(module.source.path, name)
        if path is not None and path != module.source.path:
            yield name, path


def _when(module: Module, node: ImportNode) -> When | None:
    """Return when an import runs; ``None`` when it never does in a container."""
    when, below = When.LOADED, node
    held: ast.AST = below
    for around in module.index.ancestors(node):
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if _is_local_entrypoint(module, around):
                return None
            when = When.DEFERRED
        elif isinstance(around, (ast.With, ast.AsyncWith)) and when is When.LOADED:
            if any(module.symbol(item.context_expr) == "modal.Image().imports()" for item in around.items):
                when = When.HELD
        elif isinstance(around, ast.If) and held in around.body and _is_local_only(module, around.test):
            return None
        held = around
    return when


def _is_local_entrypoint(module: Module, node: FunctionNode) -> bool:
    return any("modal.App().local_entrypoint" in symbol for _, symbol in module.decorators(node))


def _is_local_only(module: Module, test: ast.expr) -> bool:
    """Tell whether a condition holds on this machine only: type checking, ``__main__``, ``modal.is_local()``."""
    words = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    words |= {node.attr for node in ast.walk(test) if isinstance(node, ast.Attribute)}
    if words & {"TYPE_CHECKING", "__name__"}:
        return True
    return isinstance(test, ast.Call) and module.symbol(test.func) == "modal.is_local"


def needs(module: Module) -> tuple[Need, ...]:
    """Return the top-level modules that importing a file takes, its own among them where others import it."""
    return module.once(_needs)


def _needs(module: Module) -> tuple[Need, ...]:
    found: dict[str, Need] = {}
    for need in _reached(module):
        known = found.get(need.name)
        if known is None or need.when < known.when:
            found[need.name] = need
    return tuple(sorted(found.values(), key=lambda need: need.name))


def _reached(start: Module) -> Iterator[Need]:
    assert start.project is not None
    waiting, seen = [(start, When.LOADED)], {start.source.path}
    while waiting:
        module, so_far = waiting.pop(0)
        for item in local_imports(module):
            if item.when is When.DEFERRED and not (module is start and _is_loaded_elsewhere(start, item)):
                continue
            when = max(so_far, item.when)
            if item.top and item.top not in _NOT_SHIPPED:
                via = f"{module.source.path} line {item.node.lineno}"
                yield Need(item.top, item.place, when, via)
            for path in (item.path, *_packages_of(item)):
                leads_on = path not in seen and start.project.imports(path)
                seen.add(path)
                below = start.project.module(path) if leads_on else None
                if below is not None:
                    waiting.append((below, when))


def _packages_of(item: LocalImport) -> Iterator[str]:
    """Yield the ``__init__.py`` files that run before the imported module does."""
    if not item.is_relative:
        for parent in PurePosixPath(item.path).parents:
            yield str(parent / "__init__.py")
            if str(parent) == item.place:
                return


def _is_loaded_elsewhere(module: Module, item: LocalImport) -> bool:
    """Tell whether a file that imports this one imports the same top-level module as it is loaded."""
    return any(
        other.top == item.top and other.when is When.LOADED
        for dependent in dependents(module, item.top)
        for other in local_imports(dependent)
    )


def is_standard(name: str) -> bool:
    """Tell whether a name is that of a module of Python's own library."""
    return name in sys.stdlib_module_names
