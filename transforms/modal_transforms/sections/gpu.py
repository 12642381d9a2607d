"""modal.gpu objects → strings.

Guide: https://modal.com/docs/guide/modal-1-0-migration#deprecating-modalgpu-objects
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.model import Finding, Section
from modal_transforms.module import Module

SECTION = Section(
    number=11,
    slug="gpu",
    title="modal.gpu objects → strings",
    anchor="deprecating-modalgpu-objects",
    since="0.73.31",
    breaks_in="1.4.0",
    subject="name GPUs by strings",
    what='GPUs are named by strings: "H100", "A100-80GB:2".',
    why=("From 1.4.0 the module modal.gpu does not exist; even an unused import of it fails."),
    before='gpu=modal.gpu.A100(size="80GB", count=2)',
    after='gpu="A100-80GB:2"',
)

HINTS: tuple[bytes, ...] = ()


def find(module: Module) -> Iterator[Finding]:
    """Yield what a file holds of this section."""
    yield from ()
