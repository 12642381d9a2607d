"""Write a section: its files, its commit, and the look at what is left."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from modal_wizard.apply import reversed_change, write
from modal_wizard.message import commit_message
from modal_wizard.migration import Migration, Preview

if TYPE_CHECKING:
    from modal_wizard.repository import Committed, Repository


@dataclass(frozen=True, slots=True)
class Consent:
    """What the person allowed."""

    dirty: bool = False
    staged: bool = False
    no_vcs: bool = False


def write_only(migration: Migration, preview: Preview, journal: Path | None) -> None:
    """Write a section's files without a commit; raises `WriteRefused`, nothing is written then."""
    write(migration.scope.root, preview.files, journal)
    migration.landed(preview, "")


def commit(
    migration: Migration, repository: Repository, preview: Preview, message: str = "", consent: Consent | None = None
) -> Committed:
    """Write a section's files and commit them.

    Raises `CommitRefused` or `WriteRefused` before anything is written, `CommitFailed` after the files were put back.
    """
    allowed = consent or Consent()
    repository.check_commit(preview.files, allow_dirty=allowed.dirty, allow_staged=allowed.staged)
    journal = repository.git_dir / "modal-wizard"
    root = migration.scope.root
    write(root, preview.files, journal)
    try:
        made = repository.commit(preview.files, message or commit_message(preview))
    except BaseException:
        write(root, [reversed_change(change) for change in preview.files], journal)
        raise
    migration.landed(preview, made.sha)
    return made
