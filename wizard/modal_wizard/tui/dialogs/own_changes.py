"""The question whether to commit only our lines of files that hold uncommitted changes of the person's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from modal_wizard.git.status import FileState
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.dialogs.confirm import Question

if TYPE_CHECKING:
    from modal_wizard.tui.host import Host

HOW = """\
Yes: a commit holds our lines and none of yours. Yours stay as they are, and what you staged stays staged. \
Where both are in the same lines, the commit is refused and says so.
No: a section with such a file cannot be committed before you commit or stash your changes.
"""


def own_changes(files: Mapping[str, FileState]) -> str:
    """Return which files with findings hold changes of the person's, in a few words."""
    first = visible(next(iter(files)), "␉")
    more = f" and {counted(len(files) - 1, 'more file')}" if len(files) > 1 else ""
    return f"{first}{more} {'have' if more else 'has'} uncommitted changes of yours"


def ask_about_own_changes(host: Host, then: Callable[[], None]) -> None:
    """Ask, and call ``then`` after either answer."""

    def answered(yes: bool | None) -> None:
        if yes is not None:
            host.commit_only_ours(yes)
        then()

    listed = "\n".join(f"  {path}: {state.value}" for path, state in host.dirty.items())
    host.push_screen(Question("Commit only our lines of these files?", f"{HOW}\n{listed}"), answered)
