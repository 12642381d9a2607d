"""Snapshots of the files that decisions were made about: their bytes, and where the findings in them were.

They are kept beside the session, so that a later run can tell which decisions still hold in files that changed since.
A file of snapshots holds one JSON object a line: path, findings, and the bytes, deflated and in base64.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from modal_transforms.core.model import Finding
from modal_wizard.files.safe_io import read_own, write_durably
from modal_wizard.session.json_lines import line_of, parsed

NAME = "seen.jsonl"


class SeenFinding(Struct, frozen=True, forbid_unknown_fields=True):
    """A finding as it was: its identity and rule, its offset in bytes, its line from 1."""

    id: str
    rule: str
    start: int
    line: int


class FileSnapshot(Struct, frozen=True):
    """A file as it was."""

    path: str
    data: bytes
    """The bytes that offsets count in."""
    findings: tuple[SeenFinding, ...]


def snapshot(path: str, data: bytes, findings: Iterable[Finding]) -> FileSnapshot:
    """Return what is to be kept of a file: of the findings, those whose first place is in it."""
    own = (finding for finding in findings if finding.site.path == path)
    return FileSnapshot(path, data, tuple(SeenFinding(f.id, f.rule, f.site.span.start, f.site.line) for f in own))


def save(file: Path, snapshots: Mapping[str, FileSnapshot]) -> None:
    """Replace the kept snapshots, durably; raises `OSError`."""
    write_durably(file, "".join(f"{_line(each)}\n" for each in snapshots.values()).encode())


def load(file: Path) -> dict[str, FileSnapshot]:
    """Return the kept snapshots by path; what cannot be read is left out."""
    try:
        data = read_own(file) or b""
    except OSError:
        return {}
    found = map(_snapshot, data.decode("utf-8", "replace").splitlines())
    return {each.path: each for each in found if each is not None}


@lru_cache(4096)  # a run saves after each decision in a new file: what was packed before is not packed again
def _line(taken: FileSnapshot) -> str:
    packed = msgspec.structs.replace(taken, data=zlib.compress(taken.data, 1))
    return line_of(packed)


def _snapshot(line: str) -> FileSnapshot | None:
    try:
        packed = msgspec.convert(parsed(line), FileSnapshot)
        return msgspec.structs.replace(packed, data=zlib.decompress(packed.data))
    except (ValueError, zlib.error, RecursionError):
        return None
