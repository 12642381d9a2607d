"""What decisions were made about: the text of each file as it was then, and where the findings in it were.

Kept beside the session, so that a later run can tell which decisions still hold in files that changed since.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from modal_transforms.core.model import Finding
from modal_wizard.files.safe_io import read_own, write_durably

NAME = "seen.jsonl"


@dataclass(frozen=True, slots=True)
class SeenFinding:
    """A finding as it was."""

    id: str
    rule: str
    start: int
    line: int


@dataclass(frozen=True, slots=True)
class FileSnapshot:
    """A file as it was."""

    path: str
    data: bytes
    """The bytes that offsets count in."""
    findings: tuple[SeenFinding, ...]


def seen_file(path: str, data: bytes, findings: Iterable[Finding]) -> FileSnapshot:
    """Return what is to be kept of a file."""
    own = (finding for finding in findings if finding.site.path == path)
    return FileSnapshot(path, data, tuple(SeenFinding(f.id, f.rule, f.site.span.start, f.site.line) for f in own))


def save(file: Path, seen: Mapping[str, FileSnapshot]) -> None:
    """Keep files as they were; raises `OSError`."""
    write_durably(file, "".join(f"{_line(each)}\n" for each in seen.values()).encode())


def load(file: Path) -> dict[str, FileSnapshot]:
    """Return what was kept, by path; what cannot be read is left out."""
    try:
        data = read_own(file) or b""
    except OSError:
        return {}
    found = (_seen(line) for line in data.decode("utf-8", "replace").splitlines())
    return {each.path: each for each in found if each is not None}


@lru_cache(4096)
def _line(seen: FileSnapshot) -> str:
    packed = base64.b64encode(zlib.compress(seen.data, 1)).decode("ascii")
    findings = [{"id": f.id, "rule": f.rule, "start": f.start, "line": f.line} for f in seen.findings]
    return json.dumps({"path": seen.path, "data": packed, "findings": findings})


def _seen(line: str) -> FileSnapshot | None:
    try:
        plain = json.loads(line)
        data = zlib.decompress(base64.b64decode(plain["data"]))
        return FileSnapshot(str(plain["path"]), data, tuple(SeenFinding(**each) for each in plain["findings"]))
    except (ValueError, KeyError, TypeError, zlib.error, RecursionError):
        return None
