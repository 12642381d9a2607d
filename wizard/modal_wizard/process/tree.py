"""End a process with all its descendants: the children of a killed hook would go on without it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass

GRACE = 3.0
"""Seconds from SIGTERM to SIGKILL."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process; its start time ``since``, as the system writes it, tells it from a later one of the same number."""

    number: int
    parent: int
    since: str


def end_tree(number: int) -> None:
    """Send SIGTERM to a process and its descendants, and SIGKILL after `GRACE` to those that remain.

    Returns at once; a timer does the rest. Without POSIX signals all are killed at once.
    """
    if not hasattr(signal, "SIGKILL"):
        _end_by_force(number)
        return
    asked = _tree(number)
    _signal(asked, signal.SIGTERM)
    timer = threading.Timer(GRACE, _end_rest, (asked,))
    timer.daemon = True
    timer.start()


def _end_by_force(number: int) -> None:
    """End a process and its descendants on Windows, where no process can be asked to."""
    command = os.path.join(os.environ.get("SYSTEMROOT", ""), "System32", "taskkill.exe")
    try:
        subprocess.run([command, "/F", "/T", "/PID", str(number)], capture_output=True, check=True, timeout=GRACE)
    except (OSError, subprocess.SubprocessError):
        with contextlib.suppress(OSError):
            os.kill(number, signal.SIGTERM)


def _end_rest(asked: list[Process]) -> None:
    there = {(process.number, process.since) for process in processes()}
    for process in asked:
        if (process.number, process.since) in there:
            _signal(_tree(process.number), signal.SIGKILL)


def _signal(targets: list[Process], which: int) -> None:
    for process in targets:
        with contextlib.suppress(OSError):
            os.kill(process.number, which)


def _tree(number: int) -> list[Process]:
    """Return a process and its descendants, parents first: an ended parent starts no further child."""
    known = list(processes())
    found = [process for process in known if process.number == number]
    numbers = {number}
    while more := [p for p in known if p.parent in numbers and p.number not in numbers]:
        numbers |= {process.number for process in more}
        found += more
    return found


def processes() -> Iterator[Process]:
    """Yield the processes of this machine: from ``/proc``, elsewhere from ``ps``."""
    try:
        numbers = [name for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        numbers = []
    if not numbers:
        yield from _asked()
    for name in numbers:
        with contextlib.suppress(OSError, IndexError, ValueError), open(f"/proc/{name}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
            yield Process(int(name), int(fields[1]), fields[19].decode())


def _asked() -> Iterator[Process]:
    """Yield the processes that ``ps`` lists; none where it fails."""
    command = ["ps", "-A", "-o", "pid=,ppid=,lstart="]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=False, timeout=GRACE).stdout
    except (OSError, subprocess.SubprocessError):
        return
    for line in listed.splitlines():
        number, parent, since = line.split(None, 2)
        yield Process(int(number), int(parent), since)
