"""Wait for what other processes do by events: a process that ends, a line that a program writes into a pipe."""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path

PATIENCE = 60.0
"""Seconds after which a test fails, rather than wait on."""


def gone(number: int) -> bool:
    """Tell whether a process has ended."""
    try:
        wait_gone(number, 0)
    except AssertionError:
        return False
    return True


def wait_gone(number: int, patience: float = PATIENCE) -> None:
    """Wait for the end of any process, ours or not; fails after so many seconds."""
    try:
        ended = _ended(number, patience)
    except ProcessLookupError:
        return
    assert ended, f"process {number} does not end"


if sys.platform == "linux":

    def _ended(number: int, patience: float) -> bool:
        process = os.pidfd_open(number)
        try:
            return bool(select.select([process], [], [], patience)[0])
        finally:
            os.close(process)

else:

    def _ended(number: int, patience: float) -> bool:
        queue = select.kqueue()
        try:
            end = select.kevent(number, select.KQ_FILTER_PROC, select.KQ_EV_ADD, select.KQ_NOTE_EXIT)
            return bool(queue.control([end], 1, patience))
        finally:
            queue.close()


class Mark:
    """A named pipe through which a program says, in one line, that it has come to a point."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)

    def wait(self, patience: float = PATIENCE) -> str:
        """Return the next line that is written into it; fails after so many seconds."""
        told = b""
        file = os.open(self.path, os.O_RDWR)  # with a writer of our own it does not end between two of theirs
        try:
            while not told.endswith(b"\n"):
                assert select.select([file], [], [], patience)[0], f"waited in vain for {self.path.name}"
                told += os.read(file, 1)
        finally:
            os.close(file)
        return told.decode().strip()
