"""The end of the program: its last messages, written to streams that may be closed or broken, and its exit code."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
from typing import NoReturn, TextIO

from modal_wizard.process import signals

_NO_ROOM = {errno.ENOSPC, errno.EFBIG, errno.EIO, getattr(errno, "EDQUOT", errno.ENOSPC)}


def stopped(number: int) -> int:
    """Print that a signal ended the program and what became of the work; returns the exit code, 128 + ``number``."""
    signals.ending()
    name = "Interrupted" if number == signal.SIGINT else f"Ended by {signal.Signals(number).name}"
    say(" ".join([f"{name}.", *signals.notes(), f"Decisions made so far {what_became_of_decisions()}."]))
    output_failed()
    return 128 + number


def decisions_are_lost(reason: str) -> None:
    """Note that decisions are in memory only, and why; the last messages say so."""
    _UNKEPT.append(reason)


_UNKEPT: list[str] = []


def what_became_of_decisions() -> str:
    """Return the end of a sentence about the decisions that were made."""
    return f"are not kept: {_UNKEPT[-1]}" if _UNKEPT else "are kept"


def at_once(code: int) -> NoReturn:
    """End the process without freeing its memory: after a large scan that would take a tenth of a second."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def say(text: str, stream: TextIO | None = None) -> None:
    """Print to standard error, or another stream; one that cannot be written to is redirected to the null device."""
    where = stream or sys.stderr
    try:
        print(text, file=where, flush=True)
    except (OSError, ValueError):
        let_go(where)


def is_about_output(error: OSError) -> bool:
    """Tell whether an error came from printing; standard output is redirected to the null device then."""
    if not output_failed() and (error.filename is not None or error.errno not in _NO_ROOM):
        return False
    let_go(sys.stdout)
    return True


def output_failed() -> bool:
    """Tell whether standard output cannot be flushed; it is redirected to the null device then."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        let_go(sys.stdout)
        return True
    return False


def let_go(stream: TextIO) -> None:
    """Redirect a stream to the null device: the interpreter flushes it once more at exit, which must not fail."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
