"""The front end of a run that nobody watches."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from modal_wizard.git.check_command import CheckFailed
from modal_wizard.text.grammar import counted

if TYPE_CHECKING:
    from modal_wizard.git.failures import CommitFailed


class Unattended:
    """Nobody is asked: what a hook made of our files is taken, and what a check says is passed on; a `FrontEnd`."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out

    def check_begins(self, command: str) -> None:
        """What it says comes at once."""

    def check_says(self, line: str) -> None:
        """Show a line of the check."""
        print(f"  | {line}", file=sys.stderr)

    def hook_says(self, line: str) -> None:
        """What hooks said is shown where the commit fails."""

    def check_passed(self, result: str) -> None:
        """Say that it passed."""
        print(result, file=self._out)

    def takes_hook_changes(self, failed: CommitFailed) -> bool:
        """Take them."""
        return True

    def goes_on(self, moved: str) -> bool:
        """Nobody is there to say so."""
        return False


@contextlib.contextmanager
def failing_as(about: str, commits: int) -> Iterator[None]:
    """Say in a failure what was to be committed, and how many ``commits`` of this run stay.

    What the check said is taken out of it: `Unattended` has shown that.
    """
    try:
        yield
    except CheckFailed as failed:
        failed.output = ""
        stay = f"; {counted(commits, 'commit')} of this run {'stays' if commits == 1 else 'stay'}" if commits else ""
        back = "" if failed.left else f" Its files are as they were{stay}."
        failed.message = f"{about}: {failed.message}{back}"
        raise
