"""The originals of files, kept before a run first writes them: in git's own store, or in a folder of ours.

In a repository they are in one of our own below the git directory, see `modal_wizard.git.backup`; elsewhere they are
files in a folder. Which backup is the latest is told by a number, for clocks and time zones change.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from modal_wizard.files import safe_io
from modal_wizard.files.change import FileChange
from modal_wizard.files.signed import FOLDER
from modal_wizard.files.transaction import WriteRefused

_RECORD, _FILES = "backup.json", "files"


class Part(Struct, frozen=True):
    """What of a backup belongs together: a section's files."""

    about: str
    paths: tuple[str, ...]
    commit: str = ""
    """The commit that the section went into; empty when it was written without one."""


class Backup(Struct, frozen=True):
    """The backup of one run: the paths that it wrote, each with the digest of what it wrote there."""

    run: str
    written: Mapping[str, str] = field(default_factory=dict)
    number: int = 0
    """Counts the backups of a repository; 0 for those of older versions, which are known by their time."""
    parts: tuple[Part, ...] = ()
    tree: str = ""
    """The git directory of the work tree that it is of, relative to what its work trees share; empty where unknown."""
    is_ours: bool = True
    """Whether this account made it for sure: those of older versions may as well have come with the repository."""

    @property
    def is_restoration(self) -> bool:
        """Whether it is only what files held when they were brought back from another backup."""
        return bool(self.parts) and all(part.about.startswith(RESTORED) for part in self.parts)

    def follows(self, changes: Sequence[FileChange]) -> bool:
        """Tell whether changes begin from what was written last; else somebody has changed a file in between."""
        return all(self.written.get(change.path) in {None, digest(change.before)} for change in changes)


RESTORED = "restored from "
"""How it is said of a part that it is what was there before a restoration."""


def backup_of(run: str, record: object) -> Backup:
    """Return a backup as it was recorded, in this version's form or in the older one; raises `ValueError`."""
    if not isinstance(record, dict):
        raise ValueError("it is no record")
    files = record["files"] if isinstance(record.get("files"), dict) else record
    if not files:
        raise ValueError("it names no file")
    written = {str(path): str(name) for path, name in files.items()}
    if files is record:
        return Backup(run, written)
    parts = tuple(Part(str(p["about"]), tuple(map(str, p["paths"])), str(p["commit"])) for p in record["parts"])
    return Backup(run, written, int(record["number"]), parts, str(record.get("tree", "")))


def record_of(backup: Backup) -> dict[str, object]:
    """Return what `backup_of` reads."""
    parts = [{"about": part.about, "paths": list(part.paths), "commit": part.commit} for part in backup.parts]
    record: dict[str, object] = {"files": dict(backup.written), "number": backup.number, "parts": parts}
    return {**record, "tree": backup.tree} if backup.tree else record


def newest_first(backups: Sequence[Backup]) -> list[Backup]:
    """Return backups, the latest first."""
    return sorted(backups, key=lambda backup: (backup.number, backup.run), reverse=True)


def next_number(backups: Sequence[Backup]) -> int:
    """Return the number of the backup after these."""
    return 1 + max((backup.number for backup in backups), default=0)


def with_changes(backup: Backup, changes: Sequence[FileChange], about: str) -> Backup:
    """Return a backup to which the originals of more changes are added; ``about`` names the section."""
    written = {**backup.written, **{change.path: digest(change.after) for change in changes}}
    part = Part(about, tuple(change.path for change in changes))
    others = tuple(each for each in backup.parts if each != part)
    return replace(backup, written=written, parts=(*others, part))


def with_commit(backup: Backup, about: str, commit: str, texts: Mapping[str, bytes]) -> Backup:
    """Return a backup with the commit noted that its latest part about something went into, and hooks' texts of it."""
    at = max((number for number, part in enumerate(backup.parts) if part.about == about), default=None)
    if at is None:
        return backup
    parts = list(backup.parts)
    parts[at] = replace(parts[at], commit=commit)
    written = {path: digest(text) for path, text in texts.items() if path in parts[at].paths}
    return replace(backup, written={**backup.written, **written}, parts=tuple(parts))


class Original(Struct, frozen=True):
    """A file as it was before."""

    data: bytes
    executable: bool = False


