"""Signals that end the program: acted on at safe places only, and never with a child left behind.

Outside of `held` a signal raises `Stopped` at once. Within it, and in the application, it ends the programs that may
take their time (hooks, a check); what runs then gets `Stopped` or `Halted` from them, or at the end of the block.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Union

from modal_wizard.errors import WizardError
from modal_wizard.process.tree import end_tree

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
HANGUP = int(getattr(signal, "SIGHUP", 1))


Child = Union["subprocess.Popen[bytes]", "subprocess.Popen[str]"]


class Stopped(BaseException):
    """The program is to end because of a signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def status(self) -> int:
        """The exit code that says so."""
        return 128 + self.number


class Halted(WizardError):
    """What a thread of the application was doing was given up, because the program is to end."""


@dataclass(slots=True)
class _State:
    number: int = 0
    """The first signal that came, 0 before."""
    held: int = 0
    over: bool = False
    """Whether the end is under way, so that nothing more is raised."""
    tell: Callable[[int], None] | None = None
    children: list[Child] = field(default_factory=list)
    ended: list[Child] = field(default_factory=list)
    """The children that a signal ended."""
    notes: list[str] = field(default_factory=list)


_STATE = _State()


@contextlib.contextmanager
def catching() -> Iterator[None]:
    """Catch the signals for as long as the block runs; those that are ignored, as under ``nohup``, stay so."""
    global _STATE
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _STATE = _State()
    before = {number: signal.getsignal(number) for number in SIGNALS}
    caught = {number: handler for number, handler in before.items() if handler not in {signal.SIG_IGN, None}}
    try:
        for number in caught:
            signal.signal(number, _on_signal)
        yield
    finally:
        for number, handler in caught.items():
            signal.signal(number, handler)


def _on_signal(number: int, _frame: FrameType | None) -> None:
    stop(number)


def stop(number: int) -> None:
    """Do what a signal does."""
    if _STATE.over:
        return
    _STATE.number = _STATE.number or number
    for child in list(_STATE.children):
        _STATE.ended.append(child)
        end_tree(child.pid)
    if _STATE.tell is not None:
        _STATE.tell(_STATE.number)
    elif not _STATE.held and threading.current_thread() is threading.main_thread():
        raise Stopped(_STATE.number)


def ending() -> None:
    """Raise nothing more from now on: the program is on its way out."""
    _STATE.over = True


def asked() -> int:
    """Return the signal that came, 0 when none did."""
    return _STATE.number


def note(text: str) -> None:
    """Keep what the person is to be told, when a signal ends the program."""
    if _STATE.number:
        _STATE.notes.append(text)


def notes() -> list[str]:
    """Return what the person is to be told."""
    return list(_STATE.notes)


@contextlib.contextmanager
def telling(tell: Callable[[int], None]) -> Iterator[None]:
    """Have signals told, in place of raised, for as long as the block runs."""
    _STATE.tell = tell
    try:
        yield
    finally:
        _STATE.tell = None


def check() -> None:
    """Raise when a signal asked for the end."""
    if _STATE.number and not _STATE.over:
        raise _raised()


def _raised() -> BaseException:
    if _STATE.tell is None and threading.current_thread() is threading.main_thread():
        return Stopped(_STATE.number)
    return Halted("Stopped: nothing more is written.")


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Let no signal interrupt the block but where a child of it takes its time; it is raised at the end then."""
    check()
    _STATE.held += 1
    try:
        yield
    except Exception as error:
        if _STATE.held == 1 and _STATE.number:
            raise _raised() from error
        raise
    finally:
        _STATE.held -= 1
    if not _STATE.held and _STATE.number:
        note("What was being written is finished.")
        raise _raised()


@contextlib.contextmanager
def released() -> Iterator[None]:
    """Let signals interrupt the block, within `held` too: the person is being asked something."""
    check()
    before, _STATE.held = _STATE.held, 0
    try:
        yield
    finally:
        _STATE.held = before


@contextlib.contextmanager
def ended_with_us(child: Child, before: int) -> Iterator[None]:
    """End a child, and all that it started, when a signal comes before the block ends; that is raised then.

    ``before`` is what `asked` said before the child was started.
    """
    _STATE.children.append(child)
    try:
        if _STATE.number != before:
            _STATE.ended.append(child)
            end_tree(child.pid)
        yield
    except BaseException:
        end_tree(child.pid)
        raise
    finally:
        _STATE.children.remove(child)
        if child.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=10)
    if child in _STATE.ended:
        raise _raised()
