"""The child process that scans for the wizard; `modal_wizard.scan.background` starts it and reads its output.

It ends with its parent, however that ends: its standard input is a pipe that nobody writes to and that closes then.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from queue import SimpleQueue

from modal_transforms.core.target import Goal
from modal_wizard.scan.discover import ScanScope
from modal_wizard.scan.protocol import GREETING, encode_stream, scan_batches
from modal_wizard.scan.result import Scan
from modal_wizard.scan.scanner import gc_paused, scan

NICE = 10
"""Added to its niceness: the screen comes first where the two share a processor."""


def main(root: str, inside: str, in_git: str, encoding: str, target: str, guide_only: str) -> None:
    """Scan a scope and write the results to standard output as `modal_wizard.scan.protocol` has them.

    ``root``, ``inside``, ``in_git``, ``target`` and ``guide_only`` are the scope's and its goal's, empty for no and
    none. ``encoding`` is the parent's file system encoding: with another one paths would not mean the same files, so
    the child gives up.
    """
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if sys.getfilesystemencoding() != encoding:
        os._exit(1)
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICE)
    write, finish = _start_writer()
    found = Scan(ScanScope(Path(root), inside, bool(in_git), Goal(target, bool(guide_only)) if target else None))
    with gc_paused():
        for data in encode_stream(chain([GREETING], scan_batches(found, scan(found)))):
            write(data)
        finish()
    os._exit(0)


def _start_writer() -> tuple[Callable[[bytes], None], Callable[[], None]]:
    """Start a thread that writes; return the function that hands it bytes, and the one that waits for their end.

    The scan must not wait for the parent, which reads nothing before its first screen is drawn.
    """
    pipe = os.dup(1)
    os.dup2(2, 1)
    waiting: SimpleQueue[bytes] = SimpleQueue()

    def write() -> None:
        with os.fdopen(pipe, "wb", buffering=0) as file:
            while data := waiting.get():
                view = memoryview(data)
                while view:
                    view = view[file.write(view) :]

    thread = threading.Thread(target=write, daemon=True)
    thread.start()

    def finish() -> None:
        waiting.put(b"")
        thread.join()

    return waiting.put, finish


def _end_with_parent() -> None:
    """Wait until the parent is gone or has closed the pipe; then end this process and the git that it may wait for."""
    with contextlib.suppress(OSError):
        os.read(0, 1)
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
