"""Whether a mount is made in one file and given to functions of another, where the finding is."""

from __future__ import annotations

import ast

from modal_transforms.analysis.definitions import Definition, Use, uses
from modal_transforms.analysis.index import BindingKind
from modal_transforms.analysis.module import Module


def is_mounted_elsewhere(module: Module, node: ast.expr) -> bool:
    """Tell whether a mention makes a variable that another file mounts, where the finding is."""
    statement = module.index.statement(node)
    for bindings in module.index.module.bindings.values():
        for binding in bindings:
            if binding.node is statement and binding.kind is BindingKind.ASSIGN:
                readers = [use for use in uses(Definition(module, binding)) if use.module is not module]
                return bool(readers) and all(_is_mounted(use) for use in readers)
    return False


def _is_mounted(use: Use) -> bool:
    around = use.module.index.ancestors(use.node)
    return any(isinstance(node, ast.keyword) and node.arg == "mounts" for node in around)


def is_import_of_others(module: Module, alias: ast.alias) -> bool:
    """Tell whether an import of ``Mount`` is read only where mounts are made that other files mount."""
    name = alias.asname or alias.name
    readers = [node for node in module.index.names if node.id == name and module.symbol(node) == "modal.Mount"]
    return bool(readers) and all(is_mounted_elsewhere(module, node) for node in readers)
