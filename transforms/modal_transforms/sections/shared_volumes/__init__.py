"""Shared volumes, which are network file systems: ``modal.SharedVolume`` and ``shared_volumes=``.

A pure change of names: network file systems use the same data and the same calls of the server.

    shared_volumes={"/data": files}    ->    network_file_systems={"/data": files}
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.rows import ArgumentRow, NameRow, Table, find_rows
from modal_transforms.modal_api.spellings import How, Spellings, spelled

SECTION = Section(
    slug="shared-volumes",
    title="Shared volumes",
    since="0.50.3054",
    breaks_in="0.51.3294",
    subject="call shared volumes network file systems",
    what=("SharedVolume is NetworkFileSystem, and shared_volumes= is network_file_systems=; the data is the same."),
    why=(
        "The class is not there any more (AttributeError), nor is the argument (TypeError). 1.6.4 warns of "
        "NetworkFileSystem and names Volume in its place: that is another migration, of data."
    ),
    before='files = modal.SharedVolume()\n\n@app.function(shared_volumes={"/data": files})\ndef f(): ...',
    after='files = modal.NetworkFileSystem()\n\n@app.function(network_file_systems={"/data": files})\ndef f(): ...',
)

SPELLINGS = Spellings((spelled(How.KEYWORD, "shared_volumes"),))

_EFFECT = "None at run time: the same data under another name."

_TABLE = Table(
    [
        *(
            NameRow(rule="shared-volume", old=old, new="modal.NetworkFileSystem", gone="0.51.3294", effect=_EFFECT)
            for old in ("modal.SharedVolume", "modal.shared_volume.SharedVolume")
        ),
        ArgumentRow(
            rule="shared-volumes-argument",
            callees=(
                "modal.App().function",
                "modal.App().cls",
                "modal.App().spawn_sandbox",
                "modal.Image().run_function",
                "modal.Sandbox.create",
            ),
            old="shared_volumes",
            gone="0.62.2",
            new="network_file_systems",
            effect=_EFFECT,
        ),
    ]
)


def find(module: Module) -> Iterator[Finding]:
    """Yield the shared volumes of a file, and where they are given."""
    yield from find_rows(module, _TABLE)
