"""The terminal, lent to other programs: the person's editor, and what asks for a passphrase. Then we are back."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from textual.app import SuspendNotSupported

from modal_wizard.process.editor import NoEditor, edited, open_file
from modal_wizard.process.signals import cancel


class Suspendable(Protocol):
    """What can step aside from the terminal."""

    def suspend(self) -> AbstractContextManager[None]:
        """Give the terminal back for the block; raises `SuspendNotSupported`."""


@contextmanager
def lent(app: Suspendable) -> Iterator[None]:
    """Step aside for the block and come back, whatever it raises; raises `SuspendNotSupported`.

    Ctrl+C ends the program that has the terminal, not the wizard.
    """
    fault: BaseException | None = None
    with app.suspend(), _interrupts_for_others():
        try:
            yield
        except BaseException as error:
            fault = error
    if fault is not None:
        raise fault


@contextmanager
def _interrupts_for_others() -> Iterator[None]:
    """Have an interrupt end only the programs that we started: a handler, unlike ignoring, is not handed on."""
    with suppress(AttributeError, OSError):  # Windows has no such name
        os.environ.setdefault("GPG_TTY", os.ttyname(0))
    before = signal.signal(signal.SIGINT, lambda _number, _frame: cancel(typed=True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)


def edited_outside(app: Suspendable, text: str, root: Path, place: Path | None = None, line: int = 1) -> str:
    """Return a text as the person's editor left it, there if a place is given; raises `NoEditor`.

    It is opened at a ``line``, from 1; ``root`` is the folder whose git may name the editor.
    """
    try:
        return edited(text, terminal=lambda: lent(app), place=place, line=line, root=root)
    except SuspendNotSupported:
        raise NoEditor("No other program can run in this terminal.") from None


def opened_outside(app: Suspendable, file: Path, root: Path, line: int) -> None:
    """Have the person's editor open a file itself; raises `NoEditor`."""
    try:
        open_file(file, line, lambda: lent(app), root)
    except SuspendNotSupported:
        raise NoEditor("No other program can run in this terminal.") from None
