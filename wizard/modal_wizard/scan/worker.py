"""The program of the process that scans for the wizard: started and read by `modal_wizard.scan.background`.

It ends with its parent, however that ends: its standard input is a pipe that nobody writes to and that breaks then.
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

from modal_wizard.scan.discover import ScanScope
from modal_wizard.scan.protocol import GREETING, encode_stream, scan_batches
from modal_wizard.scan.result import Scan
from modal_wizard.scan.scanner import scan, uncollected

NICE = 10
"""How far it stands back where there is but one processor for it and the screen."""


def main(root: str, inside: str, in_git: str, encoding: str) -> None:
    """Scan, and write all that is found to standard output."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if sys.getfilesystemencoding() != encoding:
        os._exit(1)
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICE)
    put, finish = _written()
    found = Scan(ScanScope(Path(root), inside, bool(in_git)))
    with uncollected():
        for data in encode_stream(chain([GREETING], scan_batches(found, scan(found)))):
            put(data)
        finish()
    os._exit(0)


def _written() -> tuple[Callable[[bytes], None], Callable[[], None]]:
    """Return what has bytes written, in a thread, as nobody may read them yet, and what waits until all are."""
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
    """Wait until the parent is gone or has closed the pipe; end this process then, and the git that it waits for."""
    with contextlib.suppress(OSError):
        os.read(0, 1)
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
