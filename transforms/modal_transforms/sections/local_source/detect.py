"""Which images lack local modules that their functions need."""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.sections.local_source.already_added import missing, missing_at_build
from modal_transforms.sections.local_source.by_image import groups
from modal_transforms.sections.local_source.findings import build_finding, image_finding


def find_images(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the images of a file whose functions lack local modules."""
    for group in groups(module):
        lacking = {found: needed for found in group.users if (needed := missing(found))}
        if lacking:
            yield image_finding(module, section, group, lacking)


def find_builds(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the ``run_function`` steps whose function's file imports local modules that the image lacks."""
    for call in module.index.calls:
        if module.symbol(call.func) != "modal.Image().run_function":
            continue
        needed = missing_at_build(module, call)
        given = module.resolve(call.args[0]) if call.args else None
        if needed and given is not None:
            yield build_finding(module, section, call, given.module, needed)
