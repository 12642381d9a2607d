"""``__build__`` and ``__abuild__``: what ``@modal.build()`` was before 0.57, and what no later SDK calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding, Section, Span
from modal_transforms.modal_api.classes import modal_classes

_NAMES = frozenset({"__build__", "__abuild__"})
_ADVICE = (
    "Move what it does into a function of the file and run it with Image.run_function(…, timeout=86400) on the class's "
    "image; or download into a modal.Volume that the class mounts. Where the program runs well without it, delete it."
)


def dunders(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the build methods of Modal classes that are known by their names alone."""
    for found in modal_classes(module):
        for node in found.node.body if found.home is module else ():
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name in _NAMES:
                start = module.source.span(node).start
                place = Span(start, start + module.source.data[start:].index(b"("))
                yield module.finding(
                    section,
                    "build-dunder",
                    place,
                    f"{found.node.name}.{node.name} is called by no SDK since 0.65, without a word",
                    Applicability.MANUAL,
                    (),
                    module.evidence(found.call.func),
                    _ADVICE,
                )
