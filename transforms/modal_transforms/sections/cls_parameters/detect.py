"""Which classes have or inherit a constructor, or are constructed by position."""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.classes import method, modal_classes
from modal_transforms.sections.cls_parameters.constructor import Constructor
from modal_transforms.sections.cls_parameters.findings import (
    Context,
    inherited_finding,
    own_finding,
    positional_finding,
)


def find_classes(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the classes of a file that have or inherit a constructor, and those constructed by position."""
    for found in modal_classes(module):
        context, own = Context(section, module, found), method(found.node, "__init__")
        inherited = inherited_finding(context, own)
        if inherited is not None:
            yield inherited
        elif own is not None:
            yield own_finding(context, Constructor(found.home, found.node, own))
        elif (positional := positional_finding(context)) is not None:
            yield positional
