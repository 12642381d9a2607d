"""Commit files that were just written: our changes and nothing else, by the person's own git, hooks and key.

The commit is made from an index of our own, so that what the person has staged, and saves meanwhile, stays out of it,
and under git's lock on theirs, so that nobody switches branches underneath.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from modal_wizard.files.change import FileChange
from modal_wizard.files.transaction import reread
from modal_wizard.git import index_lock, index_sync
from modal_wizard.git.additions import HookAddition, additions, in_words
from modal_wizard.git.blobs import Blob
from modal_wizard.git.command import Completed, Git, Hears, RepositoryProblem, check_ok
from modal_wizard.git.commit_plan import FilePlan, Inclusion, Objects
from modal_wizard.git.dotgit import place_of
from modal_wizard.git.failures import CommitFailed, changed_since, failure, tail
from modal_wizard.git.hooks import hooks_there
from modal_wizard.git.index_sync import IndexUpdate, PendingCommit, record
from modal_wizard.git.preflight import CommitRefused, Surveyed, check_not_busy, plans_for, refuse_lock
from modal_wizard.git.queries import (
    Head,
    check_head,
    head,
    is_behind,
    last_commit,
    made_earlier,
    made_since,
    short_name,
)
from modal_wizard.git.set_aside import bring_back, unstaged
from modal_wizard.process.signals import Halted, Stopped, check, note, shielded
from modal_wizard.text.sanitize import visible


class Committed(Struct, frozen=True):
    """A commit that was made; ``sha`` is empty when none of the files could be in one."""

    sha: str
    short: str
    branch: str | None
    files: tuple[str, ...]
    left_uncommitted: tuple[str, ...] = ()
    """Files that were written and not committed, because HEAD or the index does not have them."""
    hook_output: str = ""
    additions: tuple[HookAddition, ...] = ()
    """What a hook put into the commit beside our changes."""
    rewritten: tuple[str, ...] = ()
    """Files of ours that hooks changed since they were written: look at them again."""
    elsewhere: str = ""
    """The branch that the commit went to where a hook switched to another one; empty where it went where it was to."""
    had_hooks: bool = True
    """Whether a hook may have run, and so any file have come or gone."""

    @property
    def also(self) -> tuple[str, ...]:
        """The files with what a hook put into the commit beside our changes."""
        return tuple(each.path for each in self.additions)

    @property
    def amiss(self) -> str:
        """Say what hooks made of the commit that nobody asked for; empty where they did nothing of that kind."""
        if not self.elsewhere:
            return in_words(self.additions)
        here, there = visible(self.branch or ""), visible(self.elsewhere)
        return f"A hook switched branches: the commit is on {there}, not on {here}. {in_words(self.additions)}".rstrip()

    @property
    def left_in_words(self) -> str:
        """Say which files were written and not committed; empty where none was."""
        names = ", ".join(map(visible, self.left_uncommitted))
        return names and f"only written, as new to git or taken out of it: {names}"


class CommitRequest(Struct, frozen=True):
    """What is to be committed, and with what words and environment."""

    changes: Sequence[FileChange]
    message: str
    env: Mapping[str, str]
    hooked: bool
    """Whether what hooks made of our files since they were written is part of it."""
    onto: Head | None = None
    """Where HEAD has to be; ``None`` for wherever it is."""
    hears: Hears | None = None
    """Takes in what hooks print while they run."""
    finished: Callable[[], None] | None = None
    """Ends what is noted of the write, once the commit is there and before it is forgotten that one was begun."""
    earlier: frozenset[str] | None = None
    """Commits on HEAD that were there before, where that was asked; see `PendingCommit.earlier`."""
    before: Surveyed | None = None
    """How the files stood before they were written, where that is known."""


def commit(git: Git, order: CommitRequest) -> Committed:
    """Make the commit; raises `CommitRefused` or `CommitFailed`, with the person's index as it was.

    Once the commit is there nothing is raised, unless a hook took it back: what is then still due is done by the next
    commit or `finish_pending`.
    """
    finish_pending(git)
    changes = _as_written(git.root, order)
    objects = Objects(git)
    plans = _plans(git, objects, changes, order)
    held = [plan for plan in plans if plan.how is not Inclusion.LEFT]
    left = tuple(plan.change.path for plan in plans if plan.how is Inclusion.LEFT)
    now = head(git)
    if not held:
        _finish(order)
        return Committed("", "", now.branch, (), left)
    parent = last_commit(git)
    earlier = made_earlier(git, parent) if order.earlier is None else order.earlier
    hooks = hooks_there(git)
    dues, whole = _dues(objects, held), _whole(git, objects, held, hooks)
    pending = PendingCommit(parent, dues, secrets.token_hex(8), tuple(sorted(earlier)), now.branch or "", whole)
    output = _make(git, objects, held, order, pending, hooks)
    with shielded():
        settled = _settle(git, pending)
        sha = _made(git, pending)
        if not sha:
            index_sync.remove(git.state_folder)
            raise _without_ours(git, pending.parent, output)
        _finish(order)
        if settled:
            index_sync.remove(git.state_folder)
        short = short_name(git, sha) or sha[:7]
        rewritten = changed_since(git.root, order.changes)
    more: tuple[HookAddition, ...] = ()
    with contextlib.suppress(RepositoryProblem, Stopped, Halted):  # a hook may be run once more for it
        more = additions(git, pending.parent, sha, held)
    went = _elsewhere(git, now, sha)
    return Committed(sha, short, now.branch, tuple(pending.paths), left, output, more, rewritten, went, bool(hooks))


def _elsewhere(git: Git, meant: Head, sha: str) -> str:
    """Return the branch that a commit went to where that is not the one that was checked out before."""
    place = place_of(git.state_folder.parent)
    if place is None or not meant.branch or place.branch == meant.branch:
        return ""
    on_it = git.ask("merge-base", "--is-ancestor", sha, f"refs/heads/{meant.branch}")
    return (place.branch or "no branch") if on_it.status == 1 else ""


def finish_pending(git: Git) -> bool:
    """Bring the index in step with a commit that a kill parted it from, and forget it; tells whether there was one."""
    with shielded():
        made = settle_pending(git)
        index_sync.remove(git.state_folder)
    return made


def settle_pending(git: Git) -> bool:
    """Bring the index in step with a commit that a kill parted it from; tells whether there was one."""
    pending = index_sync.load(git.state_folder)
    if pending is None:
        return False
    with shielded():
        made = _made(git, pending)
        if made and is_behind(git, made):
            index_sync.settle(git, pending)
    return bool(made)


def _made(git: Git, pending: PendingCommit) -> str:
    """Return the commit that was under way, by its name; empty when it was not made."""
    return made_since(git, pending.parent, pending.paths, pending.earlier, pending.branch)


def _without_ours(git: Git, parent: str, output: str) -> CommitFailed:
    """Return what to say of a commit that git made, and that a hook took back or took our changes out of."""
    head = git.ask("rev-parse", "--verify", "HEAD").text
    if git.ask("rev-parse", "--verify", "HEAD^").text != parent:
        return CommitFailed("undone", output)
    failed = CommitFailed("emptied", output)
    failed.message += f" {head[:7]} is there without them."
    return failed


def _settle(git: Git, pending: PendingCommit) -> bool:
    """Bring the index in step, or leave that to the next run; tells whether it is."""
    try:
        index_sync.settle(git, pending)
    except RepositoryProblem:
        return False
    return True


def _finish(order: CommitRequest) -> None:
    if order.finished is not None:
        order.finished()


def _plans(git: Git, objects: Objects, changes: Sequence[FileChange], order: CommitRequest) -> list[FilePlan]:
    """Return how each file goes into the commit; raises `CommitRefused`, for a HEAD that moved where that is why."""
    try:
        return plans_for(git, objects, changes, order.before)
    except CommitRefused:
        check_head(git, order.onto)
        raise


def _as_written(root: Path, order: CommitRequest) -> list[FileChange]:
    changed = changed_since(root, order.changes)
    if changed and not order.hooked:
        names = ", ".join(map(visible, changed))
        raise CommitRefused(f"Changed since they were written: {names}. Nothing was committed.", "Scan again.")
    return reread(root, order.changes)


def _make(
    git: Git,
    objects: Objects,
    plans: Sequence[FilePlan],
    order: CommitRequest,
    pending: PendingCommit,
    hooks: Collection[str],
) -> str:
    """Run ``git commit``; returns what hooks said.

    Whether the commit was made is asked of git, whatever came in between: a signal may come when it has just been.
    What was made before our git was started is not ours.
    """
    try:
        with _told(git.state_folder):
            answer = _run(git, objects, plans, order, pending, hooks)
    except BaseException:
        with shielded():
            if not index_sync.is_begun(git.state_folder):
                raise
            if not _made(git, pending):
                index_sync.remove(git.state_folder)
                raise
        return ""
    if answer.status != 0:
        with shielded():
            if not _made(git, pending):
                index_sync.remove(git.state_folder)
                raise failure(git, answer, [plan.change for plan in plans])
    return tail(answer)


_SETTINGS = ("-c", "i18n.commitEncoding=UTF-8", "-c", "maintenance.auto=false")
"""What we write the message in; and git's housekeeping is left to the person's own next commit."""


def _run(
    git: Git,
    objects: Objects,
    plans: Sequence[FilePlan],
    order: CommitRequest,
    pending: PendingCommit,
    hooks: Collection[str],
) -> Completed:
    """Commit by an index of our own, under git's lock on the person's; raises `CommitRefused`."""
    words = ("commit", "--quiet", "--cleanup=whitespace", "-F", str(pending.message(git.state_folder)))
    expected = [plan.change for plan in plans]
    with (
        index_lock.held(git.state_folder, pending.token) as mine,
        _message(pending.message(git.state_folder), order.message),
        _own_index(git, objects, plans, pending.token) as aside,
    ):
        if not mine:
            refuse_lock(git.state_folder.parent)
        changed = changed_since(git.root, expected)  # what was staged just now is what we wrote only if it still is
        if changed:
            names = ", ".join(map(visible, changed))
            raise CommitRefused(f"Changed since they were written: {names}. Nothing was committed.", "Scan again.")
        check_head(git, order.onto)
        check_not_busy(git.state_folder.parent)
        check()
        before = unstaged(git, aside) if hooks else {}
        index_sync.save(git.state_folder, pending)
        command = (*_SETTINGS, *words)
        try:
            answer = git.act(*command, env={**order.env, **aside}, hears=order.hears)
        except BaseException:
            with shielded():
                note(bring_back(git, aside, before))
            raise
        if answer.status == 0 and not hooks and all(plan.how is Inclusion.WHOLE for plan in plans):
            index_sync.put_in_place(git, Path(aside["GIT_INDEX_FILE"]), pending)
        said = bring_back(git, aside, before) if answer.status or _DIED in answer.err else ""
        return replace(answer, err=f"{answer.err}\n{said}") if said else answer


_DIED = " died of signal "
"""What git says of a hook that was killed; after the commit it does not fail for that."""


@contextlib.contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Raise `RepositoryProblem` where what a commit is made of cannot be written."""
    try:
        yield
    except OSError as error:
        place = visible(os.fsdecode(error.filename or folder))
        raise RepositoryProblem(
            f"{place} cannot be written ({error.strerror}). Nothing was committed.",
            "Make room there, then commit again.",
        ) from error


