"""The journal of a transaction: enough to finish or undo it after a kill at any instant.

It is on the disk before the first file is touched and goes when the last is in place; with ``commit_on`` it stays
until the commit that the write belongs to is made.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from msgspec import Struct

from modal_wizard.files.safe_io import UnsafePath, check_below, sync_folder
from modal_wizard.files.signed import NotSigned, read_signed, write_signed
from modal_wizard.text.sanitize import visible

NAME = "write.json"
COMMIT = "commit.json"
"""The journal of the commit that a write may belong to."""


class JournalEntry(Struct, frozen=True):
    """One file of a write: its old and new bytes, and the temporary file that is to take its place."""

    path: str
    temporary: str
    before: bytes
    after: bytes


class Journal(Struct, frozen=True):
    """A write under way."""

    entries: tuple[JournalEntry, ...]
    commit_on: str | None = None
    """The commit that the write's own commit will follow; ``None`` when none is wanted, empty on an unborn branch."""


def save(folder: Path, journal: Journal) -> None:
    """Put the journal on the disk."""
    entries = [
        {"path": e.path, "temporary": e.temporary, "before": _text(e.before), "after": _text(e.after)}
        for e in journal.entries
    ]
    write_signed(folder / NAME, {"commit_on": journal.commit_on, "entries": entries})


def load(folder: Path) -> Journal | None:
    """Return the journal of a write that did not end, or None; raises `ValueError` when it is not to be obeyed."""
    try:
        record: Any = read_signed(folder / NAME)
        if record is None:
            return None
        return Journal(tuple(map(_entry, record["entries"])), record["commit_on"])
    except OSError as error:
        raise ValueError(f"{visible(str(folder / NAME))} cannot be read ({error.strerror})") from error
    except NotSigned:
        raise
    except (ValueError, KeyError, TypeError, UnsafePath) as error:
        raise ValueError(f"{visible(str(folder / NAME))} is not a journal of this version") from error


def remove(folder: Path) -> None:
    """Take the journal away: the write has ended."""
    (folder / NAME).unlink(missing_ok=True)
    sync_folder(folder)


def sweep(folder: Path) -> None:
    """Take away what a kill left of a journal that was being put on the disk; only for who writes alone."""
    for name in (NAME, COMMIT):
        for place in folder.glob(f"{name}.*.tmp"):
            place.unlink(missing_ok=True)


def _entry(record: dict[str, str]) -> JournalEntry:
    for path in (record["path"], record["temporary"]):
        check_below(path)
    before, after = base64.b64decode(record["before"]), base64.b64decode(record["after"])
    return JournalEntry(record["path"], record["temporary"], before, after)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
