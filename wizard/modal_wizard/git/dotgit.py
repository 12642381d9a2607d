"""Which branch and commit are checked out, read from the git directory without asking git."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from msgspec import Struct

from modal_transforms.core.patterns import pattern
from modal_wizard.files import safe_io
from modal_wizard.text.sanitize import visible

_HEADS = "refs/heads/"


class HeadRef(Struct, frozen=True):
    """What HEAD names."""

    branch: str
    """Empty when HEAD is detached."""
    head: str
    """The commit; empty when there is none yet, or it cannot be told."""

    def __str__(self) -> str:
        return self.branch or f"the commit {self.head[:7]}"


def place_of(git_dir: Path) -> HeadRef | None:
    """Return what is checked out; ``None`` where git keeps that in a way of its own."""
    with contextlib.suppress(*_NO_PATH):
        return _place_of(git_dir)
    return None


def _place_of(git_dir: Path) -> HeadRef | None:
    head = _read(git_dir / "HEAD")
    if not head.startswith("ref: "):
        return HeadRef("", head) if head else None
    name = head.removeprefix("ref: ")
    if not name.startswith(_HEADS) or name == f"{_HEADS}.invalid":
        return None
    common = git_dir / (_read(git_dir / "commondir") or ".")
    return HeadRef(name.removeprefix(_HEADS), _read(common / name) or _packed(common, name))


def moves_of(git_dir: Path) -> list[tuple[str, str]] | None:
    """Return the commits that HEAD was at, the latest first, each with what brought it there; ``None`` as above."""
    if place_of(git_dir) is None:
        return None
    lines = reversed(_read(git_dir / "logs" / "HEAD").split("\n"))
    moves = ((names.split(" ", 2), what) for names, _, what in (line.partition("\t") for line in lines))
    return [(names[1], what) for names, what in moves if len(names) > 2]


def _packed(common: Path, name: str) -> str:
    for line in _read(common / "packed-refs").splitlines():
        sha, _, packed = line.partition(" ")
        if packed == name:
            return sha
    return ""


def _read(file: Path) -> str:
    """Return what a file of git's holds, empty when it is none: a pipe would be waited for."""
    try:
        return os.fsdecode(safe_io.read_own(file) or b"").strip()
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
    """Return a repository's git directory, without asking git; ``None`` when there is none that is its own."""
    with contextlib.suppress(*_NO_PATH):
        folder = _named(root / ".git")
        return folder if folder is not None and not _fault(root, folder) else None
    return None


_NO_PATH = (OSError, ValueError, RuntimeError)
"""What comes of a name that is too long, holds a NUL, or leads round in a circle."""


_PLAIN = (
    *("HEAD", "config", "config.worktree", "index", "packed-refs", "commondir", "gitdir", "shallow"),
    *("info/attributes", "info/exclude", "info/grafts", "info/sparse-checkout", "objects/info/alternates"),
    *("COMMIT_EDITMSG", "ORIG_HEAD", "logs/HEAD"),
)
"""Files of a git directory that git opens, to read or to write, and would wait for if one were a pipe."""


def refusal(root: Path) -> str:
    """Return why the ``.git`` of a folder is not to be followed, in a sentence; empty when it is.

    A folder called so that is no git directory is none for git either, and no reason to refuse.
    """
    try:
        return _refusal(root, root / ".git")
    except _NO_PATH as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return f"what it leads to cannot be told ({visible(reason)})"


def _refusal(root: Path, entry: Path) -> str:
    if entry.is_dir() and not entry.is_symlink():
        return _not_plain(entry)
    folder = _named(entry)
    if folder is None:
        return "it is neither a git directory nor a file that names one"
    return _fault(root, folder) and f"it leads to {visible(str(folder))}, but {_fault(root, folder)}"


def _named(entry: Path) -> Path | None:
    """Return the folder that a ``.git`` is, or names."""
    if entry.is_dir():
        return entry.resolve() if entry.is_symlink() else entry
    try:
        pointer = os.fsdecode(safe_io.read_own(entry) or b"")
    except OSError:
        return None
    named = pointer.removeprefix("gitdir:").strip()
    return (entry.parent / named).resolve() if pointer.startswith("gitdir:") else None


def _fault(root: Path, folder: Path) -> str:
    """Return why a folder is not the git directory of a work tree; empty when it is."""
    if not _is_git_directory(folder):
        return "that is no git directory"
    if odd := _not_plain(folder):
        return odd
    if folder == root / ".git":
        return ""
    back = _read(folder / "gitdir")
    if back:
        own = Path(os.path.join(folder, back)).resolve() == (root / ".git").resolve()
    else:
        named = _work_tree(folder)
        own = named == root.resolve() if named is not None else folder.name != ".git"
    return "" if own else "that belongs to another work tree"


def _work_tree(folder: Path) -> Path | None:
    """Return the work tree that a git directory's settings name."""
    named = [line.partition("=")[2] for line in _read(folder / "config").splitlines() if _WORK_TREE.match(line)]
    return (folder / named[-1].strip().strip('"')).resolve() if named else None


_WORK_TREE = pattern(r"\s*worktree\s*=", re.IGNORECASE)


def _is_git_directory(folder: Path) -> bool:
    """Tell whether git would take a folder for one, as git does: by a HEAD, and where objects and refs are."""
    common = folder / (_read(folder / "commondir") or ".")
    return os.path.lexists(folder / "HEAD") and (common / "objects").is_dir() and (common / "refs").is_dir()


def _not_plain(folder: Path) -> str:
    """Return which of git's files is no file, such as a pipe, or leads elsewhere; empty when none does."""
    odd = (f"{name} there is not a plain file" for name in _PLAIN if _is_odd(folder / name))
    links = (f"{name} there is a symbolic link" for name in _written(folder) if (folder / name).is_symlink())
    others = (f"{name} there leads to another repository" for name in _SHARED if _is_of_another(folder, name))
    return next(chain(odd, links, others), "")


def _is_odd(place: Path) -> bool:
    return place.exists() and not place.is_file()


_SHARED = ("refs", "refs/heads", "logs", "logs/refs")
"""Folders that a commit changes something in; some tools have them in a git directory that several work trees share."""


def _is_of_another(folder: Path, name: str) -> bool:
    """Tell whether a folder of a git directory is a link into that of another work tree."""
    place = folder / name
    return place.is_symlink() and any(
        each.name == ".git" and each != folder.resolve() for each in place.resolve().parents
    )


def _written(folder: Path) -> Iterator[str]:
    """Yield the files that a commit is written into: behind a link, git writes over whatever is there."""
    yield from ("index", "COMMIT_EDITMSG", "logs/HEAD")
    head = _read(folder / "HEAD")
    if head.startswith("ref: "):
        yield os.path.join(_read(folder / "commondir"), "logs", head.removeprefix("ref: "))
