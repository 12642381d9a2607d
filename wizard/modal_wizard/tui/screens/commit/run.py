"""The commit itself, as the screens have it made: in a thread, or with the terminal lent to git."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from textual.app import SuspendNotSupported

from modal_wizard.migration.open import head_summary
from modal_wizard.migration.preview import Preview
from modal_wizard.migration.write import FrontEnd, SectionWriter
from modal_wizard.process.signals import cancellable
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.dialogs.confirm import Question
from modal_wizard.tui.suspend import lent

if TYPE_CHECKING:
    from modal_wizard.git.failures import CommitFailed
    from modal_wizard.tui.host import Host
    from modal_wizard.tui.widgets.running import Running

T = TypeVar("T")
LENT = "The commit is being made. What signs it or a hook may ask here; ctrl+c ends the commit, twice by force."
NOT_LENT = "Hooks cannot run in this terminal; a commit that asks for something will fail."


class Outcome(Struct, frozen=True):
    """What came of a commit, or of writing without one."""

    words: str
    """What to tell the person."""
    head_text: str = ""
    """Branch and state of the repository now; empty when no commit was made."""
    amiss: str = ""
    """What hooks made of the commit that nobody asked for; empty when it is nothing."""
    commit: str = ""
    """The short name of the commit; empty when none was made."""


def writer(app: Host, front_end: FrontEnd | None = None) -> SectionWriter:
    """Return what writes and commits for the screens; what comes up is asked on the screen when not said."""
    return SectionWriter(
        app.migration, app.repository, replace(app.wishes, branch=app.branch), front_end or OnScreen(app)
    )


def make(app: Host, preview: Preview, message: str, front_end: FrontEnd) -> Outcome:
    """Make the commit of a section; raises `WizardError` or `OSError`, nothing is changed then.

    In a thread it can be ended from the screen.
    """
    with cancellable():
        made = writer(app, front_end).commit(preview, message)
    words = f"Committed {made.short}: {preview.section.subject}" if made.sha else "Written; no file is in git."
    words += f" · {app.wishes.check.result}" if app.wishes.check else ""
    words += f" · {made.left_in_words}" if made.left_uncommitted else ""
    return Outcome(words, head_now(app), made.amiss, made.short)


def head_now(app: Host) -> str:
    """Return branch and state of the repository; asks git."""
    return head_summary(app.repository) if app.repository is not None else ""


def with_terminal(app: Host, work: Callable[[FrontEnd], T]) -> T | None:
    """Do work with the terminal lent, as what signs or a hook may ask there; None, and said so, where it cannot be."""
    try:
        with lent(app):
            print(LENT)
            return work(InTerminal())
    except SuspendNotSupported:
        app.tell(NOT_LENT)
        return None


class OnScreen:
    """Asks on the screen, from a thread, and has it show what programs say; a `FrontEnd`."""

    def __init__(self, app: Host, running: Running | None = None) -> None:
        self._app, self._running = app, running

    def check_begins(self, command: str) -> None:
        """Say what runs."""
        if self._running is not None:
            self._running.say(f"running the check: {visible(command)}")

    def check_says(self, line: str) -> None:
        """Show the line."""
        if self._running is not None:
            self._running.hear(line)

    def hook_says(self, line: str) -> None:
        """Show the line."""
        self.check_says(line)

    def check_passed(self, result: str) -> None:
        """Go on to the commit."""
        if self._running is not None:
            self._running.say("committing")

    def takes_hook_changes(self, failed: CommitFailed) -> bool:
        """Ask, from a thread, whether to commit the files as a hook rewrote them."""
        return self._asked(Question(_rewritten(failed), failed.output))

    def goes_on(self, moved: str) -> bool:
        """Ask, from a thread, whether to commit where HEAD is now."""
        return self._asked(Question("Commit there all the same?", moved))

    def _asked(self, question: Question) -> bool:
        app, answer = self._app, Future[bool]()
        app.call_from_thread(app.push_screen, question, lambda said: answer.set_result(bool(said)))
        while not answer.done() and app.is_running:
            wait([answer], timeout=0.1)
        return answer.done() and answer.result()


class InTerminal:
    """Tells and asks where the terminal is lent; a `FrontEnd`."""

    def check_begins(self, command: str) -> None:
        """What it says comes at once."""

    def check_says(self, line: str) -> None:
        """Show the line."""
        print(line)

    def hook_says(self, line: str) -> None:
        """Show the line."""
        print(line)

    def check_passed(self, result: str) -> None:
        """The outcome says so."""

    def takes_hook_changes(self, failed: CommitFailed) -> bool:
        """Ask for a yes; anything else is a no."""
        print("\n".join(visible(line, "    ") for line in failed.output.splitlines()))
        return _agreed(_rewritten(failed))

    def goes_on(self, moved: str) -> bool:
        """Ask for a yes; anything else is a no."""
        return _agreed(f"{moved} Commit there all the same?")


def _agreed(question: str) -> bool:
    try:
        return input(f"{question} [y/n] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False


def _rewritten(failed: CommitFailed) -> str:
    files = ", ".join(visible(path) for path in failed.rewritten)
    return f"A hook rewrote {files} and refused. Commit them as the hook left them?"
