"""Where a name of the program was imported from: ``subprocess.run``, ``transformers.AutoModel.from_pretrained``."""

from __future__ import annotations

import ast

from modal_transforms.analysis.index import BindingKind, Scope
from modal_transforms.analysis.module import Module


def qualified_name(module: Module, node: ast.expr, scope: Scope | None = None) -> str:
    """Return the dotted path that an expression stands for by the file's imports; an empty text for anything else."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    scope = scope or module.index.scopes.get(node, module.index.module)
    bindings = scope.find(node.id)
    paths = {
        f"{binding.module}.{binding.attribute}" if binding.attribute else binding.module
        for binding in bindings
        if binding.kind is BindingKind.IMPORT
    }
    if len(paths) != 1 or any(binding.kind is not BindingKind.IMPORT for binding in bindings):
        return ""
    return ".".join([*paths, *reversed(attributes)])
