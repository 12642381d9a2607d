"""The command that a person wants to succeed before each commit, such as their tests."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from modal_wizard.errors import WizardError
from modal_wizard.files.change import FileChange
from modal_wizard.git.failures import changed_since
from modal_wizard.process.platform import split_command
from modal_wizard.process.signals import check, running
from modal_wizard.text.sanitize import visible

_OUTPUT = 64 * 1024


class CheckFailed(WizardError):
    """The check failed; the files were put back and nothing was committed."""

    def __init__(
        self, message: str, output: str = "", rewritten: tuple[str, ...] = (), command: Sequence[str] = ()
    ) -> None:
        super().__init__(message, "Fix what it reports, or go on without --check.")
        self.output = output
        """What it said."""
        self.rewritten = rewritten
        """Files of ours that were changed while it ran, by it or by somebody."""
        self.command = tuple(command)
        self.by_program: frozenset[str] | None = None
        """Those of them that it is known to have changed; ``None`` before that was looked into."""


class CheckCommand(Struct):
    """A command line of the person; ``arguments`` raises `WizardError` when it is none."""

    line: str
    result: str = ""
    """How the latest run ended, in words."""

    def __post_init__(self) -> None:
        self.arguments()

    def arguments(self) -> list[str]:
        """Return the words of the command; no shell is asked."""
        try:
            words = split_command(self.line)
        except ValueError as error:
            raise WizardError(f"--check cannot be read as a command: {error}.") from error
        if not words:
            raise WizardError("--check needs a command.")
        return words

    def run(self, root: Path, changes: Sequence[FileChange], say: Callable[[str], None] | None = None) -> None:
        """Run it in the root, in the person's environment; raises `CheckFailed`. ``say`` gets each line at once."""
        shown = visible(self.line)
        start = time.monotonic()
        try:
            status, output = _run(self.arguments(), root, say)
        except OSError as error:
            self.result = f"check: {shown} cannot be run"
            raise CheckFailed(f"The check {shown} cannot be run: {error.strerror}.") from error
        took = f"{time.monotonic() - start:.1f} s"
        rewritten = changed_since(root, changes)
        if status:
            self.result = f"check failed (status {status}, {took}): {shown}"
            raise CheckFailed(f"The check {shown} failed with status {status}.", output, rewritten, self.arguments())
        if rewritten:
            self.result = f"files changed while the check ran: {shown}"
            named = ", ".join(map(visible, rewritten))
            message = f"While the check {shown} ran, {named} changed; nothing may meanwhile."
            raise CheckFailed(message, output, rewritten, self.arguments())
        self.result = f"check passed ({took}): {shown}"


def _run(words: list[str], root: Path, say: Callable[[str], None] | None) -> tuple[int, str]:
    """Return the exit status and the end of what was said; an interrupted command is ended with us.

    What the command leaves running may hold its output open: it is not waited for.
    """
    lines: list[str] = []
    check()
    start = partial(
        subprocess.Popen[str],
        words,
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    with running(start, gentle=True, closes=False) as process:
        reading = threading.Thread(target=_hear, args=(process, lines, say), daemon=True, name="check")
        reading.start()
        process.wait()
        reading.join(_LATE)
    output = "".join(lines)
    return process.returncode, output if len(output) <= _OUTPUT else f"[the beginning is left out]\n{output[-_OUTPUT:]}"


_LATE = 0.5
"""Seconds for what a command said at its end to arrive."""


def _hear(process: subprocess.Popen[str], lines: list[str], say: Callable[[str], None] | None) -> None:
    """Take in the lines of a command, and pass each on at once; the output is closed when nobody writes to it."""
    if process.stdout is None:
        return
    with process.stdout:
        for line in process.stdout:
            lines.append(line)
            if say is not None:
                say(visible(line.rstrip("\r\n")))
