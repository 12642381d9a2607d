"""modal run -m.

Guide: https://modal.com/docs/guide/modal-1-0-migration#requiring-explicit-invocation-for-module-mode
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.model import Finding, Section
from modal_transforms.module import Module

SECTION = Section(
    number=12,
    slug="module-mode",
    title="modal run -m",
    anchor="requiring-explicit-invocation-for-module-mode",
    since="0.73.58",
    breaks_in="1.4.0",
    subject="pass -m for module references",
    what=("A reference to a module (pkg.app) needs -m after the subcommand; without it, the reference must be a file."),
    why="From 1.4.0 the command stops with an error that shows the right one.",
    before="modal deploy pkg.app",
    after="modal deploy -m pkg.app",
)

HINTS: tuple[bytes, ...] = ()


def find(module: Module) -> Iterator[Finding]:
    """Yield what a file holds of this section."""
    yield from ()
