"""Network file systems, which Modal will remove: volumes are what goes on. Nothing is rewritten, for data has to move.

files = modal.NetworkFileSystem.from_name("n")    ->    files = modal.Volume.from_name("n")
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword_name
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding, Section, Span

SECTION = Section(
    slug="network-file-system",
    title="Network file systems",
    since="1.6.0",
    subject="move network file systems to volumes",
    what="modal.NetworkFileSystem is deprecated and will be removed; modal.Volume takes its place.",
    why="1.6.0 warns of it. What is stored there has to be copied, and a volume is written to in another way.",
    before='files = modal.NetworkFileSystem.from_name("n", create_if_missing=True)',
    after='files = modal.Volume.from_name("n", create_if_missing=True)',
)

_OWNER = "modal.NetworkFileSystem"
_GIVEN = "network_file_systems"
_ADVICE = (
    "Make a modal.Volume, copy the files (mount both in one function, or use modal nfs get and modal volume put), and "
    "give volumes= in place of network_file_systems=. What is written to a volume is seen elsewhere after commit() and "
    "reload(); two containers must not write the same file at once."
)


def find(module: Module) -> Iterator[Finding]:
    """Yield the network file systems of a file, all in one finding."""
    places = sorted({*_made(module), *_given(module)})
    if places:
        message = "NetworkFileSystem warns since 1.6.0 and will be removed; Volume takes its place"
        yield module.finding("network-file-system", places, message, Applicability.MANUAL, advice=_ADVICE)


def _made(module: Module) -> Iterator[Span]:
    """Yield the places where the class is asked for a file system."""
    for node in module.index.attributes:
        owner = node.value
        if isinstance(owner, (ast.Attribute, ast.Name)) and module.symbol(owner) == _OWNER:
            whole = module.source.span(owner)
            name = owner.attr if isinstance(owner, ast.Attribute) else owner.id
            yield Span(whole.end - len(module.source.encode(name)), whole.end)


def _given(module: Module) -> Iterator[Span]:
    """Yield the places where file systems are given to what Modal runs."""
    for call in module.index.calls:
        for item in call.keywords:
            if item.arg == _GIVEN and module.symbol(call.func).startswith("modal."):
                yield keyword_name(module, item)