@contextlib.contextmanager
def _own_index(git: Git, objects: Objects, plans: Sequence[FilePlan], token: str) -> Iterator[dict[str, str]]:
    """Yield what has git use an index of ours: what HEAD has, and our changes."""
    own = git.state_folder / f"index-{token}"
    aside = {"GIT_INDEX_FILE": str(own)}
    try:
        shutil.copyfile(git.state_folder.parent / "index", own)
        if not index_sync.is_level(git):
            check_ok(git.act("read-tree", "--reset", "HEAD", env=aside), "set up an index")
        whole = [plan.change.path for plan in plans if plan.how is Inclusion.WHOLE]
        given = b"".join(os.fsencode(path) + b"\0" for path in whole)
        if given:
            check_ok(git.act("update-index", "-z", "--stdin", given=given, env=aside), "take up the files")
        parts = [plan for plan in plans if plan.how is Inclusion.PART and plan.head is not None]
        records = b"".join(
            record(plan.change.path, Blob(plan.head.mode, objects.write(plan.content)))
            for plan in parts
            if plan.head is not None
        )
        if records:
            check_ok(git.act("update-index", "-z", "--index-info", given=records, env=aside), "take up our changes")
        yield aside
    finally:
        for place in own.parent.glob(f"{own.name}*"):
            place.unlink(missing_ok=True)


