"""What the person allowed: to be written over, and what a commit may meet with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modal_wizard.git.failures import CommitFailed


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the person allowed."""

    dirty: bool = False
    staged: bool = False
    no_vcs: bool = False


@dataclass(frozen=True, slots=True)
class CommitPolicy:
    """What the person allows a commit of theirs to meet with."""

    dirty: bool = False
    staged: bool = False
    hooks: Callable[[CommitFailed], bool] | None = None
    """Asked when a hook refused the commit and rewrote our files: commit them as they are now?"""
    check: Callable[[], None] | None = None
    """Called between the writing and the commit; when it raises, nothing stays written."""
