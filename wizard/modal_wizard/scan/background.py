"""Scan in a child process, so that the screen has the interpreter to itself; in this process where that fails.

The child is started before anybody asks for results: it reads files while this process still loads the screens.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from threading import Lock, Timer
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, cast

from modal_wizard.scan.discover import ScanScope

if TYPE_CHECKING:
    from modal_wizard.scan.result import Progress, Scan

KILL_TIMEOUT = 3.0
"""Seconds to wait for a killed child to be gone."""
FIRST_REPLY_TIMEOUT = 20.0
"""Seconds after which a child that has sent nothing is taken for broken and killed."""
WORTH_A_PROCESS = 0.4
"""Seconds that a scan has to take for the next one to get a child process as well."""
_PROGRAM = "import sys; sys.path[:] = sys.argv[7:]; from modal_wizard.scan.worker import main; main(*sys.argv[1:7])"

Child = subprocess.Popen[bytes]


class BackgroundScan:
    """A `ScanStrategy` that scans one scope in a child process; ``close`` ends the scans under way."""

    def __init__(self, scope: ScanScope) -> None:
        self._scope = scope
        self._lock = Lock()
        self._closed = False
        self._running: list[Child] = []
        self._ready = self._start()
        self._worth = True
        """Whether the next scan is to have a child process."""

    def __enter__(self) -> BackgroundScan:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __call__(self, found: Scan) -> Iterator[Progress]:
        """Scan, filling ``found``; yields the steps that `modal_wizard.scan.scanner.scan` yields.

        What a child that dies has not sent is scanned here.
        """
        from modal_wizard.scan.result import Progress
        from modal_wizard.scan.scanner import scan

        began, whole = time.monotonic(), False
        child = self._take()
        if child is not None:
            try:
                whole = yield from _receive(child, found)
            finally:
                self._end(child)
        if not whole:
            yield Progress(0, 0)  # whoever closed us ends the generator here, before this process begins to scan
            yield from scan(found)
            gc.collect()  # syntax trees are full of cycles: without this they stay in memory beside the screens
        self._worth = time.monotonic() - began > WORTH_A_PROCESS

    def as_if(self, changes: Mapping[str, bytes]) -> Scan:
        """Return what a scan would find if some files had other bytes, and all else were as it is."""
        from modal_wizard.scan.analysis import Analysis

        return Analysis(self._scope).as_if(changes)

    def restart(self) -> None:
        """End the child that was started ahead: files have changed since it read them."""
        with self._lock:
            before, self._ready = self._ready, None
        self._end(before)

    def close(self) -> None:
        """End all children; a thread that reads from one gets the end of its pipe."""
        with self._lock:
            self._closed = True
            ready, self._ready = self._ready, None
            running = list(self._running)
        self._end(ready)
        for child in running:
            _kill(child)

    def _start(self) -> Child | None:
        child = _spawn(self._scope)
        if child is not None:
            self._running.append(child)
        return child

    def _take(self) -> Child | None:
        """Return the child for the next scan; ``None`` where this process is to scan."""
        with self._lock:
            if self._closed:
                return None
            child, self._ready = self._ready, None
            return child or (self._start() if self._worth else None)

    def _end(self, child: Child | None) -> None:
        if child is None:
            return
        with self._lock:
            if child in self._running:
                self._running.remove(child)
        _kill(child)
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()


def _spawn(scope: ScanScope) -> Child | None:
    """Start a child; ``None`` where the system refuses one or there is no interpreter to start.

    It must import what this process imports and nothing else: neither its working directory nor ``PYTHONPATH`` counts,
    as both may lie in the scanned repository.
    """
    if not sys.executable or getattr(sys, "frozen", False):
        return None
    options = ["-I", "-S", "-X", f"utf8={sys.flags.utf8_mode}", *(["-B"] if sys.dont_write_bytecode else [])]
    options += ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []
    wanted = [os.fspath(scope.root), scope.inside, "git" if scope.in_git else "", sys.getfilesystemencoding()]
    goal = scope.asked_goal
    wanted += [goal.target if goal else "", "guide" if goal and goal.guide_only else ""]
    places = [place for place in sys.path if os.path.isabs(place)]
    try:
        return subprocess.Popen(
            [sys.executable, *options, "-c", _PROGRAM, *wanted, *places],
            bufsize=1 << 16,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, ValueError):
        return None


def _receive(child: Child, found: Scan) -> Generator[Progress, None, bool]:
    """Take in what a child sends; the generator returns whether the scan came to its end."""
    from modal_wizard.scan.protocol import GREETING, ScanBatch, decode_stream

    timer = Timer(FIRST_REPLY_TIMEOUT, _kill, (child,))
    timer.daemon = True
    timer.start()
    values = decode_stream(cast(BinaryIO, child.stdout))
    greeted = next(values, None) == GREETING
    timer.cancel()
    for batch in values if greeted else ():
        if not isinstance(batch, ScanBatch):
            return False
        yield from batch.unpack(found)
        if batch.last:
            return True
    return False


def _kill(child: Child) -> None:
    """Kill a child and the programs that it started, and wait until it is gone."""
    with contextlib.suppress(OSError):
        if child.returncode is None and hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)  # before wait(): only until then does its group id mean this group
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        child.kill()
        child.wait(timeout=KILL_TIMEOUT)
