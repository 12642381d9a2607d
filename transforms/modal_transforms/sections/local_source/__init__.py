"""Local modules that Modal used to ship unasked, now named by the image: ``add_local_python_source``.

Until 0.77 each function got every local module that was loaded when its decorator ran (since 0.73.11 with a warning).
1.x ships the package of the module that defines the function, or that one file, and nothing else.
Guide: https://modal.com/docs/guide/modal-1-0-migration#requiring-explicit-inclusion-of-local-python-dependencies

    import helpers
    image = modal.Image.debian_slim()    ->    image = modal.Image.debian_slim().add_local_python_source("helpers")
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from modal_transforms.model import Finding
from modal_transforms.module import Module
from modal_transforms.sections.catalogue import LOCAL_SOURCE as SECTION
from modal_transforms.sections.local_source.plans import plans
from modal_transforms.spellings import Spellings

SPELLINGS = Spellings()
"""Nothing is written in an old way: what is missing is looked for."""


def find(module: Module) -> Iterator[Finding]:
    """Yield the images of a file that must name local modules."""
    for plan in plans(module) if module.project is not None else ():
        found = module.finding(
            SECTION, plan.rule, plan.place, plan.message, plan.applicability, plan.choices, plan.evidence, plan.advice
        )
        yield replace(found, sites=tuple(dict.fromkeys([*found.sites, *plan.sites])))
