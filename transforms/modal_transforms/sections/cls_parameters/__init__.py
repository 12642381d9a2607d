"""Constructors of ``@app.cls`` classes: parameters become ``modal.parameter()``, set-up goes to ``@modal.enter()``.

A class under ``@app.cls`` that has or inherits an ``__init__`` warns since 0.74.0 and is refused from 1.6.0 on.
Callers have to pass parameters by keyword; one that passes them by position fails only when a remote call is made,
so every call in every file belongs to the same decision as the class.
Guide: https://modal.com/docs/guide/modal-1-0-migration#removing-support-for-custom-cls-constructors

    def __init__(self, name: str = "bert"):    ->    name: str = modal.parameter(default="bert")
        self.name = name
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.classes import method, modal_classes
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.sections.cls_parameters.constructor import Constructor
from modal_transforms.sections.cls_parameters.findings import (
    Context,
    inherited_finding,
    own_finding,
    positional_finding,
)

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

SPELLINGS = Spellings((spelled(How.CONSTRUCTOR, "__init__"),))


def find(module: Module) -> Iterator[Finding]:
    """Yield the classes of a file that have or inherit a constructor, and those constructed by position."""
    for found in modal_classes(module):
        context, own = Context(module, found), method(found.node, "__init__")
        inherited = inherited_finding(context, own)
        if inherited is not None:
            yield inherited
        elif own is not None:
            yield own_finding(context, Constructor(found.home, found.node, own))
        elif (positional := positional_finding(context)) is not None:
            yield positional
