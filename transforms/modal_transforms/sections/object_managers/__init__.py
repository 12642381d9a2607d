"""Stored objects made and deleted by name: by ``X.objects`` since 1.1.2, no longer by the class itself.

modal.Volume.delete("old")    ->    modal.Volume.objects.delete("old")
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import Spellings
from modal_transforms.sections.object_managers.detect import old_calls
from modal_transforms.sections.object_managers.findings import call_finding

SECTION = Section(
    number=0,
    slug="object-managers",
    title="Stored objects, made and deleted",
    anchor="",
    since="1.1.2",
    breaks_in="1.5.0",
    subject="manage stored objects by their managers",
    what=(
        "Volume, Dict and Queue.delete are objects.delete; Volume and Secret.create_deployed are objects.create, which "
        "gives nothing back."
    ),
    why="AttributeError from 1.5.0 on, when the line is run. objects exists from 1.1.2 on.",
    before='modal.Volume.delete("old")',
    after='modal.Volume.objects.delete("old")',
)

SPELLINGS = Spellings()


def find(module: Module) -> Iterator[Finding]:
    """Yield the calls of a file that make or delete stored objects by their class."""
    for found in old_calls(module):
        yield call_finding(found, SECTION)
