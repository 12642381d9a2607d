"""A terminal that goes away: noticed at once, and never a reason to fail on the way out."""

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
    """Standard output as a file whose writes never fail: what the terminal no longer takes is dropped."""

    def __init__(self) -> None:
        self._file = sys.__stdout__

    def write(self, text: str) -> int:
        """Write a text; returns 0 when the terminal is gone."""
        try:
            return self._file.write(text) if self._file is not None else 0
        except (OSError, ValueError):
            return 0

    def flush(self) -> None:
        """Flush, unless the terminal is gone."""
        try:
            if self._file is not None:
                self._file.flush()
        except (OSError, ValueError):
            return

    def fileno(self) -> int:
        """Return the file descriptor, -1 when there is none."""
        return self._file.fileno() if self._file is not None else -1


@contextlib.contextmanager
def awake(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Have signals wake an event loop within the block.

    Python runs a handler in the main thread only, and the system may give the signal to another one: a loop that waits
    in ``select`` would not run the handler before the next key.
    """
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
    """Call ``stop``, from a thread, with the number of SIGHUP when the terminal goes away.

    The system sends that signal to a session's leader only, and not to a program that was started below it.
    """
    if not hasattr(select, "poll") or sys.__stdin__ is None:
        return
    threading.Thread(target=_wait, args=(sys.__stdin__.fileno(), stop), daemon=True, name="hangup").start()


def _wait(terminal: int, stop: Callable[[int], None]) -> None:
    asked = select.poll()
    asked.register(terminal, 0)
    if any(events & select.POLLHUP for _, events in asked.poll()):
        stop(HANGUP)
