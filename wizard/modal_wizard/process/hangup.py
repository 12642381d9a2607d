"""A terminal that goes away: told at once, and never a reason to fail while leaving."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator

from modal_wizard.process.signals import HANGUP


class Forgiving:
    """The terminal as a file: what can no longer be written is forgotten."""

    def __init__(self) -> None:
        self._file = sys.__stdout__

    def write(self, text: str) -> int:
        """Write, if anybody is there."""
        try:
            return self._file.write(text) if self._file is not None else 0
        except (OSError, ValueError):
            return 0

    def flush(self) -> None:
        """Have it shown, if anybody is there."""
        try:
            if self._file is not None:
                self._file.flush()
        except (OSError, ValueError):
            return

    def fileno(self) -> int:
        """Return the number of the file."""
        return self._file.fileno() if self._file is not None else -1


@contextlib.contextmanager
def awake(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Have signals wake a loop that waits: another thread may be the one that gets them."""
    if os.name != "posix" or threading.current_thread() is not threading.main_thread():
        yield
        return
    hears, tells = socket.socketpair()
    with hears, tells:
        for end in (hears, tells):
            end.setblocking(False)
        loop.add_reader(hears, hears.recv, 4096)
        before = signal.set_wakeup_fd(tells.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            if not loop.is_closed():
                loop.remove_reader(hears)


def watch(stop: Callable[[int], None]) -> None:
    """Call ``stop`` when the terminal goes away, also where no signal says so."""
    if not hasattr(select, "poll") or sys.__stdin__ is None:
        return
    threading.Thread(target=_wait, args=(sys.__stdin__.fileno(), stop), daemon=True, name="hangup").start()


def _wait(terminal: int, stop: Callable[[int], None]) -> None:
    asked = select.poll()
    asked.register(terminal, 0)
    if any(events & select.POLLHUP for _, events in asked.poll()):
        stop(HANGUP)
