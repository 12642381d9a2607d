"""Restore files from a backup, never over newer changes unless the person named the file."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from modal_transforms.core.patches import line_patches
from modal_wizard.files import safe_io
from modal_wizard.files.backup import RESTORED, Backup, Backups, digest
from modal_wizard.files.change import FileChange
from modal_wizard.files.transaction import WriteRefused, replace_files
from modal_wizard.process.signals import held
from modal_wizard.text.sanitize import visible


class RestoreState(enum.Enum):
    """How a file compares with its backup; the value is what the person reads."""

    WRITTEN = "as modal-wizard wrote it"
    SAME = "as it was before"
    CHANGED = "changed since modal-wizard wrote it"
    GONE = "deleted since"
    BLOCKED = "not a plain file any more"


class Restored(Struct, frozen=True):
    """One file of a restoration: its state before, and whether it was restored."""

    path: str
    state: RestoreState
    done: bool


def states(root: Path, backups: Backups, backup: Backup, paths: Sequence[str]) -> Iterator[tuple[str, RestoreState]]:
    """Yield the given paths of a backup, each with its state now."""
    for path in paths:
        yield path, _look(root, path, backups.original(backup, path).data, backup.written[path])[0]


def restore(
    root: Path,
    state_folder: Path,
    backups: Backups,
    backup: Backup,
    paths: Sequence[str],
    *,
    overwrite: bool,
    partly: bool = False,
) -> list[Restored]:
    """Restore files as one transaction, and create those that are gone; returns what became of each path.

    A file that was changed since the backup is left, unless ``overwrite``; its present bytes are backed up first. What
    was written together comes back together or not at all, unless ``partly``: one half of a section may not work
    without the other. Raises `WriteRefused`, with every existing file as it was.
    """
    originals = {path: backups.original(backup, path).data for path in paths}
    looked = {path: _look(root, path, originals[path], backup.written[path]) for path in paths}
    seen = {path: state for path, (state, _) in looked.items()}
    back = to_restore(backup, seen, overwrite=overwrite, partly=partly)
    gone = [path for path in back if seen[path] is RestoreState.GONE]
    changes = [_change(path, looked[path][1], originals[path]) for path in back if path not in gone]
    with held():
        if changes:
            backups.keep(changes, f"{RESTORED}{backup.run}")
            replace_files(root, changes, state_folder)
        for path in gone:
            _create(root, backups, backup, path)
    done = {change.path for change in changes} | set(gone)
    return [Restored(path, state, path in done) for path, state in seen.items()]


def to_restore(backup: Backup, seen: Mapping[str, RestoreState], *, overwrite: bool, partly: bool = False) -> list[str]:
    """Return the files that are brought back, given the state of those that were asked for."""
    wanted = {RestoreState.WRITTEN, RestoreState.GONE} | ({RestoreState.CHANGED} if overwrite else set())
    left = {path for path, state in seen.items() if state not in wanted | {RestoreState.SAME}}
    groups = [set(part.paths) & seen.keys() for part in backup.parts] or [set(seen)]
    more = left and not partly
    while more:  # what is in a group with a file that stays, stays too
        grown = left.union(*(group for group in groups if group & left))
        more, left = grown != left, grown
    return [path for path, state in seen.items() if state in wanted and path not in left]


def _look(root: Path, path: str, original: bytes, written: str) -> tuple[RestoreState, bytes]:
    """Return the state of a file, and the bytes that it was told from."""
    try:
        now = safe_io.read(root, path)
    except safe_io.UnsafePath:
        return RestoreState.GONE if safe_io.is_missing(root, path) else RestoreState.BLOCKED, b""
    if now == original:
        return RestoreState.SAME, now
    return RestoreState.WRITTEN if digest(now) == written else RestoreState.CHANGED, now


def _change(path: str, now: bytes, original: bytes) -> FileChange:
    return FileChange(path, now, original, tuple(line_patches(now, original)))


def _create(root: Path, backups: Backups, backup: Backup, path: str) -> None:
    original = backups.original(backup, path)
    try:
        safe_io.create(root, path, original.data, executable=original.executable)
    except (safe_io.UnsafePath, OSError) as error:
        reason = str(error) if isinstance(error, safe_io.UnsafePath) else error.strerror or str(error)
        raise WriteRefused(
            visible(path), reason, "Make room for it, then try again.", "The others are back."
        ) from error
