"""Names of ``modal.gpu`` that a file imports for others."""

from __future__ import annotations

import ast

from modal_transforms.analysis.module import Module


def takers(module: Module, name: str) -> list[str]:
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
