"""Which branch and commit are checked out, read from the git directory without asking git."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from modal_wizard.files import safe_io

_HEADS = "refs/heads/"


@dataclass(frozen=True, slots=True)
class HeadRef:
    """What HEAD names."""

    branch: str
    """Empty when HEAD is detached."""
    head: str
    """The commit; empty when there is none yet, or it cannot be told."""

    def __str__(self) -> str:
        return self.branch or f"the commit {self.head[:7]}"


def place_of(git_dir: Path) -> HeadRef | None:
    """Return what is checked out; ``None`` where git keeps that in a way of its own."""
    head = _read(git_dir / "HEAD")
    if not head.startswith("ref: "):
        return HeadRef("", head) if head else None
    name = head.removeprefix("ref: ")
    if not name.startswith(_HEADS) or name == f"{_HEADS}.invalid":
        return None
    common = git_dir / (_read(git_dir / "commondir") or ".")
    return HeadRef(name.removeprefix(_HEADS), _read(common / name) or _packed(common, name))


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


_OPERATIONS = (
    ("rebase-merge", "rebase"),
    ("rebase-apply/applying", "am"),
    ("rebase-apply", "rebase"),
    ("MERGE_HEAD", "merge"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("sequencer", "cherry-pick"),
    ("BISECT_LOG", "bisect"),
)


def busy(git_dir: Path) -> str:
    """Return the operation of git that is in progress, or an empty text."""
    return next((name for marker, name in _OPERATIONS if (git_dir / marker).exists()), "")


def git_dir(root: Path) -> Path | None:
    """Return a repository's git directory, without asking git; ``None`` when there is none."""
    entry = root / ".git"
    if entry.is_dir():
        return entry
    try:
        pointer = os.fsdecode(safe_io.read_own(entry) or b"")
    except OSError:
        return None
    named = pointer.removeprefix("gitdir:").strip()
    return (root / named).resolve() if pointer.startswith("gitdir:") else None
