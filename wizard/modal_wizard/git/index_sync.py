"""The person's index after a commit of ours: their staged lines stay staged, ours are not staged backwards.

What is to be done is on the disk before the commit is made, so that a kill between the two loses nothing.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from modal_wizard.files import journal
from modal_wizard.files.signed import NotSigned, read_signed, write_signed
from modal_wizard.files.transaction import LOOK, WriteRefused
from modal_wizard.git.blobs import Blob
from modal_wizard.git.command import MANY, Git, check_ok, names_of
from modal_wizard.git.queries import changes_since, index_and_head, last_commit
from modal_wizard.git.status import index_entries, note_entries


class IndexUpdate(Struct, frozen=True):
    """One file's entry in the person's index: when it is one of ``known``, it becomes ``target``.

    With none ``known`` it is when it is what the commit before has, as for any other file of the commit.
    """

    path: str
    known: tuple[Blob, ...]
    target: Blob | None = None
    """None for what the new commit has."""


class PendingCommit(Struct, frozen=True):
    """A commit under way: the one before it, and what is due after it."""

    parent: str
    dues: tuple[IndexUpdate, ...]
    token: str = ""
    """By what the message, the index and the lock of the commit are known; empty in what older versions wrote."""
    earlier: tuple[str, ...] = ()
    """Commits on the same parent that were there before, and are not this one."""
    branch: str = ""
    """The branch that it is made on; empty where none is checked out."""
    whole: Mapping[str, str] = field(default_factory=dict)
    """What files are in the work tree that the person has only partly in the index, by git's names for that.

    Where a hook adds one so, what is in the index is older than the commit, and would take the rest of it back.
    """

    @property
    def paths(self) -> list[str]:
        """The files that are to be in the commit."""
        return [due.path for due in self.dues]

    def message(self, folder: Path) -> Path:
        """Return the file of the commit's message, which git has on its command line for as long as it runs."""
        return folder / f"message-{self.token}"


def save(folder: Path, pending: PendingCommit) -> None:
    """Put on the disk what is due when the commit is made."""
    dues = [
        {"path": d.path, "known": [_pair(b) for b in d.known], "target": _pair(d.target) if d.target else None}
        for d in pending.dues
    ]
    record = {"parent": pending.parent, "token": pending.token, "dues": dues, "earlier": pending.earlier}
    write_signed(folder / journal.COMMIT, {**record, "branch": pending.branch, "whole": dict(pending.whole)})


def load(folder: Path) -> PendingCommit | None:
    """Return what an interrupted commit left due, or None; raises `WriteRefused` when it is not to be obeyed."""
    try:
        record: Any = read_signed(folder / journal.COMMIT)
        dues = tuple(
            IndexUpdate(
                d["path"], tuple(Blob(*pair) for pair in d["known"]), Blob(*d["target"]) if d["target"] else None
            )
            for d in record["dues"]
        )
        token, branch = (str(record.get(name, "")) for name in ("token", "branch"))
        earlier, whole = tuple(record.get("earlier", ())), dict(record.get("whole", {}))
        return PendingCommit(record["parent"], dues, token, earlier, branch, whole)
    except NotSigned as foreign:
        raise WriteRefused("", f"{foreign}.", LOOK) from foreign
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def is_begun(folder: Path) -> bool:
    """Tell whether a commit of ours was begun and not settled yet: what others commit before it is none."""
    return (folder / journal.COMMIT).exists()


def remove(folder: Path) -> None:
    """Nothing is due any more; a folder in its place is none of ours, and stays."""
    place = folder / journal.COMMIT
    if place.is_symlink() or not place.is_dir():
        place.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Take away what a killed commit used on its way."""
    for pattern in ("index-*", "message-*", "*.tmp"):
        for place in folder.glob(pattern):
            place.unlink(missing_ok=True)


def is_level(git: Git) -> bool:
    """Tell whether the person's index has nothing that HEAD has not: git is asked unless neither is another one."""
    now = index_and_head(git)
    if now is None:
        return False
    words = ("diff-index", "--cached", "--quiet", "--ita-visible-in-index", "--ignore-submodules=none")
    if git.level != now and git.ask(*words, now[1], "--").status == 0:
        git.level = now
    return git.level == now


def partly_staged(git: Git) -> dict[str, str]:
    """Return what files are in the work tree that the index has otherwise, and HEAD too, by git's names for that."""
    if is_level(git):
        return {}
    only = ("--name-only", "-z", "--diff-filter=AM", "--ignore-submodules=all")
    staged = git.ask("diff-index", "--cached", *only, "--ita-visible-in-index", "HEAD", "--").fields
    unstaged = git.ask("diff-files", *only).fields if staged else []
    return names_of(git, sorted(set(staged).intersection(unstaged)))


def settle(git: Git, pending: PendingCommit) -> None:
    """Bring the person's index in step with the commit that HEAD now names; raises `RepositoryProblem`."""
    before = index_and_head(git)
    if before is not None and before == git.level:
        return
    was_level = before is not None and git.level == (before[0], pending.parent)
    changed = changes_since(git, pending.parent, last_commit(git))
    is_as_committed = _bring_in_step(git, pending, changed)
    git.level = index_and_head(git) if was_level and is_as_committed else None


def put_in_place(git: Git, own: Path, pending: PendingCommit) -> None:
    """Make the index that a commit was made from the person's, where theirs had nothing else; git's lock is ours.

    That is so where theirs was level with the commit before and is still the same, and the new one holds our files
    alone. Elsewhere `settle` sees to it. No hook may have had a hand in it.
    """
    before, was = index_and_head(git), git.level
    if before is None or was is None or (before[0], pending.parent) != was:
        return
    changed = changes_since(git, pending.parent, before[1])
    if changed.keys() != set(pending.paths):
        return
    with contextlib.suppress(OSError):
        os.replace(own, git.state_folder.parent / "index")
        git.level = index_and_head(git)
        note_entries(git, before[0], {path: new for path, (_, new) in changed.items()})


def _bring_in_step(git: Git, pending: PendingCommit, changed: Mapping[str, tuple[Blob | None, Blob | None]]) -> bool:
    """Bring the index in step with what a commit changed; tells whether it now has of all that what the commit has."""
    now = {path: each.blob for path, each in index_entries(git, changed).items()}
    dues = {due.path: due for due in pending.dues}
    as_committed: list[str] = []
    records = b""
    for path, (old, new) in changed.items():
        is_whole = new is not None and pending.whole.get(path) == new.sha
        due = dues.get(path) if not is_whole else None
        known = due.known if due is not None and due.known else (old,)
        target = due.target if due is not None and due.target is not None else new
        if (now.get(path) not in known and not is_whole) or now.get(path) == target:
            continue
        if target == new and now.get(path) is not None:
            as_committed.append(path)
        else:
            records += record(path, target or Blob("0", "0" * len(pending.parent)))
    if records:
        check_ok(git.act("update-index", "-z", "--index-info", given=records), "bring the index up to date")
        if not as_committed:
            git.act("update-index", "-q", "--refresh")
    for start in range(0, len(as_committed), MANY):  # which looks at the files again as well
        names = as_committed[start : start + MANY]
        check_ok(git.act("reset", "--", *names, env={"GIT_LITERAL_PATHSPECS": "1"}), "bring the index up to date")
    return set(as_committed) == changed.keys()


def record(path: str, blob: Blob) -> bytes:
    """Return one entry for ``git update-index -z --index-info``."""
    return f"{blob.mode} {blob.sha}\t".encode() + os.fsencode(path) + b"\0"


def _pair(blob: Blob) -> list[str]:
    return [blob.mode, blob.sha]
