"""Git's own lock on a repository's index, held by us while a commit is made from an index of ours.

Whoever has it keeps other gits from staging, committing and switching branches meanwhile.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from modal_transforms.core.patterns import pattern
from modal_wizard.files.safe_io import read_own


def lock_of(git_dir: Path) -> Path:
    """Return the lock of the index in a git directory."""
    return git_dir / "index.lock"


@contextlib.contextmanager
def held(state_folder: Path, token: str) -> Iterator[bool]:
    """Hold the lock for the block, with a text by which a later run knows it; yields False when another git has it.

    ``state_folder`` is ours, in the git directory.
    A lock that somebody touched meanwhile, such as a hook that wants it for itself, is left.
    """
    lock = lock_of(state_folder.parent)
    new = state_folder / f"lock-{token}.tmp"
    try:
        new.write_text(_text(token), encoding="ascii")
        made = _place(new, lock)
    finally:
        new.unlink(missing_ok=True)
    try:
        yield made is not None
    finally:
        if made is not None and _changed_at(lock) == made:
            lock.unlink(missing_ok=True)


def release(git_dir: Path, token: str) -> None:
    """Remove the lock of a run that was killed; any other is left.

    ``token`` is empty where that run came to its end before it noted one: nothing of it can go on then.
    """
    with contextlib.suppress(OSError):
        held_by = read_own(lock_of(git_dir)) or b""
        if held_by == _text(token).encode("ascii") or (not token and _OURS.fullmatch(held_by)):
            lock_of(git_dir).unlink()


_OURS = pattern(rb"modal-wizard [0-9a-f]+\n")


def _text(token: str) -> str:
    return f"modal-wizard {token}\n"


def _place(new: Path, lock: Path) -> int | None:
    """Give a new file the name of the lock, unless there is one; returns when it was changed last."""
    try:
        os.link(new, lock)
    except FileExistsError:
        return None
    except OSError:  # a file system without other names for a file
        with contextlib.suppress(FileExistsError), lock.open("xb") as file:
            file.write(new.read_bytes())
            file.flush()
            return _changed_at(lock)
        return None
    return _changed_at(lock)


def _changed_at(lock: Path) -> int | None:
    try:
        return lock.lstat().st_mtime_ns
    except OSError:
        return None
