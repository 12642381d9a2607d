"""Have another process look at every other one of many files, while this one looks at the rest.

Whatever becomes of that process: what it has not told is looked at here.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

MANY = 400
"""For fewer files than this a second process costs more than it saves."""


def in_halves(paths: Sequence[str], tell: Callable[[Sequence[str]], T], take: Callable[[T], None]) -> Iterator[str]:
    """Yield all paths, those last that another process has looked at meanwhile.

    ``tell`` is called there, with its half of them; what it returns, ``take`` gets here before these are yielded.
    There is no other process for few paths, where there is one processor or no ``fork``, and beside other threads,
    which it would cut off.
    """
    if len(paths) < MANY or _processors() < 2 or threading.active_count() > 1:
        yield from paths
        return
    own, others = paths[::2], paths[1::2]
    source, target = os.pipe()
    number = os.fork()
    if not number:
        _tell(source, target, lambda: tell(others))
    os.close(target)
    try:
        with open(source, "rb") as pipe:
            yield from own
            with contextlib.suppress(EOFError, pickle.UnpicklingError):
                take(pickle.load(pipe))
    finally:
        os.kill(number, signal.SIGKILL)  # which has told all, unless nobody wants to know any more
        os.waitpid(number, 0)
    yield from others


def _processors() -> int:
    """Return how many processors this process may use; 0 where it cannot be doubled."""
    if not hasattr(os, "fork"):
        return 0
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _tell(source: int, target: int, tell: Callable[[], object]) -> None:
    """Write what ``tell`` returns, and end this process: silently, whatever happens."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)
        os.close(source)
        with open(target, "wb") as pipe:
            pickle.dump(tell(), pipe, pickle.HIGHEST_PROTOCOL)
    finally:
        os._exit(0)
