"""The imports of local modules in a file: which file each means, and when it runs."""

from __future__ import annotations

import ast
import enum
import posixpath
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from msgspec import Struct

from modal_transforms.analysis.import_scan import ROOT, package_path, script_path
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.modal_imports import ImportNode
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.paths import known_path, last_name

PATH_CHANGES = {"sys.path.append": 0, "sys.path.insert": 1, "site.addsitedir": 0}
"""What adds to Python's search path, and which argument is the folder."""


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
    guard: ast.expr | None = None
    """The image whose ``imports()`` it stands in."""
    submodules: int = 0
    """How many of the names that its statement takes from a package are local modules themselves."""
    is_for_scripts: bool = False
    """It is there for the file as a script: as part of a package, the file imports the same relatively instead."""

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
        return top_place(self.path, self.dotted)


def top_place(path: str, dotted: str) -> str:
    """Return the file or folder of the top-level name of ``dotted``, which means the file at ``path``."""
    file = PurePosixPath(path)
    stem = file.parent if file.name == "__init__.py" else file.with_suffix("")
    depth = dotted.count(".")
    top = stem if not depth else stem.parents[depth - 1]
    return path if str(top) == str(file.with_suffix("")) else str(top)


class Need(Struct, frozen=True):
    """A top-level module or package of this repository that a file needs."""

    name: str
    place: str
    """Its file (``helpers.py``) or folder (``pkg``); ``.`` where the repository itself is the package."""
    when: When
    via: str
    """Where it is imported: ``helpers.py line 1``."""
    files: frozenset[str] = frozenset()
    """Its files that are imported, directly or through others of them."""
    guards: tuple[tuple[Module, ast.expr], ...] = ()
    """When all its imports stand in blocks of ``imports()``: the images of those blocks, with their files."""

    @property
    def is_package(self) -> bool:
        """Tell whether it is a folder."""
        return not self.place.endswith(".py")

    @property
    def shown_place(self) -> str:
        """Its file or folder, as it is told."""
        return "the repository's own folder" if self.place == ROOT else self.place

    def inside(self, path: str) -> str:
        """Return the path of one of its files below the folder that it is found in."""
        if self.place == ROOT:
            return posixpath.join(self.name, path)
        return posixpath.relpath(path, posixpath.dirname(self.place) or ".")


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
            guard = _guard(module, node) if when is When.HELD else None
            below = len(targets) - 1
            others = [each for other in _instead(module, node) for each in _targets(module, other)]
            instead = {part for dotted, path in others for part in (dotted.lstrip("."), path)}
            found += [
                LocalImport(node, when, dotted, path, guard, below, not instead.isdisjoint({dotted, path}))
                for dotted, path in targets
            ]
    return tuple(found)


def _instead(module: Module, node: ImportNode) -> Iterator[ast.ImportFrom]:
    """Yield the relative imports of the other way in ``if __package__:`` or ``try`` around an absolute one."""
    held: ast.AST = node
    for around in module.index.ancestors(node) if isinstance(node, ast.Import) or not node.level else ():
        other: list[ast.stmt] = []
        if isinstance(around, ast.If):
            other = around.body if held in around.orelse else around.orelse
        elif isinstance(around, ast.Try) and held in around.handlers:
            other = around.body
        yield from (each for each in other if isinstance(each, ast.ImportFrom) and each.level)
        held = around


def _targets(module: Module, node: ImportNode) -> Iterator[tuple[str, str]]:
    """Yield the dotted names of local files that an import statement names."""
    for name in _names(node):
        path = _located(module, name)
        if path is not None and path != module.source.path:
            yield name, path


def _names(node: ImportNode) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = "." * node.level + (node.module or "")
    joint = "" if base.endswith(".") else "."
    return [base, *(f"{base}{joint}{alias.name}" for alias in node.names)]


