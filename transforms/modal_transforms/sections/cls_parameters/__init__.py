"""Cls constructors → modal.parameter.

Guide: https://modal.com/docs/guide/modal-1-0-migration#removing-support-for-custom-cls-constructors
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.model import Finding, Section
from modal_transforms.module import Module

SECTION = Section(
    number=9,
    slug="cls-parameters",
    title="Cls constructors → modal.parameter",
    anchor="removing-support-for-custom-cls-constructors",
    since="0.74.0",
    breaks_in="1.6.0",
    subject="replace constructors by modal.parameter",
    what=(
        "Classes under @app.cls may not have an __init__. Parameters are annotations with "
        "modal.parameter(), set-up goes to a method with @modal.enter(), and callers pass the parameters "
        "by keyword."
    ),
    why=(
        "From 1.6.0 the class is refused where it is defined; positional arguments fail only when a "
        "remote call is made."
    ),
    before=('class Model:\n    def __init__(self, name: str = "bert"):\n        self.name = name'),
    after=('class Model:\n    name: str = modal.parameter(default="bert")'),
)

HINTS: tuple[bytes, ...] = ()


def find(module: Module) -> Iterator[Finding]:
    """Yield what a file holds of this section."""
    yield from ()
