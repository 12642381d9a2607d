"""The child process that knows the files for the wizard; `modal_wizard.scan.background` starts it and talks to it.

It scans at once, and then as often as it is asked to, or tells what a scan would find: what its standard input brings.
It ends with its parent, however that ends: the input is a pipe that closes then.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from queue import SimpleQueue
from typing import cast

from modal_transforms.analysis.parse import quietly
from modal_transforms.core.model import LookAlike
from modal_transforms.core.target import Goal
from modal_wizard.scan.analysis import Analysis
from modal_wizard.scan.discover import ScanScope
from modal_wizard.scan.protocol import (
    GREETING,
    OUTDATED,
    Request,
    ScanBatch,
    decode_stream,
    encode_stream,
    scan_batches,
)
from modal_wizard.scan.result import Progress, Scan
from modal_wizard.scan.scanner import gc_paused

NICE = 10
"""Added to its niceness: the screen comes first where the two share a processor."""


def main(root: str, inside: str, in_git: str, encoding: str, target: str, guide_only: str) -> None:
    """Scan a scope and write the results to standard output as `modal_wizard.scan.protocol` has them.

    ``root``, ``inside``, ``in_git``, ``target`` and ``guide_only`` are the scope's and its goal's, empty for no and
    none. ``encoding`` is the parent's file system encoding: with another one paths would not mean the same files, so
    the child gives up.
    """
    requests: SimpleQueue[Request] = SimpleQueue()
    requests.put(None)
    threading.Thread(target=_take_requests, args=(requests,), daemon=True).start()
    if sys.getfilesystemencoding() != encoding:
        os._exit(1)
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICE)
    write = _start_writer()
    scope = ScanScope(Path(root), inside, bool(in_git), Goal(target, bool(guide_only)) if target else None)
    with gc_paused(), quietly():
        for data in encode_stream(chain([GREETING], _replies(scope, requests))):
            write(data)


def _replies(scope: ScanScope, requests: SimpleQueue[Request]) -> Iterator[ScanBatch | bool | Sequence[LookAlike]]:
    """Yield what is asked for, without end."""
    analysis = Analysis(scope, is_lean=True)
    while True:
        request = requests.get()
        if isinstance(request, str):
            yield analysis.is_outdated() if request == OUTDATED else analysis.look_alikes()
        elif request is None:
            found = Scan(scope)
            yield from scan_batches(found, analysis(found))
        else:
            ahead = analysis.as_if(request)
            yield from scan_batches(ahead, (Progress(0, 0, report) for report in ahead.reports.values()))
            gc.collect()  # nobody waits now, and what was known before is full of cycles


def _start_writer() -> Callable[[bytes], None]:
    """Start a thread that writes; return the function that hands it bytes.

    The scan must not wait for the parent, which reads nothing before its first screen is drawn.
    """
    pipe = os.dup(1)
    os.dup2(2, 1)
    waiting: SimpleQueue[bytes] = SimpleQueue()

    def write() -> None:
        with os.fdopen(pipe, "wb", buffering=0) as file:
            while True:
                view = memoryview(waiting.get())
                while view:
                    view = view[file.write(view) :]

    threading.Thread(target=write, daemon=True).start()
    return waiting.put


def _take_requests(requests: SimpleQueue[Request]) -> None:
    """Take what the parent asks for, until it is gone or has closed the pipe.

    Then end this process, and the git that it may wait for.
    """
    with os.fdopen(0, "rb", closefd=False) as pipe:
        for request in decode_stream(pipe):
            requests.put(cast(Request, request))
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
