"""Cls lookup patterns.

Guide: https://modal.com/docs/guide/modal-1-0-migration#simplifying-cls-lookup-patterns
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.model import Finding, Section
from modal_transforms.module import Module

SECTION = Section(
    number=10,
    slug="cls-lookup",
    title="Cls lookup patterns",
    anchor="simplifying-cls-lookup-patterns",
    since="0.73.26",
    breaks_in="1.2.0",
    subject="instantiate classes before calling their methods",
    what=("A method of a deployed class is called on an instance: look the class up, instantiate it, call the method."),
    why=(
        "From 1.2.0 a method of a class that was not instantiated cannot be called, and from 1.4.0 "
        '"Cls.method" is not a function name.'
    ),
    before=('f = modal.Function.from_name("app", "Model.run")\nf.remote(1)'),
    after=('run = modal.Cls.from_name("app", "Model")().run\nrun.remote(1)'),
)

HINTS: tuple[bytes, ...] = ()


def find(module: Module) -> Iterator[Finding]:
    """Yield what a file holds of this section."""
    yield from ()
