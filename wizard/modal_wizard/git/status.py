"""What git says of single files: the parsed porcelain, and the one word for it that is shown to the person."""

from __future__ import annotations

import enum
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from modal_wizard.git.blobs import Blob, IndexEntry
from modal_wizard.git.command import MANY, Git, check_ok, names_of

_MISSING = "000000"


class FileState(enum.Enum):
    """How a file stands in the index and the work tree; the value is what the person reads."""

    CLEAN = "clean"
    MODIFIED = "modified"
    STAGED = "staged"
    BOTH = "staged and modified"
    ADDED = "new and staged"
    UNTRACKED = "untracked"
    IGNORED = "ignored"
    INTENT_TO_ADD = "intended to be added"
    TAKEN_OUT = "taken out of git, and still there"
    UNMERGED = "unmerged"
    ASSUME_UNCHANGED = "marked assume-unchanged"
    SKIP_WORKTREE = "marked skip-worktree"
    MISSING = "deleted"
    FOREIGN = "not in this repository (a submodule, a nested repository, or behind a link)"

    @property
    def in_commits(self) -> bool:
        """Whether HEAD and the index have the file, so that a commit can hold our change and nothing else of it."""
        return self not in _LEFT_OUT


_LEFT_OUT = {
    *(FileState.ADDED, FileState.UNTRACKED, FileState.IGNORED),
    *(FileState.INTENT_TO_ADD, FileState.TAKEN_OUT, FileState.FOREIGN),
}


class PorcelainEntry(Struct, frozen=True):
    """One line of ``git status --porcelain=v2``."""

    path: str
    code: str
    """Index and work tree, as in ``M.``; ``??``, ``!!`` and ``UU`` for untracked, ignored and unmerged."""
    head: Blob | None = None
    index: Blob | None = None
    work_mode: str = _MISSING


class FileStatus(Struct, frozen=True):
    """How one file stands; ``line`` is None for a clean one."""

    state: FileState
    line: PorcelainEntry | None = None
    name: str | None = None
    """What git would call it as it is on the disk, where that was asked."""


def parse(fields: Iterable[str]) -> Iterator[PorcelainEntry]:
    """Yield the lines of ``status --porcelain=v2 -z``."""
    rest = iter(fields)
    for field in rest:
        kind = field[:1]
        if kind == "1":
            _, code, _, head_mode, index_mode, work_mode, head, index, path = field.split(" ", 8)
            yield PorcelainEntry(path, code, blob_of(head_mode, head), blob_of(index_mode, index), work_mode)
        elif kind == "2":
            _, code, _, head_mode, index_mode, work_mode, _, index, _, path = field.split(" ", 9)
            next(rest, None)
            yield PorcelainEntry(path, code, None, blob_of(index_mode, index), work_mode)
        elif kind == "u":
            yield PorcelainEntry(field.split(" ", 10)[10], "UU")
        elif kind in {"?", "!"}:
            yield PorcelainEntry(field[2:], kind * 2)


def survey(git: Git, paths: Sequence[str], *, looking: bool = False) -> dict[str, FileStatus]:
    """Return how each of the files stands, by path; one who is only ``looking`` runs no filter of the person's."""
    seen: dict[str, FileStatus] = {}
    for start in range(0, len(paths), MANY):
        chunk = paths[start : start + MANY]
        options = ("--untracked-files=all", "--ignored=traditional", "--no-renames", "--ignore-submodules=all")
        status = check_ok(
            git.ask("status", "--porcelain=v2", "-z", *options, "--", *chunk), "tell the state of the files"
        )
        tracked = index_entries(git, chunk)
        lines = _by_path(parse(status.fields))
        for path in chunk:
            tag = tracked[path].tag if path in tracked else None
            seen[path] = FileStatus(_state(path, lines, tag), lines.get(path))
    return seen | _named(git, seen, looking)


def index_entries(git: Git, paths: Iterable[str]) -> dict[str, IndexEntry]:
    """Return what the index has of files, by path; git is asked for what is not known of the index as it is."""
    state, every = index_state(git), list(paths)
    known = git.entries[1] if state is not None and git.entries[0] == state else {}
    wanted = sorted(path for path in every if path not in known)
    for start in range(0, len(wanted), MANY):
        chunk = wanted[start : start + MANY]
        listed = check_ok(git.ask("ls-files", "-v", "-s", "-z", "--", *chunk), "read the index")
        known |= dict.fromkeys(chunk)
        for field in listed.fields:
            about, path = field.split("\t", 1)
            tag, mode, sha, stage = about.split(" ")
            known[path] = IndexEntry(tag, Blob(mode, sha) if stage == "0" else None)
    git.entries = state, known
    return {path: entry for path in every if (entry := known[path]) is not None}


