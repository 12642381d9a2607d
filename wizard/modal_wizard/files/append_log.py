"""A log that only grows: whole lines, on the disk at once, and none between those of another run."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

from modal_wizard.files import safe_io
from modal_wizard.process.platform import BINARY, NO_FOLLOW, locked
from modal_wizard.text.sanitize import visible

_OPTIONS = os.O_RDWR | os.O_APPEND | os.O_CREAT | NO_FOLLOW | BINARY


class LogNotWritten(Exception):
    """What was to be kept is not; the message says why."""


def append(file: Path, lines: str, size: int) -> int:
    """Add lines to a log that was ``size`` bytes long when it was last read or written; returns its new size.

    Raises `LogNotWritten` when it has grown since, or cannot be written.
    """
    try:
        safe_io.own_folder(file.parent)
        with contextlib.closing(_Opened(file)) as log:
            return log.append(lines.encode("utf-8", "backslashreplace"), size)
    except OSError as error:
        raise LogNotWritten(f"{visible(str(file))} cannot be written ({error.strerror})") from error


class _Opened:
    def __init__(self, file: Path) -> None:
        self._handle = os.open(file, _OPTIONS, 0o600)

    def close(self) -> None:
        os.close(self._handle)

    def append(self, data: bytes, size: int) -> int:
        if not stat.S_ISREG(os.fstat(self._handle).st_mode):
            raise OSError(errno.EINVAL, "it is not a plain file")
        with locked(self._handle) as mine:
            if not mine or os.fstat(self._handle).st_size != size:
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
