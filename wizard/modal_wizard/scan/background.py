"""Scan in a process of its own, so that the screen has the interpreter to itself; in this one where that fails.

The process is begun before it is asked for: it looks at the files while this one still loads what draws the screen.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from threading import Lock, Timer
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, cast

from modal_wizard.scan.discover import ScanScope

if TYPE_CHECKING:
    from modal_wizard.scan.result import Progress, Scan

GRACE = 3.0
"""Seconds that the system may take to end a process."""
PATIENCE = 20.0
"""Seconds after which a process that has said nothing is taken for broken."""
WORTH = 0.4
"""Seconds that a scan has to take for the next one to be worth another process."""
_PROGRAM = "import sys; sys.path[:] = sys.argv[5:]; from modal_wizard.scan.worker import main; main(*sys.argv[1:5])"

Child = subprocess.Popen[bytes]


class BackgroundScan:
    """The scans of one scope: called, it scans. ``close`` ends those under way."""

    def __init__(self, scope: ScanScope) -> None:
        self._scope = scope
        self._lock = Lock()
        self._closed = False
        self._running: list[Child] = []
        self._ready = self._begun()
        self._worth = True
        """Whether the next scan is worth a process."""

    def __enter__(self) -> BackgroundScan:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __call__(self, found: Scan) -> Iterator[Progress]:
        """Scan, filling ``found``; yields as `modal_wizard.scan.scanner.scan` does."""
        from modal_wizard.scan.result import Progress
        from modal_wizard.scan.scanner import scan

        began, whole = time.monotonic(), False
        child = self._taken()
        if child is not None:
            try:
                whole = yield from _received(child, found)
            finally:
                self._end(child)
        if not whole:
            yield Progress(0, 0)  # who has ended the process may not want to go on
            yield from scan(found)
            gc.collect()  # the trees, which nothing holds any more
        self._worth = time.monotonic() - began > WORTH

    def begin_again(self) -> None:
        """Forget what was read so far: the files were others."""
        with self._lock:
            before, self._ready = self._ready, None
        self._end(before)

    def close(self) -> None:
        """End all processes; whoever reads from them does not wait any more."""
        with self._lock:
            self._closed = True
            ready, self._ready = self._ready, None
            running = list(self._running)
        self._end(ready)
        for child in running:
            _kill(child)

    def _begun(self) -> Child | None:
        child = _started(self._scope)
        if child is not None:
            self._running.append(child)
        return child

    def _taken(self) -> Child | None:
        """Return the process for the next scan."""
        with self._lock:
            if self._closed:
                return None
            child, self._ready = self._ready, None
            return child or (self._begun() if self._worth else None)

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


def _started(scope: ScanScope) -> Child | None:
    """Start the process; ``None`` where there can be none.

    It is to import what we do and nothing else: neither the folder that it is in nor ``PYTHONPATH`` counts, for these
    may be the scanned repository.
    """
    if not sys.executable or getattr(sys, "frozen", False):
        return None
    options = ["-I", "-S", "-X", f"utf8={sys.flags.utf8_mode}", *(["-B"] if sys.dont_write_bytecode else [])]
    options += ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []
    wanted = [os.fspath(scope.root), scope.inside, "git" if scope.in_git else "", sys.getfilesystemencoding()]
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


def _received(child: Child, found: Scan) -> Generator[Progress, None, bool]:
    """Take in what a process sends; the generator returns whether that was all."""
    from modal_wizard.scan.protocol import GREETING, ScanBatch, decode_stream

    impatient = Timer(PATIENCE, _kill, (child,))
    impatient.daemon = True
    impatient.start()
    values = decode_stream(cast(BinaryIO, child.stdout))
    greeted = next(values, None) == GREETING
    impatient.cancel()
    for batch in values if greeted else ():
        if not isinstance(batch, ScanBatch):
            return False
        yield from batch.unpack(found)
        if batch.last:
            return True
    return False


def _kill(child: Child) -> None:
    """End a process and what it started, and wait for it."""
    with contextlib.suppress(OSError):
        if child.returncode is None and os.name == "posix":
            os.killpg(child.pid, signal.SIGKILL)  # its group bears its number for as long as nobody waited for it
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        child.kill()
        child.wait(timeout=GRACE)
