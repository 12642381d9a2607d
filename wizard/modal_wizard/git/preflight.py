"""What stands in the way of a write or a commit: said for each file, before anything is written."""

from __future__ import annotations

import os
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from msgspec import Struct

from modal_wizard.errors import WizardError
from modal_wizard.files import journal
from modal_wizard.files.change import FileChange
from modal_wizard.git import index_lock, index_sync
from modal_wizard.git.command import Git
from modal_wizard.git.commit_plan import FilePlan, Objects, Unsound, plan
from modal_wizard.git.dotgit import busy
from modal_wizard.git.index_lock import lock_of
from modal_wizard.git.merge import MergeConflict
from modal_wizard.git.permissions import Permission
from modal_wizard.git.queries import Head, identity, index_and_head
from modal_wizard.git.status import FileState, FileStatus, PorcelainEntry, index_entries, survey
from modal_wizard.process.tree import running_with
from modal_wizard.text.sanitize import visible

_NEVER = {
    FileState.UNMERGED: "it is unmerged: resolve the conflict first",
    FileState.ASSUME_UNCHANGED: "it is marked assume-unchanged, so git does not look at it: "
    "git update-index --no-assume-unchanged lifts that",
    FileState.SKIP_WORKTREE: "it is marked skip-worktree, so git does not look at it: "
    "git update-index --no-skip-worktree lifts that",
    FileState.MISSING: "it is deleted in the work tree",
    FileState.FOREIGN: f"it is {FileState.FOREIGN.value}",
}
NEEDED: dict[FileState, tuple[Permission, ...]] = {
    FileState.MODIFIED: (Permission.DIRTY,),
    FileState.STAGED: (Permission.STAGED,),
    FileState.ADDED: (Permission.STAGED,),
    FileState.TAKEN_OUT: (Permission.STAGED,),
    FileState.INTENT_TO_ADD: (Permission.DIRTY,),
    FileState.BOTH: (Permission.DIRTY, Permission.STAGED),
}
"""What a file with work of the person's needs, to be written and committed without it."""


class FileBlocked(Struct, frozen=True):
    """One file that stands in the way."""

    path: str
    state: FileState
    reason: str
    lifted_by: tuple[Permission, ...] = ()
    """What lifts the refusal, all of it together; empty where nothing does."""

    def __str__(self) -> str:
        return f"{visible(self.path)}: {self.reason}"


class CommitRefused(WizardError):
    """Nothing was written and nothing committed; ``refusals`` names the files, where it is about files.

    The message does not list them: a front end does, with its own words for what lifts each.
    """

    def __init__(self, message: str, hint: str, refusals: tuple[FileBlocked, ...] = ()) -> None:
        super().__init__(message, hint)
        self.refusals = refusals

    def __str__(self) -> str:
        listed = "".join(f"\n  {refusal}" for refusal in self.refusals)
        return f"{self.message}{listed}\n{self.hint}" if self.refusals else super().__str__()


class Surveyed(Struct, frozen=True):
    """How files stood, and what tells whether anything was staged or committed since."""

    files: Mapping[str, FileStatus]
    since: object


def check_files(
    git: Git, changes: Sequence[FileChange], allowed: Container[Permission], *, commits: bool = True
) -> Surveyed:
    """Return how files stand; raises `CommitRefused` when one stands in the way that ``allowed`` does not let pass.

    Where it ``commits``, lines of the person's that meet ours always do.
    """
    since = index_and_head(git)
    seen = survey(git, [change.path for change in changes])
    refusals = [found for path, each in seen.items() if (found := _refusal(path, each, allowed)) is not None]
    if not refusals and (commits or Permission.OVERLAP not in allowed):
        refusals = _collisions(Objects(git), changes, seen)[1]
    if refusals:
        raise _refused(refusals)
    return Surveyed(seen, since)


def check_there(git_dir: Path) -> None:
    """Raise `CommitRefused` when the git directory is not there any more."""
    if not (git_dir / "HEAD").exists():
        raise CommitRefused(
            f"{visible(str(git_dir))} is no git directory any more; nothing was changed.",
            "Bring it back and start again, or start again for a folder without a repository.",
        )


def refuse_without_commit(git: Git, head: Head) -> NoReturn:
    """Raise `CommitRefused`: there is no last commit, or it cannot be read."""
    if head.branch is None or git.ask("rev-parse", "-q", "--verify", "HEAD").text:
        raise CommitRefused(
            f"The last commit of {visible(head.branch or 'HEAD')} is damaged or not there; nothing was written.",
            "See what git fsck says.",
        )
    raise CommitRefused(
        f"The branch {visible(head.branch)} has no commit yet; nothing was written.",
        "Make a first commit of your own, or write without a commit.",
    )


def check_identity(git: Git) -> None:
    """Raise `CommitRefused` when git cannot tell who commits, or when."""
    if identity(git):
        return
    for name in ("AUTHOR", "COMMITTER"):
        date = f"GIT_{name}_DATE"
        asked = ("var", f"GIT_{name}_IDENT")
        if git.ask(*asked).status and not git.ask(*asked, env={date: ""}).status:
            raise CommitRefused(
                f"{date} is no date that git can read: {visible(os.environ.get(date, ''))}; nothing was written.",
                f"Correct it or take it out of the environment (unset {date}), then try again.",
            )
    raise CommitRefused(
        "Git does not know who you are; nothing was written.",
        'Tell it: git config user.name "..." and git config user.email "...".',
    )


