"""Objects that keep their data under a name: ``Volume.persisted("n")`` and ``.new()``.

``persisted`` and ``persist`` of volumes, network file systems, dicts and queues raised an error before they went in
0.66.19. ``from_name(..., create_if_missing=True)`` gives the same object. ``.new()`` made an object that lived as long
as one run of the app; what takes its place has to be decided.

    modal.Volume.persisted("n")        ->    modal.Volume.from_name("n", create_if_missing=True)
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.sections.persisted.detect import find_makers

SECTION = Section(
    number=0,
    slug="persisted",
    title="Objects that persist",
    anchor="",
    since="",
    breaks_in="0.62.203",
    subject="look up persistent objects by name",
    what=(
        "Volume, NetworkFileSystem, Dict and Queue have no persisted(), persist() and new() any more: "
        "from_name(name, create_if_missing=True) looks one up, or makes it."
    ),
    why="Since 0.62 these methods raise, since 0.66.19 they are not there. The data of persisted objects stays.",
    before='stub.volume = modal.Volume.persisted("models")',
    after='stub.volume = modal.Volume.from_name("models", create_if_missing=True)',
)

SPELLINGS = Spellings((spelled(How.METHOD, "persisted persist new"),))


def find(module: Module) -> Iterator[Finding]:
    """Yield the calls of ``persisted``, ``persist`` and ``new`` of a file."""
    yield from find_makers(module, SECTION)
