"""Write a section: its files, its commit, and the look at what is left."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from modal_wizard.errors import WizardError
from modal_wizard.files import safe_io
from modal_wizard.files.backup import FOLDER, FolderBackups
from modal_wizard.files.change import FileChange
from modal_wizard.files.transaction import alone, replace_files
from modal_wizard.git.permissions import Permissions
from modal_wizard.migration.commit_message import commit_message
from modal_wizard.migration.migration import Migration, Preview
from modal_wizard.process.signals import held

__all__ = ["Permissions", "commit", "write_only"]

if TYPE_CHECKING:
    from modal_wizard.git.commit import Committed
    from modal_wizard.git.failures import CommitFailed
    from modal_wizard.git.repository import Repository


def write_only(
    migration: Migration,
    preview: Preview,
    folder: Path | None,
    repository: Repository | None = None,
    consent: Permissions | None = None,
) -> None:
    """Write a section's files without a commit; ``folder`` keeps the journal (one beside the files when not said).

    Raises `CommitRefused` or `WriteRefused`, nothing is written then. Files that this run wrote before are no work of
    the person's.
    """
    allowed = consent or Permissions()
    foreign = [change for change in preview.files if migration.written.get(change.path) != change.before]
    kept = folder or (repository.state_folder if repository is not None else migration.scope.root / FOLDER)
    backups = repository.backups if repository is not None else FolderBackups(migration.scope.root, kept)
    with held(), _looking_again(migration, preview):
        if repository is not None:
            repository.check_write(foreign, allowed.granted)
        with alone(kept):
            backups.keep(preview.files)
            replace_files(migration.scope.root, preview.files, kept)
        migration.written.update({change.path: change.after for change in preview.files})
        migration.landed(preview, "")


def commit(
    migration: Migration,
    repository: Repository,
    preview: Preview,
    message: str = "",
    consent: Permissions | None = None,
    hooks: Callable[[CommitFailed], bool] | None = None,
    *,
    branch: str = "",
    check: Callable[[], None] | None = None,
) -> Committed:
    """Write a section's files and commit them, both or neither; on a new branch, when one is named.

    ``hooks`` is asked whether to commit our files as a hook that refused the commit rewrote them; ``check`` is called
    between the writing and the commit. Raises `RepositoryProblem`, `CommitRefused` or `WriteRefused` before anything
    is written, `CommitFailed` or what the check raises after the files were put back.
    """
    from modal_wizard.git.branch import on_branch
    from modal_wizard.git.permissions import CommitPolicy

    allowed = consent or Permissions()
    terms = CommitPolicy(allowed.granted, hooks, check)
    with held(), _looking_again(migration, preview):
        with on_branch(repository, branch):
            made = repository.land(preview.files, message or commit_message(preview), terms)
        migration.landed(preview, made.sha)
    return made


@contextlib.contextmanager
def _looking_again(migration: Migration, preview: Preview) -> Iterator[None]:
    """Scan again when a file is not what was looked at, so that its findings are offered on the text as it is now."""
    try:
        yield
    except WizardError:
        if any(_is_other(migration.scope.root, each) for each in preview.files):
            migration.look_again()
        raise


def _is_other(root: Path, change: FileChange) -> bool:
    try:
        return safe_io.read(root, change.path) != change.before
    except safe_io.UnsafePath:
        return True