def check_idle(git_dir: Path) -> None:
    """Raise `CommitRefused` when git is in the middle of something, or another git is at work."""
    check_not_busy(git_dir)
    if lock_of(git_dir).exists():
        refuse_lock(git_dir)


def check_not_busy(git_dir: Path) -> None:
    """Raise `CommitRefused` when git is in the middle of something, such as a merge."""
    if operation := busy(git_dir):
        raise CommitRefused(
            f"A {operation} is in progress; nothing was written.", f"Finish or abort the {operation}, then try again."
        )


def refuse_lock(git_dir: Path) -> NoReturn:
    """Raise `CommitRefused`: another git has the index."""
    raise CommitRefused(
        f"Another git command holds {lock_of(git_dir)}; nothing was written.",
        "Let it finish. If none is running, one was killed: delete that file and try again.",
    )


def check_settled(git_dir: Path, state_folder: Path) -> None:
    """Raise `CommitRefused` while the git that a killed run started may still be at work on its commit."""
    if not any((state_folder / name).exists() for name in (journal.NAME, journal.COMMIT)):
        return
    pending = index_sync.load(state_folder)
    if pending is not None and pending.token:
        number = running_with(str(pending.message(state_folder)))
        if number:
            raise CommitRefused(
                f"Git is still making the commit of a run that was killed (process {number}).",
                "Let it finish, or end it, then start again: whether it was made is settled then.",
            )
    if pending is None or pending.token:
        index_lock.release(git_dir, pending.token if pending is not None else "")
    locks = [lock_of(git_dir), *state_folder.glob("index-*.lock")]
    held = next((lock for lock in locks if lock.exists()), None)
    if held is not None:
        raise CommitRefused(
            f"A commit of a run that was killed may still be under way: {held} is there.",
            "Let it finish. If no git is running, delete that file and start again: the commit is then settled.",
        )


def plans_for(
    git: Git, objects: Objects, changes: Sequence[FileChange], before: Surveyed | None = None
) -> list[FilePlan]:
    """Return how each file goes into the commit; raises `CommitRefused` where one cannot.

    ``before`` is how the files stood before they were written: where they were clean, they are ours now as a whole.
    """
    seen = _written(git, before) if before is not None else {}
    if seen.keys() != {change.path for change in changes}:
        seen = survey(git, [change.path for change in changes])
    everything = frozenset(Permission)
    refusals = [found for path, each in seen.items() if (found := _refusal(path, each, everything)) is not None]
    plans, collided = _collisions(objects, changes, seen)
    if refusals or collided:
        raise _refused([*refusals, *collided])
    return plans


def _written(git: Git, before: Surveyed) -> dict[str, FileStatus]:
    """Return how files stand that were clean and were written since; nothing where git has to be asked for that."""
    if before.since is None or before.since != index_and_head(git):
        return {}
    entries = index_entries(git, before.files)
    clean = (path for path, each in before.files.items() if each.state is FileState.CLEAN)
    kept = {path: blob for path in clean if path in entries and (blob := entries[path].blob) is not None}
    return {
        path: FileStatus(FileState.MODIFIED, PorcelainEntry(path, ".M", blob, blob, blob.mode))
        for path, blob in kept.items()
    }


def _refusal(path: str, seen: FileStatus, allowed: Container[Permission]) -> FileBlocked | None:
    if seen.state in _NEVER:
        return FileBlocked(path, seen.state, _NEVER[seen.state])
    missing = tuple(permission for permission in NEEDED.get(seen.state, ()) if permission not in allowed)
    return FileBlocked(path, seen.state, f"it is {seen.state.value}", missing) if missing else None


def _collisions(
    objects: Objects, changes: Sequence[FileChange], seen: dict[str, FileStatus]
) -> tuple[list[FilePlan], list[FileBlocked]]:
    plans: list[FilePlan] = []
    refusals: list[FileBlocked] = []
    for change in changes:
        try:
            plans.append(plan(objects, change, seen[change.path]))
        except MergeConflict as collision:
            reason = f"your own uncommitted change and ours meet in line {collision.line}: commit or undo yours first"
            refusals.append(FileBlocked(change.path, seen[change.path].state, reason))
        except Unsound as fault:
            refusals.append(FileBlocked(change.path, seen[change.path].state, f"{fault}: commit or undo yours first"))
    return plans, refusals


def _refused(refusals: list[FileBlocked]) -> CommitRefused:
    count = len(refusals)
    if count == 1:
        hint = "Commit or stash your own changes, or skip the findings in this file."
        return CommitRefused("Nothing was written, because of this file:", hint, tuple(refusals))
    hint = "Commit or stash your own changes, or skip the findings in these files."
    return CommitRefused(f"Nothing was written, because of these {count} files:", hint, tuple(refusals))
