"""Where ``modal.build`` is: on methods, called otherwise, imported; and its forerunner ``__build__``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.modal_imports import modal_imports, uses
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.classes import modal_classes
from modal_transforms.sections.build_decorator.findings import (
    call_finding,
    dunder_finding,
    import_finding,
    method_finding,
)
from modal_transforms.sections.build_decorator.methods import build_methods

_DUNDERS = frozenset({"__build__", "__abuild__"})
_BUILD = frozenset({"modal.build", "modal.partial_function.build"})


def find_methods(module: Module, section: Section) -> Iterator[Finding]:
    """Yield a finding for each build method."""
    for method in build_methods(module):
        yield method_finding(method, section)


def find_dunders(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the methods ``__build__`` and ``__abuild__``: ``modal.build`` before 0.57, and called by no later SDK."""
    for found in modal_classes(module):
        for node in found.node.body if found.home is module else ():
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name in _DUNDERS:
                yield dunder_finding(module, section, found, node)


def find_calls(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the calls of ``modal.build`` that decorate nothing."""
    decorators = {each for node in module.index.functions for each in node.decorator_list}
    for call in module.index.calls:
        is_made = call not in decorators and module.symbol(call.func) == "modal.build"
        if is_made and module.index.parents.get(call) is not None:
            yield call_finding(module, section, call)


def find_imports(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the imports of ``build`` that nothing uses: they alone make the file fail."""
    for imported in modal_imports(module.index):
        is_named = imported.path in _BUILD and isinstance(imported.statement, ast.ImportFrom)
        if is_named and not uses(module.index, imported):
            yield import_finding(module, section, imported)
