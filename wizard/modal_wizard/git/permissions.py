"""What the person allowed: to be written over, and what a commit may meet with."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from modal_wizard.git.command import Hears
    from modal_wizard.git.failures import CommitFailed
    from modal_wizard.git.queries import Head


class Permission(enum.Enum):
    """What lifts a refusal to write into a file that holds work of the person's."""

    DIRTY = enum.auto()
    """Files with changes that are not staged may be written."""
    STAGED = enum.auto()
    """Files with staged changes may be written."""
    OVERLAP = enum.auto()
    """Lines that are changed so may be written over; never in a commit, where nothing could tell them from ours."""


class Permissions(Struct, frozen=True):
    """What the person allowed."""

    dirty: bool = False
    staged: bool = False
    no_vcs: bool = False
    """To write where there is no git repository."""
    overlap: bool = False

    @property
    def granted(self) -> frozenset[Permission]:
        """What may be done to files of the person's in a repository."""
        given = {Permission.DIRTY: self.dirty, Permission.STAGED: self.staged, Permission.OVERLAP: self.overlap}
        return frozenset(permission for permission, is_given in given.items() if is_given)


class CommitPolicy(Struct, frozen=True):
    """What the person allows a commit of theirs to meet with."""

    allowed: frozenset[Permission] = field(default_factory=frozenset)
    hooks: Callable[[CommitFailed], bool] | None = None
    """Asked when a hook refused the commit and rewrote our files: commit them as they are now?"""
    check: Callable[[], None] | None = None
    """Called between the writing and the commit; when it raises, nothing stays written."""
    trailer: Callable[[], str] | None = None
    """Called after the check, when the files are written; returns a line for the end of the message, or nothing."""
    about: str = ""
    """What the changes are, for the list of backups: a section's title."""
    hears: Hears | None = None
    """Takes in what hooks print while they run."""
    onto: Head | None = None
    """Where the person expects the commit to go; ``None`` for wherever HEAD is."""
