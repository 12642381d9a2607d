"""Bring files back as a backup has them, and never over newer work that was not given up by name."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from modal_transforms.core.patches import line_patches
from modal_wizard.files import safe_io
from modal_wizard.files.backup import Backup, Backups, digest
from modal_wizard.files.change import FileChange
from modal_wizard.files.transaction import WriteRefused, write
from modal_wizard.process.signals import held
from modal_wizard.text.sanitize import visible


class Standing(enum.Enum):
    """How a file stands against a backup; the value is what the person reads."""

    WRITTEN = "as modal-wizard wrote it"
    SAME = "as it was before"
    CHANGED = "changed since modal-wizard wrote it"
    GONE = "deleted since"
    BLOCKED = "not a plain file any more"


@dataclass(frozen=True, slots=True)
class Restored:
    """One file of a restoration: how it stood, and whether it was brought back."""

    path: str
    standing: Standing
    done: bool


def standings(root: Path, backups: Backups, backup: Backup, paths: Sequence[str]) -> Iterator[tuple[str, Standing]]:
    """Yield how files of a backup stand now."""
    for path in paths:
        yield path, _standing(root, path, backups.original(backup, path).data, backup.written[path])


def restore(
    root: Path, state_folder: Path, backups: Backups, backup: Backup, paths: Sequence[str], *, overwrite: bool
) -> list[Restored]:
    """Bring files back, all or none of those that are there; raises `WriteRefused`.

    A file that was changed since is left, unless ``overwrite``: what it holds now is then kept as another backup.
    """
    seen = dict(standings(root, backups, backup, paths))
    wanted = {Standing.WRITTEN} | ({Standing.CHANGED} if overwrite else set())
    changes = [_change(root, backups, backup, path) for path, standing in seen.items() if standing in wanted]
    gone = [path for path, standing in seen.items() if standing is Standing.GONE]
    with held():
        if changes:
            backups.keep(changes)
            write(root, changes, state_folder)
        for path in gone:
            _create(root, backups, backup, path)
    done = {change.path for change in changes} | set(gone)
    return [Restored(path, standing, path in done) for path, standing in seen.items()]


def _standing(root: Path, path: str, original: bytes, written: str) -> Standing:
    try:
        now = safe_io.read(root, path)
    except safe_io.Unfit:
        return Standing.GONE if safe_io.is_missing(root, path) else Standing.BLOCKED
    if now == original:
        return Standing.SAME
    return Standing.WRITTEN if digest(now) == written else Standing.CHANGED


def _change(root: Path, backups: Backups, backup: Backup, path: str) -> FileChange:
    try:
        now = safe_io.read(root, path)
    except safe_io.Unfit as reason:
        raise WriteRefused(path, str(reason), "Try again.") from reason
    original = backups.original(backup, path).data
    return FileChange(path, now, original, tuple(line_patches(now, original)))


def _create(root: Path, backups: Backups, backup: Backup, path: str) -> None:
    original = backups.original(backup, path)
    try:
        safe_io.create(root, path, original.data, executable=original.executable)
    except (safe_io.Unfit, OSError) as error:
        reason = str(error) if isinstance(error, safe_io.Unfit) else error.strerror or str(error)
        raise WriteRefused(
            visible(path), reason, "Make room for it, then try again.", "The others are back."
        ) from error
