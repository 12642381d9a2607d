"""What was asked for on the command line beside the path."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from modal_wizard.git.permissions import Permissions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from modal_wizard.files.change import FileChange
    from modal_wizard.git.check_command import CheckCommand
    from modal_wizard.git.repository import Repository


class CommitProof(Protocol):
    """Says in a commit what the SDK says of the code before and after it."""

    def trailer(
        self, repository: Repository, changes: Sequence[FileChange], target: str, say: Callable[[str], None]
    ) -> str:
        """Return the line for the commit of changes that are written; empty where nothing uses Modal.

        Runs the code of the repository. Raises `WizardError` where that cannot be done.
        """

    def sentences(self) -> tuple[str, ...]:
        """Return what was found over all commits so far."""


class RunOptions(Struct, frozen=True):
    """How the migration is to be done."""

    consent: Permissions = field(default_factory=Permissions)
    branch: str = ""
    """The branch that all commits go to; empty for the one that is checked out."""
    check: CheckCommand | None = None
    """What has to succeed before each commit."""
    proof: CommitProof | None = None
    """What is asked about each commit, for a line in its message; ``None`` for nothing."""
    report: Path | None = None
    """Where the account goes at the end."""
