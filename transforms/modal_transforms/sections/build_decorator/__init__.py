"""Methods under ``@modal.build()``, which ran while the image was built.

``modal.build`` warns since 0.72.17 and is gone from 1.1.0. What a library caches by itself goes into a Volume; a method
that only downloads can be a function that ``Image.run_function`` runs, with the day of time that ``build`` gave it.
Guide: https://modal.com/docs/guide/modal-1-0-migration#deprecating-the-modalbuild-decorator

    @modal.build()
    @modal.enter()             @modal.enter()
    def load(self): ...   ->   def load(self): ...
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.modal_imports import modal_imports, uses
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.classes import modal_classes
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.sections.build_decorator.findings import (
    call_finding,
    dunder_finding,
    import_finding,
    method_finding,
)
from modal_transforms.sections.build_decorator.methods import build_methods

SECTION = Section(
    number=3,
    slug="build",
    title="@modal.build",
    anchor="deprecating-the-modalbuild-decorator",
    since="0.72.17",
    breaks_in="1.1.0",
    subject="replace @modal.build",
    what=(
        "Methods that ran while the image was built become a download into a Volume when a container "
        "starts, or a function that Image.run_function runs."
    ),
    why=(
        "From 1.1.0 modal.build does not exist. A Volume keeps the files when the image changes; "
        "run_function bakes them in as today."
    ),
    before=("@modal.build()\n@modal.enter()\ndef load(self): ..."),
    after=("@modal.enter()\ndef load(self): ..."),
)

SPELLINGS = Spellings((spelled(How.DECORATOR, "build"),))

_DUNDERS = frozenset({"__build__", "__abuild__"})
_BUILD = frozenset({"modal.build", "modal.partial_function.build"})


def find(module: Module) -> Iterator[Finding]:
    """Yield the build methods of a file, and imports of ``build`` that nothing uses."""
    yield from _find_methods(module)
    yield from _find_dunders(module)
    yield from _find_calls(module)
    yield from _find_imports(module)


def _find_methods(module: Module) -> Iterator[Finding]:
    """Yield a finding for each build method."""
    for method in build_methods(module):
        yield method_finding(method)


def _find_dunders(module: Module) -> Iterator[Finding]:
    """Yield the methods ``__build__`` and ``__abuild__``: ``modal.build`` before 0.57, and called by no later SDK."""
    for found in modal_classes(module):
        for node in found.node.body if found.home is module else ():
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name in _DUNDERS:
                yield dunder_finding(module, found, node)


def _find_calls(module: Module) -> Iterator[Finding]:
    """Yield the calls of ``modal.build`` that decorate nothing."""
    decorators = {each for node in module.index.functions for each in node.decorator_list}
    for call in module.index.calls:
        is_made = call not in decorators and module.symbol(call.func) == "modal.build"
        if is_made and module.index.parents.get(call) is not None:
            yield call_finding(module, call)


def _find_imports(module: Module) -> Iterator[Finding]:
    """Yield the imports of ``build`` that nothing uses: they alone make the file fail."""
    for imported in modal_imports(module.index):
        is_named = imported.path in _BUILD and isinstance(imported.statement, ast.ImportFrom)
        if is_named and not uses(module.index, imported):
            yield import_finding(module, imported)
