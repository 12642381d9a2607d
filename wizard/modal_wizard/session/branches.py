"""Sessions of other branches: put aside while one is elsewhere, and brought back on coming back."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from modal_wizard.git.dotgit import HeadRef, place_of
from modal_wizard.session import snapshots
from modal_wizard.session.log import Session
from modal_wizard.text.sanitize import visible


def session_here(session: Session, load: Callable[[Path], Session]) -> Session:
    """Return the session of the branch that is checked out, and put that of another branch aside.

    Decisions of another branch hold here as well while both are at the same commit.
    """
    file = session.file
    place = place_of(file.parent.parent) if file else None
    if file is None or place is None or session.unkept:
        return session
    other = session.branch
    if other == place.branch:
        return session
    if other is not None and session.head and session.head == place.head:
        _copy(file, other)
        session.settle_on(place.branch, place.head)
        here = visible(str(place))
        session.notes.append(f"Your decisions of {_named(other)} hold here too: {here} is at the same commit.")
        return session
    if other is None and (session.steps or session.landings or not _aside(file, place.branch).exists()):
        return session
    if other is not None:
        _move(file, _aside(file, other))
    return _brought_back(load, file, place, other, len(session.decisions()))


def _brought_back(
    load: Callable[[Path], Session], file: Path, place: HeadRef, other: str | None, count: int
) -> Session:
    """Return the session that was put aside when this branch was left, or a new one, and say so."""
    back = _aside(file, place.branch).exists()
    if back:
        _move(_aside(file, place.branch), file)
    session = load(file)
    here = visible(str(place))
    if other is not None:
        session.notes.append(f"Your {count} decisions of {_named(other)} are kept for when you are there again.")
    if back:
        session.notes.append(f"Back on {here}: {len(session.decisions())} decisions of yours are here again.")
    return session


def _named(branch: str) -> str:
    return visible(branch) if branch else "a detached HEAD"


def _aside(file: Path, branch: str) -> Path:
    """Return where the session of a branch waits."""
    key = hashlib.sha256(branch.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return file.with_name(f"{file.stem}.{key}{file.suffix}")


def _move(here: Path, there: Path) -> None:
    for old, new in ((here, there), (_seen(here), _seen(there))):
        if old.exists():
            old.replace(new)


def _copy(file: Path, branch: str) -> None:
    there = _aside(file, branch)
    for old, new in ((file, there), (_seen(file), _seen(there))):
        if old.exists():
            shutil.copyfile(old, new)


def _seen(session: Path) -> Path:
    return session.with_name(session.name.replace("session", Path(snapshots.NAME).stem, 1))
