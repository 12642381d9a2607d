"""``modal.Mount`` and ``mounts=``: files are added to images now.

Guide: https://modal.com/docs/guide/modal-1-0-migration#deprecating-mount-as-part-of-the-public-api

    @app.function(image=image, mounts=[modal.Mount.from_local_dir("data")])
    ->
    @app.function(image=image.add_local_dir("data", "/data"))
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Span
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.sections.mount.about import SECTION
from modal_transforms.sections.mount.apps import find_apps
from modal_transforms.sections.mount.building import find_building
from modal_transforms.sections.mount.contexts import find_contexts
from modal_transforms.sections.mount.functions import find_functions
from modal_transforms.sections.mount.leftovers import find_leftovers
from modal_transforms.sections.mount.sandboxes import find_sandboxes

__all__ = ["SECTION", "SPELLINGS", "find"]

SPELLINGS = Spellings(
    (
        spelled(How.KEYWORD, "mounts context_mount"),
        spelled(How.METHOD, "copy_mount"),
        spelled(How.NAME, "Mount"),
    )
)


def find(module: Module) -> Iterator[Finding]:
    """Yield what a file holds of this section."""
    covered: set[Span] = set()
    for rule in (find_apps, find_functions, find_sandboxes, find_building, find_contexts):
        for found in rule(module):
            covered.update(site.span for site in found.sites if site.path == module.source.path)
            yield found
    yield from find_leftovers(module, covered)
