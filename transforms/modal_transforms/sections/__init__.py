"""The sections of Modal's migration guide, one module each, in guide order.

A section module has ``SECTION`` (what it is, in our own words), ``HINTS`` (words without which a file cannot hold
its old spellings) and ``find``, which yields the findings of one parsed file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from modal_transforms.model import Finding, Section
from modal_transforms.module import Module
from modal_transforms.sections import (
    autoscaler,
    build,
    cls_lookup,
    cls_parameters,
    concurrent,
    fastapi_endpoint,
    gpu,
    image_copy,
    local_source,
    lookup,
    module_mode,
    mount,
)


class SectionRule(Protocol):
    """What a module of this package offers."""

    @property
    def SECTION(self) -> Section:
        """The section's own description."""

    @property
    def HINTS(self) -> tuple[bytes, ...]:
        """Words without which a file cannot hold its old spellings."""

    def find(self, module: Module) -> Iterator[Finding]:
        """Yield what a file holds of this section, in source order."""


REGISTRY: tuple[SectionRule, ...] = (
    image_copy,
    mount,
    build,
    local_source,
    autoscaler,
    fastapi_endpoint,
    concurrent,
    lookup,
    cls_parameters,
    cls_lookup,
    gpu,
    module_mode,
)
"""Guide order."""

SECTIONS: tuple[Section, ...] = tuple(rule.SECTION for rule in REGISTRY)


def section(slug: str) -> Section:
    """Return the section called ``slug``; ``KeyError`` when there is none."""
    for known in SECTIONS:
        if known.slug == slug:
            return known
    raise KeyError(slug)
