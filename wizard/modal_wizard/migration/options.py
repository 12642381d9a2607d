"""What was asked for on the command line beside the path."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from modal_wizard.git.permissions import Permissions

if TYPE_CHECKING:
    from modal_wizard.git.check_command import CheckCommand


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How the migration is to be done."""

    consent: Permissions = field(default_factory=Permissions)
    branch: str = ""
    """The branch that all commits go to; empty for the one that is checked out."""
    check: CheckCommand | None = None
    """What has to succeed before each commit."""
    report: Path | None = None
    """Where the account goes at the end."""
