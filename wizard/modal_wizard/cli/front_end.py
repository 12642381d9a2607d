"""The front end of a run that nobody watches."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from modal_wizard.git.check_command import CheckFailed

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
def said_once() -> Iterator[None]:
    """Take out of a failure what the check said: `Unattended` has shown it."""
    try:
        yield
    except CheckFailed as failed:
        failed.output = ""
        raise
