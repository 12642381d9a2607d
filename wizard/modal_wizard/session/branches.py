"""One session for each branch: set aside when another branch is checked out, restored on coming back."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from modal_wizard.git.dotgit import HeadRef, place_of
from modal_wizard.session import snapshots
from modal_wizard.session.log import Session
from modal_wizard.text.sanitize import visible


def session_of_this_branch(session: Session, load: Callable[[Path], Session]) -> Session:
    """Return the session of the branch that is checked out, setting the given one aside if it is another branch's.

    Decisions of another branch are taken over while both are at the same commit. ``load`` reads a session from a file.
    The session's notes say what was done. Raises `OSError`.
    """
    file = session.file
    head = place_of(file.parent.parent) if file else None
    if file is None or head is None or session.unkept:
        return session
    other = session.branch
    if other == head.branch:
        return session
    if other is not None and session.head and session.head == head.head:
        _copy(file, other)
        session.set_head(head.branch, head.head)
        here = visible(str(head))
        session.notes.append(f"Your decisions of {_branch_name(other)} hold here too: {here} is at the same commit.")
        return session
    if other is None and (session.steps or session.landings or not _file_of_branch(file, head.branch).exists()):
        return session
    if other is not None:
        _move(file, _file_of_branch(file, other))
    return _restored(load, file, head, other, len(session.decisions()))


def _restored(load: Callable[[Path], Session], file: Path, head: HeadRef, other: str | None, count: int) -> Session:
    """Return the session that was set aside when this branch was left, or a new one, and note it."""
    back = _file_of_branch(file, head.branch).exists()
    if back:
        _move(_file_of_branch(file, head.branch), file)
    session = load(file)
    here = visible(str(head))
    if other is not None:
        session.notes.append(f"Your {count} decisions of {_branch_name(other)} are kept for when you are there again.")
    if back:
        session.notes.append(f"Back on {here}: {len(session.decisions())} decisions of yours are here again.")
    return session


def _branch_name(branch: str) -> str:
    return visible(branch) if branch else "a detached HEAD"


def _file_of_branch(file: Path, branch: str) -> Path:
    """Return the file of a branch's session while that is set aside; branch names may hold what file names may not."""
    key = hashlib.sha256(branch.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return file.with_name(f"{file.stem}.{key}{file.suffix}")


def _move(here: Path, there: Path) -> None:
    for old, new in ((here, there), (_snapshots_of(here), _snapshots_of(there))):
        if old.exists():
            old.replace(new)


def _copy(file: Path, branch: str) -> None:
    there = _file_of_branch(file, branch)
    for old, new in ((file, there), (_snapshots_of(file), _snapshots_of(there))):
        if old.exists():
            shutil.copyfile(old, new)


def _snapshots_of(session: Path) -> Path:
    return session.with_name(session.name.replace("session", Path(snapshots.NAME).stem, 1))
