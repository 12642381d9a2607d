"""A log that only grows: whole lines in the order in which they come, and none between those of another run."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from modal_wizard.files import safe_io
from modal_wizard.process.platform import BINARY, NO_FOLLOW, locked
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

_OPTIONS = os.O_RDWR | os.O_APPEND | os.O_CREAT | NO_FOLLOW | BINARY
_PATIENCE = 2.0
"""Seconds that whoever reads or writes a log waits for another program that is in the middle of it."""


class LogNotWritten(Exception):
    """What was to be kept is not; the message says why."""


def read(file: Path) -> bytes | None:
    """Return what is in a log, once another run has written what it has decided; None when there is none.

    Raises `OSError` as `read_own` does.
    """
    try:
        handle = os.open(file, os.O_RDONLY | NO_FOLLOW | BINARY)
    except OSError:
        return safe_io.read_own(file)
    try:
        with locked(handle, _PATIENCE):
            return safe_io.read_own(file)
    finally:
        os.close(handle)


class AppendLog:
    """Adds lines to a log that was ``size`` bytes long when it was read.

    They are on the disk when `do` returns. After `write_behind` a thread writes them, in their order, and they are
    there when `settle` returns; until then, others who `read` the log wait.
    """

    def __init__(self, file: Path, size: int = 0) -> None:
        self._file, self._size = file, size
        self._thread: ThreadPoolExecutor | None = None
        self._soon: Callable[[], object] = lambda: None
        self._todo: list[Callable[[], None]] = []
        """What is to be done and not handed to the thread yet."""
        self._last: Future[None] | None = None
        self._claiming = RLock()
        self._opened: _Opened | None = None
        self._waiting = 0
        """How many pieces of work have not been done."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it; to be asked where lines are made."""
        return not self._size

    def write_behind(self, soon: Callable[[], object]) -> None:
        """Have a thread do what is asked for; each time ``soon`` is called, and is to see to it that `go_on` is."""
        from concurrent.futures import ThreadPoolExecutor

        self._soon, self._thread = soon, self._thread or ThreadPoolExecutor(1, "log")

    def do(self, work: Callable[[], None]) -> None:
        """Do something after what was asked for before, and before what is asked for later."""
        if self._thread is None:
            self._done(work)
            return
        with self._claiming:
            self._waiting += 1
            self._todo.append(work)
            with contextlib.suppress(OSError):  # who writes will meet it again
                self._claim()
        self._soon()

    def go_on(self) -> None:
        """Have the thread do what was asked for until now."""
        with self._claiming:
            if self._thread is not None:
                for work in self._todo:
                    self._last = self._thread.submit(self._done, work, 1)
                self._todo = []

    def settle(self) -> None:
        """Wait until everything is done that was asked for."""
        self.go_on()
        if (last := self._last) is not None:
            last.result()

    def append(self, lines: str) -> None:
        """Add lines, as part of the work; raises `LogNotWritten` when others did so too, or it cannot be written."""
        try:
            with self._claiming:
                opened = self._claim()
            self._size = opened.append(lines.encode("utf-8", "backslashreplace"), self._size)
        except OSError as error:
            raise LogNotWritten(f"{visible(str(self._file))} cannot be written ({error.strerror})") from error

    def _done(self, work: Callable[[], None], waited: int = 0) -> None:
        try:
            work()
        finally:
            with self._claiming:
                self._waiting -= waited
                if self._opened is not None and not self._waiting:
                    self._opened.close()
                    self._opened = None

    def _claim(self) -> _Opened:
        """Return the file, opened, and locked where nobody else has it now."""
        if self._opened is None:
            safe_io.own_folder(self._file.parent)
            self._opened = _Opened(self._file)
        return self._opened


class _Opened:
    def __init__(self, file: Path) -> None:
        self._handle = os.open(file, _OPTIONS, 0o600)
        self._lock = contextlib.ExitStack()
        self._mine = self._lock.enter_context(locked(self._handle))

    def close(self) -> None:
        self._lock.close()
        os.close(self._handle)

    def append(self, data: bytes, size: int) -> int:
        """Add to the file, on the disk; return its new size."""
        if not stat.S_ISREG(os.fstat(self._handle).st_mode):
            raise OSError(errno.EINVAL, "it is not a plain file")
        self._mine = self._mine or self._lock.enter_context(locked(self._handle, _PATIENCE))
        if not self._mine or os.fstat(self._handle).st_size != size:
            raise LogNotWritten("another modal-wizard has made decisions here since this one was opened")
        try:
            rest = data
            while rest:
                rest = rest[os.write(self._handle, rest) :]
            os.fsync(self._handle)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle, size)
            raise
        return size + len(data)