class Backups(Protocol):
    """A store of originals: git's object store, or a folder."""

    @property
    def tree(self) -> str:
        """What `Backup.tree` is of those that are made here."""

    damaged: list[str]
    """The runs whose backup cannot be read, as `all` last met them."""

    def keep(self, changes: Sequence[FileChange], about: str = "") -> None:
        """Keep the originals of files that are about to be written; of each path, the first in this run,
        and again what somebody made of it since.

        ``about`` names the section that the changes belong to.
        """

    def note(self, about: str, commit: str, texts: Mapping[str, bytes]) -> None:
        """Note the commit that the latest changes about something went into, and the files that hooks rewrote in it."""

    def all(self) -> list[Backup]:
        """Return what is kept, newest first."""

    def original(self, backup: Backup, path: str) -> Original:
        """Return one file as it was; raises `KeyError` when the backup does not have it."""


def runs(begun: Callable[[str], Backup | None]) -> Iterator[tuple[str, Backup | None]]:
    """Yield the backups of this run, and the name of the next with None; ``begun`` reads one by its name.

    There is more than one where somebody changed a file between two writes: what it held then is an original too.
    """
    for number in count(1):
        name = this_run() if number == 1 else f"{this_run()}-{number}"
        yield name, (found := begun(name))
        if found is None:
            return


def is_same_run(one: Backup, two: Backup) -> bool:
    """Tell whether two backups are of one run."""
    return one.run.split("-")[:3] == two.run.split("-")[:3]


def run_for(changes: Sequence[FileChange], begun: Callable[[str], Backup | None]) -> tuple[str, Backup | None]:
    """Return the backup of this run that takes up changes; only its name where it is a new one."""
    return next(each for each in runs(begun) if each[1] is None or each[1].follows(changes))


@functools.cache
def this_run() -> str:
    """Return the name of this run's backup: its start time, and something unique."""
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"


def digest(data: bytes) -> str:
    """Return the digest of bytes that were written, by which a later run knows them again."""
    return hashlib.sha256(data).hexdigest()


class FolderBackups:
    """Originals as files, where there is no repository."""

    tree = ""

    def __init__(self, root: Path, state_folder: Path) -> None:
        self._root = root
        self.damaged: list[str] = []
        self._own = state_folder / "backup"
        self._old = root / FOLDER / "backup"
        """Where older versions kept them: read when asked to bring files back, while there are none of our own."""

    @property
    def _folder(self) -> Path:
        return self._own if self._own.is_dir() or not self._old.is_dir() else self._old

    def keep(self, changes: Sequence[FileChange], about: str = "") -> None:
        """Keep the originals; raises `WriteRefused`, and nothing is written then."""
        number = next_number(self.all() if self._folder == self._own else [])
        name, begun = run_for(changes, lambda name: self._read(self._own / name))
        run, before = self._own / name, begun or Backup(name, number=number)
        known = before.written
        try:
            safe_io.own_folder(self._own.parent)
            for change in changes:
                if change.path not in known:
                    place = run / _FILES / change.path
                    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                    safe_io.write_durably(place, change.before)
                    place.chmod(0o700 if _is_executable(self._root / change.path) else 0o600)
            record = record_of(with_changes(before, changes, about))
            safe_io.write_durably(run / _RECORD, json.dumps(record).encode())
        except OSError as error:
            reason = f"the originals could not be kept in {run} ({error.strerror})"
            raise WriteRefused("", f"Nothing was written: {reason}.", "Make room for them there.", "") from error

    def note(self, about: str, commit: str, texts: Mapping[str, bytes]) -> None:
        """There are no commits where there is no repository."""

    def all(self) -> list[Backup]:
        """Return what is kept, newest first."""
        found = {run.name: self._read(run) for run in self._folder.iterdir()} if self._folder.is_dir() else {}
        self.damaged[:] = sorted(run for run, backup in found.items() if backup is None)
        return newest_first([backup for backup in found.values() if backup is not None])

    def original(self, backup: Backup, path: str) -> Original:
        """Return one file as it was."""
        if path not in backup.written:
            raise KeyError(path)
        folder = self._own if (self._own / backup.run).is_dir() else self._old
        place = folder / backup.run / _FILES / path
        return Original(safe_io.read(folder, place.relative_to(folder).as_posix()), _is_executable(place))

    def _read(self, run: Path) -> Backup | None:
        try:
            found = backup_of(run.name, json.loads(safe_io.read_own(run / _RECORD) or b"{}"))
            return replace(found, is_ours=run.parent == self._own)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None


def _is_executable(place: Path) -> bool:
    return os.access(place, os.X_OK)
