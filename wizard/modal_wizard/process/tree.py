"""End a process with all its descendants: the children of a killed hook would go on without it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from modal_wizard.process.platform import find_program

PATIENCE = 5.0
"""Seconds from SIGINT to SIGTERM."""
GRACE = 3.0
"""Seconds from SIGTERM to SIGKILL."""


class Process(NamedTuple):
    """A process; its start time ``since``, as the system writes it, tells it from a later one of the same number."""

    number: int
    parent: int
    since: str
    group: int = 0
    """Its process group, 0 where that is not known."""


def end_tree(number: int) -> None:
    """Send SIGTERM to a process and its descendants, and SIGKILL after `GRACE` to those that remain.

    Returns at once; a timer does the rest. Without POSIX signals all are killed at once.
    """
    if not hasattr(signal, "SIGKILL"):
        _end_by_force(number)
        return
    asked = _tree(number)
    _signal(asked, signal.SIGTERM)
    _later(GRACE, _end_rest, asked)


def interrupt_tree(number: int, first: Process | None = None, *, reached: bool = False) -> list[Process]:
    """Interrupt a process and its descendants as Ctrl-C does, so that they can put back what they had set aside.

    `PATIENCE` seconds later those that remain are ended as by `end_tree`. With ``reached`` they may have had the
    signal from the terminal: a second one would cut short what the first began, so it comes so many seconds later
    only. ``first`` is what `begun` gave of the process. Returns at once, with the processes.
    """
    if not hasattr(signal, "SIGKILL"):
        _end_by_force(number)
        return []
    asked = list(dict.fromkeys([*_tree(number), *left_by(first)]))
    if reached:
        _later(PATIENCE, _interrupt, asked)
    else:
        _interrupt(asked)
    return asked


def wait_gone(waited: list[Process]) -> None:
    """Wait until processes have ended, for as long as it takes to end them by force."""
    end = time.monotonic() + 2 * PATIENCE + GRACE + 1
    while time.monotonic() < end and any(map(_is_there, waited)):
        time.sleep(0.02)


def _is_there(process: Process) -> bool:
    """Tell whether a process goes on; one that has ended and was not waited for does not."""
    if not os.path.isdir("/proc/self"):
        return any((each.number, each.since) == (process.number, process.since) for each in _asked())
    try:
        state, found = _read_stat(process.number)
    except (OSError, IndexError, ValueError):
        return False
    return found.since == process.since and state not in "ZX"


def _later(seconds: float, action: Callable[..., None], argument: object) -> None:
    timer = threading.Timer(seconds, action, (argument,))
    timer.daemon = True
    timer.start()


def _interrupt(asked: list[Process]) -> None:
    _signal([process for process in asked if _is_there(process)], signal.SIGINT)
    _later(PATIENCE, _end_all, asked)


def _end_all(asked: list[Process]) -> None:
    """End what remains of processes that were interrupted."""
    for process in asked:
        if _is_there(process):
            end_tree(process.number)


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
        with contextlib.suppress(OSError, IndexError, ValueError):
            yield _read_stat(int(name))[1]


def _read_stat(number: int) -> tuple[str, Process]:
    """Return the state of a process, and the process; raises where there is none."""
    with open(f"/proc/{number}/stat", "rb") as file:
        fields = file.read().rpartition(b")")[2].split()
    return fields[0].decode(), Process(number, int(fields[1]), fields[19].decode(), int(fields[2]))


def begun(number: int) -> Process | None:
    """Return a process that was just started; ``None`` where that cannot be told."""
    try:
        return _read_stat(number)[1]
    except (OSError, IndexError, ValueError):
        return None


def left_by(first: Process | None) -> list[Process]:
    """Return what goes on of a process that was started in our group, though it may have ended itself.

    What it started has lost its parent then: it is known by its group, by having begun later, and by a parent that is
    not of the group, as others have that share it with us (those of a `make -j`).
    """
    if first is None or not hasattr(os, "getpgrp") or first.group != os.getpgrp():
        return []
    group = [each for each in processes() if each.group == first.group]
    there = {each.number for each in group} - {1}
    later = [each for each in group if int(each.since) >= int(first.since) and each.number != os.getpid()]
    numbers = {each.number for each in later if each.parent not in there}
    while more := {each.number for each in later if each.parent in numbers} - numbers:
        numbers |= more
    return [each for each in later if each.number in numbers and _is_there(each)]


def running_with(word: str) -> int:
    """Return the number of a process that has ``word`` among the words of its command line, 0 when there is none."""
    wanted = os.fsencode(word)
    try:
        names = [name for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        names = []
    for name in names:
        with contextlib.suppress(OSError), open(f"/proc/{name}/cmdline", "rb") as file:
            if wanted in file.read().split(b"\0"):
                return int(name)
    return 0 if names else _listed_with(word)


def _listed_with(word: str) -> int:
    """Do as `running_with` by what ``ps`` lists; 0 where it fails."""
    command = [find_program("ps", os.curdir) or os.devnull, "-A", "-ww", "-o", "pid=,args="]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=False, timeout=GRACE).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    return next((int(line.split(None, 1)[0]) for line in listed.splitlines() if word in line), 0)


def _asked() -> Iterator[Process]:
    """Yield the processes that ``ps`` lists; none where it fails."""
    command = [find_program("ps", os.curdir) or os.devnull, "-A", "-o", "pid=,ppid=,lstart="]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=False, timeout=GRACE).stdout
    except (OSError, subprocess.SubprocessError):
        return
    for line in listed.splitlines():
        number, parent, since = line.split(None, 2)
        yield Process(int(number), int(parent), since)
