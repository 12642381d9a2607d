"""Open a path for the wizard: what to look at, and the decisions that an earlier run kept."""

from __future__ import annotations

import hashlib
import os
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from modal_wizard.errors import WizardError
from modal_wizard.files import journal
from modal_wizard.files.signed import key_problem, user_folder
from modal_wizard.files.transaction import recover
from modal_wizard.git.dotgit import HeadRef, git_dir, place_of
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.store import DecisionStore
from modal_wizard.scan.discover import ScanScope, scope_of
from modal_wizard.session.branches import session_of_this_branch
from modal_wizard.session.drafts import drafts_beside
from modal_wizard.session.log import Session, UnknownSession, load
from modal_wizard.session.unsigned import take_over
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_wizard.git.repository import Repository

SESSION = "session.jsonl"


def open_migration(path: Path) -> Migration:
    """Return the migration of a path, with the decisions made in earlier runs."""
    return open_scope(scope_of(path))


def open_scope(scope: ScanScope) -> Migration:
    """Return the migration of a scope, with the decisions made in earlier runs."""
    session = _session(scope)
    return Migration(scope, session, DecisionStore(session))


def _session(scope: ScanScope) -> Session:
    folder = git_dir(scope.root) if scope.in_git else None
    if folder is None:
        return Session()
    file = folder / "modal-wizard" / SESSION
    try:
        session = session_of_this_branch(_loaded(file), _loaded)
        if not session.is_signed and not session.unkept:
            take_over(session, drafts_beside(file))
        if not session.decisions() and (said := keyless_sentence()):
            session.notes.append(said)
        return session
    except OSError as error:
        return Session(unkept=f"{visible(str(file))} cannot be read or written ({error.strerror})")


def keyless_sentence() -> str:
    """Return in a sentence that what is kept now will not be known as this account's; empty where it will be."""
    why = key_problem()
    return f"What this run decides and keeps will not be known as yours later, as {why}." if why else ""


def _loaded(file: Path) -> Session:
    try:
        return load(file)
    except UnknownSession:
        aside = (file.with_suffix(f".other-version{number or ''}") for number in count())
        kept = next(place for place in aside if not os.path.lexists(place))
        file.replace(kept)
        note = f"Decisions of another version of modal-wizard are kept in {visible(str(kept))}; none of them is used."
        return Session(file=file, notes=[note])


class Opened(Struct, frozen=True):
    """A repository as it was found: how it stands, and what of an earlier run had to be settled."""

    repository: Repository | None = None
    head_summary: str = ""
    settled: str = ""


def state_folder(scope: ScanScope) -> Path:
    """Return where journals and backups of a scope are kept: in its git directory, or in the user's state folder.

    Never among the files that are looked at: what is there may have come in an archive, and is data.
    """
    folder = git_dir(scope.root) if scope.in_git else None
    if folder is not None:
        return folder / "modal-wizard"
    key = hashlib.sha256(os.fsencode(scope.root)).hexdigest()[:32]
    return user_folder() / key


def head_of(scope: ScanScope) -> HeadRef | None:
    """Return what is checked out, without asking git; ``None`` where that cannot be told."""
    folder = git_dir(scope.root) if scope.in_git else None
    return place_of(folder) if folder is not None else None


def check_head(scope: ScanScope, before: HeadRef | None) -> None:
    """Raise `WizardError` when another branch is checked out than was when the files were looked at."""
    now = head_of(scope)
    if before is not None and now is not None and before.branch != now.branch:
        raise WizardError(
            f"When the files were looked at, {visible(str(before))} was checked out; now it is {visible(str(now))}. "
            "Nothing was written.",
            "Run it again on the branch that it is to be done on.",
        )


def settle(scope: ScanScope) -> str:
    """Settle what a killed run left half-written, and return what was done; asks git only where there is something."""
    folder = state_folder(scope)
    if not any((folder / name).exists() for name in (journal.NAME, journal.COMMIT)):
        return ""
    repository = repository_of(scope) if scope.in_git else None
    return (repository.recover() if repository is not None else recover(scope.root, folder)) or ""


def repository_of(scope: ScanScope) -> Repository | None:
    """Return the repository of a scope; raises `RepositoryProblem`, also when git takes another folder for its tree."""
    from modal_wizard.git.command import RepositoryProblem
    from modal_wizard.git.repository import Repository

    repository = Repository.find(scope.root)
    if repository is not None and repository.root.resolve() != scope.root:
        raise RepositoryProblem(
            f"Git takes {visible(str(repository.root))} for the work tree of {visible(str(scope.root))}.",
            "See core.worktree and .git there; nothing was changed.",
        )
    return repository


def open_repository(scope: ScanScope, known: Repository | None) -> Opened:
    """Find the repository and settle what a killed run left; asks git, which takes a moment."""
    if not scope.in_git:
        return Opened(head_summary="no git repository · W writes without a commit", settled=_said(scope))
    from modal_wizard.git.command import RepositoryProblem

    try:
        repository = known or repository_of(scope)
        if repository is None:
            return Opened(head_summary="no git repository · W writes without a commit", settled=_said(scope))
        return Opened(repository, head_summary=head_summary(repository), settled=_said(scope))
    except RepositoryProblem as problem:
        return Opened(head_summary=problem.message)


def _said(scope: ScanScope) -> str:
    try:
        return settle(scope)
    except WizardError as error:
        return str(error)


def head_summary(repository: Repository) -> str:
    """Return branch and state of a repository; asks git."""
    head, busy = repository.head(), repository.busy()
    detached = f"detached at {head.short}" if head.sha else "HEAD cannot be read"
    branch = visible(head.branch, "␉") if head.branch else detached
    state = f"{busy} in progress" if busy else repository.dirty_in_words() or "✓ clean"
    return f"{branch}  {state}"
