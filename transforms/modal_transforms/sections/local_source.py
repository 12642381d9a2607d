"""Local Python source.

Guide: https://modal.com/docs/guide/modal-1-0-migration#requiring-explicit-inclusion-of-local-python-dependencies
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.model import Finding, Section
from modal_transforms.module import Module

SECTION = Section(
    number=4,
    slug="local-source",
    title="Local Python source",
    anchor="requiring-explicit-inclusion-of-local-python-dependencies",
    since="0.73.11",
    breaks_in="1.0.0",
    subject="include local Python source explicitly",
    what=(
        "Modal used to ship every local module that a program had imported. Now the image says which: "
        'add_local_python_source("helpers"). Only the module or package that defines the function still '
        "comes by itself."
    ),
    why=("From 1.0.0 nothing fails on your machine; the container stops with ModuleNotFoundError."),
    before=("import helpers\n\nimage = modal.Image.debian_slim()"),
    after=('import helpers\n\nimage = modal.Image.debian_slim().add_local_python_source("helpers")'),
)

HINTS: tuple[bytes, ...] = ()


def find(module: Module) -> Iterator[Finding]:
    """Yield what a file holds of this section."""
    yield from ()