def _located(module: Module, dotted: str) -> str | None:
    """Return the file that a name means: absolute ones of a part of a package are never found within that package.

    What is installed from ``src`` comes after Python's own library.
    """
    assert module.project is not None
    package, path = package_folder(module), module.source.path
    if dotted.startswith(".") or package is None:
        found = module.project.locate(path, dotted)
    else:
        found = module.project.locate_on(package_path(package), dotted)
    if found is None and not dotted.startswith("."):
        found = module.project.locate_on(module.once(added_folders), dotted)
    hidden = is_standard(dotted.partition(".")[0]) and (found or "").startswith("src/") and not path.startswith("src/")
    return None if hidden else found


def added_folders(module: Module) -> tuple[str, ...]:
    """Return the folders of the repository that a file adds to Python's search path, as far as they are written out."""
    found: list[str] = []
    for call in module.index.calls:
        position = PATH_CHANGES.get(qualified_name(module, call.func), len(call.args))
        node = call.args[position] if position < len(call.args) else None
        text = (known_path(module, node) or last_name(module, node) or "") if node is not None else ""
        if text and not text.startswith(("/", "~")):
            above = script_path(posixpath.dirname(module.source.path))[:-1]
            found += [posixpath.normpath(posixpath.join(folder, text)) for folder in above]
    return tuple(dict.fromkeys(folder for folder in found if folder != "."))


def package_folder(module: Module) -> str | None:
    """Return the outermost folder that the relative imports of a file make a package, or `ROOT`; ``None`` without."""
    return module.once(_package_folder)


def _package_folder(module: Module) -> str | None:
    levels = [
        node.level
        for node in module.index.imports
        if isinstance(node, ast.ImportFrom) and node.level and not is_tried(module, node)
    ]
    parents = PurePosixPath(module.source.path).parents
    if not levels:
        return None
    return str(parents[max(levels) - 1]) if max(levels) < len(parents) else ROOT


def is_tried(module: Module, node: ast.AST) -> bool:
    """Tell whether a node stands in a ``try`` or ``if __package__:``, and may fail or be left out without harm."""
    return any(
        isinstance(around, ast.Try) or (isinstance(around, ast.If) and "__package__" in _words(around.test))
        for around in module.index.ancestors(node)
    )


def _guard(module: Module, node: ImportNode) -> ast.expr | None:
    """Return the image whose ``imports()`` an import stands in."""
    for around in module.index.ancestors(node):
        for item in around.items if isinstance(around, (ast.With, ast.AsyncWith)) else ():
            call = item.context_expr
            if module.symbol(call) == "modal.Image().imports()" and isinstance(call, ast.Call):
                return call.func.value if isinstance(call.func, ast.Attribute) else None
    return None


def _when(module: Module, node: ImportNode) -> When | None:
    """Return when an import runs; ``None`` when it never does in a container."""
    when, below = When.LOADED, node
    held: ast.AST = below
    for around in module.index.ancestors(node):
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if any("modal.App().local_entrypoint" in symbol for _, symbol in module.decorators(around)):
                return None
            when = When.DEFERRED
        elif isinstance(around, (ast.With, ast.AsyncWith)) and when is When.LOADED:
            if any(module.symbol(item.context_expr) == "modal.Image().imports()" for item in around.items):
                when = When.HELD
        elif isinstance(around, ast.If) and held in around.body and _is_local_only(module, around.test):
            return None
        held = around
    return when


def _is_local_only(module: Module, test: ast.expr) -> bool:
    """Tell whether a condition holds on this machine only: type checking, ``__main__``, ``modal.is_local()``."""
    if _words(test) & {"TYPE_CHECKING", "__name__"}:
        return True
    return isinstance(test, ast.Call) and _may_hold_modal(module) and module.symbol(test.func) == "modal.is_local"


def _may_hold_modal(module: Module) -> bool:
    """Tell whether something in a file may be Modal's: nothing is asked of the files that it imports for that."""
    return module.project is None or module.project.reaches_modal(module.source.path)


def _words(test: ast.expr) -> set[str]:
    words = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    return words | {node.attr for node in ast.walk(test) if isinstance(node, ast.Attribute)}


def is_standard(name: str) -> bool:
    """Tell whether a name is that of a module of Python's own library."""
    return name in sys.stdlib_module_names
