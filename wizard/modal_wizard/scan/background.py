"""Scan in a child process, so that the screen has the interpreter to itself; in this process where that fails.

The child is started before anybody asks for results: it reads files while this process still loads the screens. It
stays, and keeps what it knows: a later scan costs it what changed.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from threading import Lock, Timer
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, cast

from modal_wizard.scan.discover import ScanScope

if TYPE_CHECKING:
    from modal_transforms.core.model import LookAlike
    from modal_wizard.scan.protocol import Request
    from modal_wizard.scan.result import Progress, Scan

KILL_TIMEOUT = 3.0
"""Seconds to wait for a killed child to be gone."""
FIRST_REPLY_TIMEOUT = 20.0
"""Seconds after which a child that has sent nothing is taken for broken and killed."""
_PROGRAM = "import sys; sys.path[:] = sys.argv[7:]; from modal_wizard.scan.worker import main; main(*sys.argv[1:7])"

Child = subprocess.Popen[bytes]


class BackgroundScan:
    """A `ScanStrategy` that leaves one scope to a child process, which stays; ``close`` ends it, whatever it does."""

    def __init__(self, scope: ScanScope) -> None:
        self._scope = scope
        self._lock = Lock()
        self._talking = Lock()
        """Held by whoever waits for an answer of the child."""
        self._closed = False
        self._child = self._start()
        self._heard: Iterator[object] | None = None
        """What the child says, once it has been asked."""

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
        from modal_wizard.scan import scanner
        from modal_wizard.scan.result import Progress

        with self._talking:
            whole = yield from self._asked(None, found)
        if not whole:
            yield Progress(0, 0)  # whoever closed us ends the generator here, before this process begins to scan
            yield from scanner.scan(found)
            gc.collect()  # syntax trees are full of cycles: without this they stay in memory beside the screens

    def as_if(self, changes: Mapping[str, bytes]) -> Scan:
        """Return what a scan would find if some files had other bytes, and all else were as the last scan found it."""
        from modal_wizard.scan.analysis import Analysis
        from modal_wizard.scan.result import Scan

        found = Scan(self._scope)
        with self._talking:
            if self._heard is not None and _to_the_end(self._asked(dict(changes), found)):
                return found
        return Analysis(self._scope).as_if(changes)

    def look_alikes(self) -> Sequence[LookAlike]:
        """Return what the last scan left alone though it reads like old code, by path and place."""
        from modal_wizard.scan.analysis import Analysis
        from modal_wizard.scan.protocol import LOOK_ALIKES

        with self._talking:
            child, heard = self._child, self._heard
            if child is not None and heard is not None:
                _send(child, LOOK_ALIKES)
                if isinstance(told := next(heard, None), tuple):
                    return told
                self._end(child)
        return Analysis(self._scope).look_alikes()

    def is_outdated(self) -> bool:
        """Tell whether files changed since the last scan; not where the child is at work, or gone."""
        from modal_wizard.scan.protocol import OUTDATED

        if not self._talking.acquire(blocking=False):
            return False
        try:
            child, heard = self._child, self._heard
            if child is None or heard is None:
                return False
            _send(child, OUTDATED)
            return next(heard, False) is True
        finally:
            self._talking.release()

    def _asked(self, request: Request, found: Scan) -> Generator[Progress, None, bool]:
        """Ask the child and take in its answer; the generator returns whether that came to its end.

        A child that was not heard to the end is ended: what it says next would be the rest.
        """
        child, whole = self._ready(), False
        if child is None:
            return False
        try:
            if self._heard is None:
                self._heard = _greeted(child)
            else:
                _send(child, request)
            whole = yield from _receive(self._heard, found)
        finally:
            if not whole:
                self._end(child)
        return whole

    def restart(self) -> None:
        """End the child that was started ahead: files have changed since it read them."""
        self._end(self._child)

    def close(self) -> None:
        """End the child; a thread that reads from it gets the end of its pipe."""
        with self._lock:
            self._closed = True
            child = self._child
        if child is not None:
            _kill(child)
        if self._talking.acquire(blocking=False):  # else whoever listens to it does the rest
            self._end(child)
            self._talking.release()

    def _start(self) -> Child | None:
        self._heard = None
        return _spawn(self._scope)

    def _ready(self) -> Child | None:
        """Return the child to ask; ``None`` where this process is to scan."""
        with self._lock:
            if self._child is None and not self._closed:
                self._child = self._start()
            return None if self._closed else self._child

    def _end(self, child: Child | None) -> None:
        with self._lock:
            if child is None or child is not self._child:
                return
            self._child = self._heard = None
        _kill(child)
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
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


def _greeted(child: Child) -> Iterator[object]:
    """Return what a child says after it has greeted us; nothing where it does not, or not in time."""
    from modal_wizard.scan.protocol import GREETING, decode_stream

    timer = Timer(FIRST_REPLY_TIMEOUT, _kill, (child,))
    timer.daemon = True
    timer.start()
    values = decode_stream(cast(BinaryIO, child.stdout))
    greeted = next(values, None) == GREETING
    timer.cancel()
    return values if greeted else iter(())


def _send(child: Child, request: Request) -> None:
    """Ask a child; one that is gone is found out when it is listened to."""
    with contextlib.suppress(OSError):
        pipe = cast(BinaryIO, child.stdin)
        pipe.write(pickle.dumps(request, pickle.HIGHEST_PROTOCOL))
        pipe.flush()


def _receive(values: Iterator[object], found: Scan) -> Generator[Progress, None, bool]:
    """Take in what a child sends; the generator returns whether the scan came to its end."""
    from modal_wizard.scan.protocol import ScanBatch

    for batch in values:
        if not isinstance(batch, ScanBatch):
            return False
        yield from batch.unpack(found)
        if batch.last:
            return True
    return False


def _to_the_end(steps: Generator[object, None, bool]) -> bool:
    """Take all steps; return what the generator returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return bool(end.value)


def _kill(child: Child) -> None:
    """Kill a child and the programs that it started, and wait until it is gone."""
    with contextlib.suppress(OSError):
        if child.returncode is None and hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)  # before wait(): only until then does its group id mean this group
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        child.kill()
        child.wait(timeout=KILL_TIMEOUT)
