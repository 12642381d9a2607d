"""Command lines of Modal that need no ``-m``, and lines that only read like them."""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.module import Module
from modal_transforms.spellings import Place


def fine(module: Module) -> Iterator[Place]:
    """Yield the command lines of a file that are right as they are."""
    yield from ()