def note_entries(git: Git, before: object, blobs: Mapping[str, Blob | None]) -> None:
    """Take note that the index is another one than in a state before, by other versions of files alone.

    With ``core.ignoreStat`` git marks what it is given as assumed unchanged: it is asked again then.
    """
    state, known = git.entries
    marks = git.ask_once("config", "--type=bool", "--default=false", "--get", "core.ignoreStat").text == "true"
    if state == before and state is not None and not marks:
        changed = {path: IndexEntry("H", blob) if blob is not None else None for path, blob in blobs.items()}
        git.entries = index_state(git), {**known, **changed}


def index_state(git: Git) -> object:
    """Return what tells git's index from a later one; ``None`` where nothing does."""
    place = git.state_folder.parent / "index"
    try:
        seen = place.lstat()
        if not stat.S_ISREG(seen.st_mode):
            return None
        return seen.st_ino, seen.st_size, seen.st_mtime_ns, _end(place, min(seen.st_size, _CHECKSUM))
    except OSError:
        return None


_CHECKSUM = 32
"""So many bytes at the end of an index hold a checksum of the rest."""


def _end(place: Path, count: int) -> bytes:
    with place.open("rb") as file:
        file.seek(-count, os.SEEK_END)
        return file.read()


def _named(git: Git, seen: Mapping[str, FileStatus], looking: bool) -> dict[str, FileStatus]:
    """Return the files that git calls modified, by their names now: clean where it would keep for them what it has.

    So it is after a change of ``core.autocrlf`` or of an attribute.
    """
    less = {FileState.MODIFIED: FileState.CLEAN, FileState.BOTH: FileState.STAGED}
    asked = {
        path: each.line.index.sha
        for path, each in seen.items()
        if each.state in less and each.line and each.line.index and each.line.index.mode == each.line.work_mode
    }
    names = names_of(git, list(asked), looking=looking)
    named: dict[str, FileStatus] = {}
    for path, sha in asked.items():
        each = seen[path]
        if names.get(path) != sha:
            named[path] = replace(each, name=names.get(path))
        else:
            named[path] = FileStatus(less[each.state], None if each.state is FileState.MODIFIED else each.line, sha)
    return named


def _by_path(lines: Iterable[PorcelainEntry]) -> dict[str, PorcelainEntry]:
    """Return the lines by path; a file taken out of the index and still there has two, the tracked one counts."""
    found: dict[str, PorcelainEntry] = {}
    for line in lines:
        if line.path not in found or found[line.path].code in {"??", "!!"}:
            found[line.path] = line
    return found


def _state(path: str, lines: Mapping[str, PorcelainEntry], tag: str | None) -> FileState:
    line = lines.get(path)
    if tag is not None and tag.lower() == "s":
        return FileState.SKIP_WORKTREE
    if tag is not None and tag.islower():
        return FileState.ASSUME_UNCHANGED
    if line is None:
        return FileState.CLEAN if tag is not None else _unlisted(path, lines)
    if line.code in _WHOLE:
        return _WHOLE[line.code]
    staged, worked = line.code[0], line.code[1]
    if worked == "A":
        return FileState.INTENT_TO_ADD
    if worked == "D":
        return FileState.MISSING
    if line.index is None:
        return FileState.TAKEN_OUT
    if staged == "A" or line.head is None:
        return FileState.ADDED
    if staged == ".":
        return FileState.MODIFIED
    return FileState.STAGED if worked == "." else FileState.BOTH


_WHOLE = {"??": FileState.UNTRACKED, "!!": FileState.IGNORED, "UU": FileState.UNMERGED}


def _unlisted(path: str, lines: Mapping[str, PorcelainEntry]) -> FileState:
    ignored = any(
        line.code == "!!" and line.path.endswith("/") and path.startswith(line.path) for line in lines.values()
    )
    return FileState.IGNORED if ignored else FileState.FOREIGN


def blob_of(mode: str, sha: str) -> Blob | None:
    """Return what git says of a version by mode and name; ``None`` for what is not there."""
    return None if mode == _MISSING else Blob(mode, sha)
