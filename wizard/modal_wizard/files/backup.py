"""The originals of files, kept before a run first writes them: in git's own store, or in a folder of ours.

In a repository they are the tree of a commit under ``refs/modal-wizard/backup/<run>``, which no push takes along and
no clean-up of git's throws away; elsewhere they are files in ``.modal-wizard/backup/<run>``.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from modal_wizard.files import safe_io
from modal_wizard.files.change import FileChange
from modal_wizard.files.transaction import WriteRefused

FOLDER = ".modal-wizard"
"""The folder of our own files below a root that is no repository."""
_RECORD, _FILES = "backup.json", "files"


@dataclass(frozen=True, slots=True)
class Backup:
    """The backup of one run: the paths that it wrote, each with the digest of what it wrote there."""

    run: str
    written: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it was before."""

    data: bytes
    executable: bool = False


class Backups(Protocol):
    """A store of originals: git's object store, or a folder."""

    def keep(self, changes: Sequence[FileChange]) -> None:
        """Keep the originals of files that are about to be written; of each path, the first in this run."""

    def all(self) -> list[Backup]:
        """Return what is kept, newest first."""

    def original(self, backup: Backup, path: str) -> Original:
        """Return one file as it was; raises `KeyError` when the backup does not have it."""


@functools.cache
def this_run() -> str:
    """Return the name of this run's backup: its start time, and something unique."""
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"


def digest(data: bytes) -> str:
    """Return the digest of bytes that were written, by which a later run knows them again."""
    return hashlib.sha256(data).hexdigest()


class FolderBackups:
    """Originals as files, where there is no repository."""

    def __init__(self, root: Path, state_folder: Path) -> None:
        self._root = root
        self._folder = state_folder / "backup"

    def keep(self, changes: Sequence[FileChange]) -> None:
        """Keep the originals; raises `WriteRefused`, and nothing is written then."""
        run = self._folder / this_run()
        known = self._read(run).written
        written = {**known, **{change.path: digest(change.after) for change in changes}}
        try:
            safe_io.own_folder(self._folder.parent)
            for change in changes:
                if change.path not in known:
                    place = run / _FILES / change.path
                    safe_io.write_durably(place, change.before)
                    place.chmod(0o700 if _is_executable(self._root / change.path) else 0o600)
            safe_io.write_durably(run / _RECORD, json.dumps(written).encode())
        except OSError as error:
            reason = f"the originals could not be kept in {run} ({error.strerror})"
            raise WriteRefused("", f"Nothing was written: {reason}.", "Make room for them there.", "") from error

    def all(self) -> list[Backup]:
        """Return what is kept, newest first."""
        runs = sorted(self._folder.iterdir(), reverse=True) if self._folder.is_dir() else []
        return [backup for run in runs if (backup := self._read(run)).written]

    def original(self, backup: Backup, path: str) -> Original:
        """Return one file as it was."""
        if path not in backup.written:
            raise KeyError(path)
        place = self._folder / backup.run / _FILES / path
        return Original(safe_io.read(self._folder, place.relative_to(self._folder).as_posix()), _is_executable(place))

    def _read(self, run: Path) -> Backup:
        try:
            record = json.loads(safe_io.read_own(run / _RECORD) or b"{}")
            return Backup(run.name, {str(path): str(name) for path, name in record.items()})
        except (OSError, ValueError, AttributeError):
            return Backup(run.name)


def _is_executable(place: Path) -> bool:
    return os.access(place, os.X_OK)
