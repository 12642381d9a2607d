"""From calls that add files to a mount to the calls that add the same files to an image."""

from __future__ import annotations

from collections.abc import Iterable

from modal_transforms.sections.mount.files import directory, file
from modal_transforms.sections.mount.image_call import AddedFiles
from modal_transforms.sections.mount.mount_list import MountCall, MountKind
from modal_transforms.sections.mount.packages import packages


def translate(entry: MountCall, reads: frozenset[str] = frozenset()) -> tuple[AddedFiles, ...]:
    """Return the calls that add to an image what an entry adds to a mount; raises `NotPlain`.

    ``reads`` are names below which the code opens files by a relative path.
    """
    if entry.kind is MountKind.DIR:
        return (directory(entry, reads),)
    return (file(entry),) if entry.kind is MountKind.FILE else packages(entry)


def translate_all(entries: Iterable[MountCall], reads: frozenset[str] = frozenset()) -> tuple[AddedFiles, ...]:
    """Return the calls for all entries, in order."""
    return tuple(addition for entry in entries for addition in translate(entry, reads))
