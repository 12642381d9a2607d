"""Signals that end the program: handled at safe places only, leaving no child process behind.

Outside of `held` a signal raises `Stopped` at once. Within it, and in the application, it ends the child programs that
may take long (hooks, a check command); whoever waits for one gets `Stopped` or `Halted`, or the end of the block does.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TypeVar, Union

from modal_wizard.errors import WizardError
from modal_wizard.process.tree import Process, begun, end_tree, interrupt_tree, left_by, wait_gone

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGXCPU", "SIGBREAK")
SIGNALS = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))
HANGUP = int(getattr(signal, "SIGHUP", 1))


Child = Union["subprocess.Popen[bytes]", "subprocess.Popen[str]"]
C = TypeVar("C", "subprocess.Popen[bytes]", "subprocess.Popen[str]")


class Stopped(BaseException):
    """The program is to end because of a signal. No `Exception`, so that nothing handles it on the way."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def status(self) -> int:
        """The exit code by which a shell knows the signal: 128 + its number."""
        return 128 + self.number


class Halted(WizardError):
    """The work of a thread of the application was abandoned because the program is to end."""


class _State:
    """What has come, and whom it concerns."""

    def __init__(self) -> None:
        self.number = 0
        """The first signal that came, 0 before."""
        self.held = 0
        self.over = False
        """Whether the program is ending, so that no signal raises anything any more."""
        self.tell: Callable[[int], None] | None = None
        self.children: list[Child] = []
        self.ended: list[Child] = []
        """The children that a signal ended."""
        self.gentle: dict[Child, Process | None] = {}
        """The children that run programs of the person's, such as hooks, each as it began."""
        self.left: list[Process] = []
        """Processes that were interrupted and may go on for a while."""
        self.shielded = 0
        self.worker = 0
        """The thread whose work a person may end while the program goes on, 0 where there is none."""
        self.own: list[Child] = []
        """The children of that thread."""
        self.cancelled = False
        self.notes: list[str] = []


_STATE = _State()


@contextlib.contextmanager
def catching() -> Iterator[None]:
    """Handle the signals within the block; those that are ignored, as SIGHUP under ``nohup``, stay ignored."""
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
    stop(number, typed=number == signal.SIGINT)


def stop(number: int, *, typed: bool = False) -> None:
    """Do what signal ``number`` does: end the registered children, then tell the application or raise `Stopped`.

    With ``typed`` it may have been typed at a terminal, which then has sent it to the children too.
    """
    if _STATE.over:
        return
    again, _STATE.number = bool(_STATE.number), _STATE.number or number
    for child in list(_STATE.children):
        if child not in _STATE.ended:
            _end(child, typed=typed)
        elif again and number == signal.SIGINT:
            end_tree(child.pid)
    if _STATE.tell is not None:
        _STATE.tell(_STATE.number)
    elif not _STATE.held and threading.current_thread() is threading.main_thread():
        raise Stopped(_STATE.number)


def _end(child: Child, *, typed: bool = False) -> None:
    """End a child and its descendants; those of the person's own get the time to put back what they set aside."""
    _STATE.ended.append(child)
    if child not in _STATE.gentle:
        end_tree(child.pid)
        return
    _STATE.left += interrupt_tree(child.pid, _STATE.gentle[child], reached=typed and _in_foreground(child.pid))
    if _STATE.tell is None and _STATE.number:
        with contextlib.suppress(OSError):  # no print: a signal may come in the middle of one
            os.write(2, b"\nmodal-wizard: stopping what runs; it gets a few seconds. Ctrl-C ends it now.\n")


