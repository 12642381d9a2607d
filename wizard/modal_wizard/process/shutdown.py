"""The last words of the program, where there may be nobody left to read them."""

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
    """Say that a signal ended the program, and what became of the work; returns the exit code."""
    signals.ending()
    name = "Interrupted" if number == signal.SIGINT else f"Ended by {signal.Signals(number).name}"
    say(" ".join([f"{name}.", *signals.notes(), "Decisions made so far are kept."]))
    output_failed()
    return 128 + number


def at_once(code: int) -> NoReturn:
    """End the program without taking apart what it holds: after a large scan that would take a tenth of a second."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def say(text: str, stream: TextIO | None = None) -> None:
    """Print to standard error, or another stream, when it still leads somewhere."""
    where = stream or sys.stderr
    try:
        print(text, file=where, flush=True)
    except (OSError, ValueError):
        let_go(where)


def is_about_output(error: OSError) -> bool:
    """Tell whether an error came from printing; nothing more is printed then."""
    if not output_failed() and (error.filename is not None or error.errno not in _NO_ROOM):
        return False
    let_go(sys.stdout)
    return True


def output_failed() -> bool:
    """Tell whether what was printed cannot be written; nothing more is tried then."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        let_go(sys.stdout)
        return True
    return False


def let_go(stream: TextIO) -> None:
    """Send what is still to be said nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
