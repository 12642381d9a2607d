"""The entries of ``__all__``: names that a file gives to others."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import RemoveArgument


def exports(module: Module, name: str) -> list[ast.Constant]:
    """Return the entries of ``__all__`` for a name."""
    values = [binding.value for binding in module.index.module.bindings.get("__all__", [])]
    lists = [value for value in values if isinstance(value, (ast.List, ast.Tuple))]
    entries = [entry for each in lists for entry in each.elts]
    return [entry for entry in entries if isinstance(entry, ast.Constant) and entry.value == name]


def without_exports(module: Module, name: str) -> Iterator[RemoveArgument]:
    """Yield the changes that take a name out of the lists that ``__all__`` is set to."""
    source, parents = module.source, module.index.parents
    for entry in exports(module, name):
        if isinstance(around := parents[entry], ast.List):
            yield RemoveArgument(source.path, source.span(around), source.span(entry))