def _in_foreground(number: int) -> bool:
    """Tell whether what is typed at our terminal reaches a process."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except (OSError, AttributeError):
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgid(number)
    except OSError:
        return False
    finally:
        os.close(terminal)


def ending() -> None:
    """Raise nothing from now on: the program is ending."""
    _STATE.over = True


@contextlib.contextmanager
def cancellable() -> Iterator[None]:
    """Let `cancel` end the work of the block, which is all that its thread does."""
    _STATE.worker, _STATE.cancelled = threading.get_ident(), False
    try:
        yield
    finally:
        _STATE.worker, _STATE.cancelled = 0, False


def cancel(*, typed: bool = False) -> None:
    """End what a `cancellable` block waits for, at once when called again; `Halted` is raised in it.

    The program goes on, and a commit that has been made by then stays made. With ``typed`` it was typed at the
    terminal, which has sent it to the children too.
    """
    again, _STATE.cancelled = _STATE.cancelled, bool(_STATE.worker)
    for child in list(_STATE.own):
        if child not in _STATE.ended:
            _end(child, typed=typed)
        elif again:
            end_tree(child.pid)


def _is_cancelled() -> bool:
    return _STATE.cancelled and threading.get_ident() == _STATE.worker


def asked() -> int:
    """Return the number of the first signal that came, 0 when none did."""
    return _STATE.number


def note(text: str) -> None:
    """Keep a sentence for the last message, when a signal is about to end the program."""
    if _STATE.number and text:
        _STATE.notes.append(text)


def notes() -> list[str]:
    """Return the sentences that were kept for the last message."""
    return list(_STATE.notes)


@contextlib.contextmanager
def telling(tell: Callable[[int], None]) -> Iterator[None]:
    """Have a signal call ``tell`` with its number, in place of raising, within the block."""
    _STATE.tell = tell
    try:
        yield
    finally:
        _STATE.tell = None


def check() -> None:
    """Raise `Stopped` or `Halted` when a signal has come, or the work of this thread was cancelled."""
    if (_STATE.number or _is_cancelled()) and not _STATE.over:
        raise _raised()


def _raised() -> BaseException:
    if _STATE.number and _STATE.tell is None and threading.current_thread() is threading.main_thread():
        return Stopped(_STATE.number)
    if not _STATE.number:
        return Halted("Ended, as you asked.")
    return Halted("Stopped: nothing more is written.")


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Defer signals to the end of the block; only a child that runs within it is ended at once.

    Files and a commit are written in such a block: a signal in the middle must not leave half of them.
    """
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
    """Let signals interrupt the block, even within `held`: the person is being asked something."""
    check()
    before, _STATE.held = _STATE.held, 0
    try:
        yield
    finally:
        _STATE.held = before


@contextlib.contextmanager
def shielded() -> Iterator[None]:
    """Let signals end no child of the block and raise nothing in it: it finds out, or finishes, what was interrupted.

    What runs in it is short, and asks git or the files only.
    """
    _STATE.shielded += 1
    try:
        yield
    finally:
        _STATE.shielded -= 1


@contextlib.contextmanager
def running(start: Callable[[], C], *, gentle: bool = False, closes: bool = True) -> Iterator[C]:
    """Start a child, and end it with its descendants when a signal comes; `Stopped` or `Halted` is raised then.

    A signal while it is being started raises nothing before it is known: else nobody would end it. With ``gentle`` they
    are interrupted first, and waited for; ``closes`` closes its pipes at the end.
    """
    before = _STATE.number
    starting = int(threading.current_thread() is threading.main_thread())  # signals raise in no other
    _STATE.held += starting
    try:
        child = start()
        with child if closes else contextlib.nullcontext(), _ended_with_us(child, before, gentle):
            _STATE.held, starting = _STATE.held - starting, 0
            yield child
    finally:
        if starting:
            _STATE.held -= starting
            check()


@contextlib.contextmanager
def _ended_with_us(child: Child, before: int, gentle: bool) -> Iterator[None]:
    """End a child that was started after ``before`` was the number of the signal that had come."""
    if _STATE.shielded:
        yield
        return
    if gentle:
        _STATE.gentle[child] = begun(child.pid)
    _STATE.children.append(child)
    own = threading.get_ident() == _STATE.worker
    if own:
        _STATE.own.append(child)
    try:
        if _STATE.number != before or _is_cancelled():
            _end(child)
        yield
    except BaseException:
        end_tree(child.pid)
        raise
    finally:
        _STATE.children.remove(child)
        if own:
            _STATE.own.remove(child)
        if child in _STATE.ended:
            wait_gone(_STATE.left)
            _STATE.left.clear()
        if child.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=10)
        first = _STATE.gentle.pop(child, None)
        if child.returncode is not None and child.returncode < 0:  # a signal that did not come to us
            wait_gone(left_by(first))
    if child in _STATE.ended:
        raise _raised()
