"""Imports of ``modal.gpu`` that nothing in the file uses: from 1.4.0 on they alone make the file fail."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.modal_imports import Imported, modal_imports, uses
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Change, Choice, DropImport, Finding, RemoveArgument, Section

_CAUGHT = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException", "AttributeError"})


def find_imports(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the imports of ``modal.gpu`` that only others may need."""
    for imported in modal_imports(module.index):
        if not (imported.path == "modal.gpu" or imported.path.startswith("modal.gpu.")):
            continue
        if imported.alias.name == "*":
            yield _manual(module, section, imported)
        elif not _is_read(module, imported) and not _is_guarded(module, imported):
            yield _finding(module, section, imported)


def _is_read(module: Module, imported: Imported) -> bool:
    """Tell whether code of the file reads the name; an entry of ``__all__`` does not count."""
    return uses(module.index, imported) > len(_exports(module, imported.name))


def _is_guarded(module: Module, imported: Imported) -> bool:
    """Tell whether a missing module is caught, so that the import does no harm."""
    return any(
        isinstance(around, ast.Try) and imported.statement in around.body and _catches(around)
        for around in module.index.ancestors(imported.statement)
    )


def _catches(statement: ast.Try) -> bool:
    caught = [handler.type for handler in statement.handlers]
    names = {node.id for each in caught if each is not None for node in ast.walk(each) if isinstance(node, ast.Name)}
    return None in caught or bool(names & _CAUGHT)


def _exports(module: Module, name: str) -> list[ast.Constant]:
    """Return the entries of ``__all__`` for a name."""
    values = [binding.value for binding in module.index.module.bindings.get("__all__", [])]
    lists = [value for value in values if isinstance(value, (ast.List, ast.Tuple))]
    entries = [entry for each in lists for entry in each.elts]
    return [entry for entry in entries if isinstance(entry, ast.Constant) and entry.value == name]


def _takers(module: Module, name: str) -> list[str]:
    """Return the files that import the name from this one."""
    if module.project is None:
        return []
    found: list[str] = []
    for other in module.project.importers(module.source.path, name.encode()):
        for statement in other.index.imports:
            taken = isinstance(statement, ast.ImportFrom) and any(alias.name == name for alias in statement.names)
            if taken and isinstance(statement, ast.ImportFrom):
                dotted = "." * statement.level + (statement.module or "")
                home = other.project.imported(other.source.path, dotted, "") if other.project else None
                found += [other.source.path] if home is not None and home.module is module else []
    return found


def _finding(module: Module, section: Section, imported: Imported) -> Finding:
    path, source = module.source.path, module.source
    exports = _exports(module, imported.name)
    takers = _takers(module, imported.name)
    shown = path.endswith("__init__.py") or bool(exports) or bool(takers)
    changes: list[Change] = [DropImport(path, imported.name)]
    for entry in exports:
        around = module.index.parents[entry]
        if not isinstance(around, ast.List):
            return _manual(module, section, imported)
        changes.append(RemoveArgument(path, source.span(around), source.span(entry)))
    effect = "Code that takes it from here fails, as it would on 1.4.0 anyway." if shown else "None: nothing uses it."
    doubts = [f"{other} imports it from here" for other in takers]
    doubts += ["it is exported by __all__"] if exports else []
    doubts += ["other files may import it from this package"] if path.endswith("__init__.py") else []
    return module.finding(
        section,
        "gpu-import",
        source.span(imported.alias),
        f"{imported.path} cannot be imported from 1.4.0 on",
        Applicability.REVIEW if shown else Applicability.SAFE,
        (Choice("remove", "remove the import", effect, tuple(changes)),),
        tuple(doubts),
    )


def _manual(module: Module, section: Section, imported: Imported) -> Finding:
    return module.finding(
        section,
        "gpu-import",
        module.source.span(imported.alias),
        f"{imported.path} cannot be imported from 1.4.0 on",
        Applicability.MANUAL,
        advice="Delete the import, and what hands the name on.",
    )
