"""Which branch and commit are checked out, read from the git directory without asking git."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_HEADS = "refs/heads/"


@dataclass(frozen=True, slots=True)
class Place:
    """What HEAD names."""

    branch: str
    """Empty when HEAD is detached."""
    head: str
    """The commit; empty when there is none yet, or it cannot be told."""

    def __str__(self) -> str:
        return self.branch or f"the commit {self.head[:7]}"


def place_of(git_dir: Path) -> Place | None:
    """Return what is checked out; ``None`` where git keeps that in a way of its own."""
    head = _read(git_dir / "HEAD")
    if not head.startswith("ref: "):
        return Place("", head) if head else None
    name = head.removeprefix("ref: ")
    if not name.startswith(_HEADS) or name == f"{_HEADS}.invalid":
        return None
    common = git_dir / (_read(git_dir / "commondir") or ".")
    return Place(name.removeprefix(_HEADS), _read(common / name) or _packed(common, name))


def _packed(common: Path, name: str) -> str:
    for line in _read(common / "packed-refs").splitlines():
        sha, _, packed = line.partition(" ")
        if packed == name:
            return sha
    return ""


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="surrogateescape").strip()
    except (OSError, ValueError):
        return ""