def _dues(objects: Objects, plans: Sequence[FilePlan]) -> tuple[IndexUpdate, ...]:
    """Return what the person's index must have of the files after the commit."""
    return tuple(_due(objects, plan) for plan in plans)


def _whole(git: Git, objects: Objects, plans: Sequence[FilePlan], hooks: Collection[str]) -> dict[str, str]:
    """Return what a hook would add of files that the person has partly staged, but for what is in the commit anyway."""
    names = index_sync.partly_staged(git) if hooks else {}
    staged = [plan for plan in plans if plan.staged is not None and plan.change.path in names]
    planned = {plan.change.path: objects.write(plan.content) for plan in staged}
    return {path: name for path, name in names.items() if planned.get(path) != name}


def _due(objects: Objects, plan: FilePlan) -> IndexUpdate:
    path, index, name = plan.change.path, plan.index, plan.name
    if index is None:
        return IndexUpdate(path, ())
    if plan.staged is not None:
        return IndexUpdate(path, (index,), Blob(index.mode, objects.write(plan.staged)))
    return IndexUpdate(path, (index,) if name is None else (index, Blob(index.mode, name)))


@contextlib.contextmanager
def _message(place: Path, text: str) -> Iterator[None]:
    try:
        place.write_text(text, encoding="utf-8", errors="replace", newline="\n")
        yield
    finally:
        place.unlink(missing_ok=True)
