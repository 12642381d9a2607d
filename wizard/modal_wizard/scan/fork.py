"""A second processor, where there is one that we may use: a copy of this process does a half of the work.

Only headless scans ask for it. Whatever becomes of the copy, the work is done: what it does not deliver, we do.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NoReturn, TypeVar

T = TypeVar("T")

_CHUNK = 1 << 20
_UNEVEN = 0.75
"""What a half may have of the whole, lest files that import each other be parted."""


def may_help() -> bool:
    """Tell whether a copy of this process would have a processor of its own now, and comes without dangers."""
    if not hasattr(os, "fork") or not hasattr(os, "sched_getaffinity"):
        return False
    threads = sys.modules.get("threading")
    alone = threads is None or threads.active_count() == 1
    return alone and _at_work() < len(os.sched_getaffinity(0))


def _at_work() -> int:
    """Return how many processes and threads want a processor at this moment, this one included."""
    try:
        with open("/proc/loadavg", "rb") as file:
            return max(1, int(file.read().split()[3].partition(b"/")[0]))
    except (OSError, IndexError, ValueError):
        return 1


class Helper:
    """A copy of this process that does some work and sends what came of it."""

    def __init__(self) -> None:
        self._number = 0
        self._reading = -1

    def start(self, work: Callable[[], Iterator[object]]) -> None:
        """Begin; without a copy, when the system refuses one, nothing is delivered."""
        from modal_wizard.process.signals import SIGNALS

        try:
            self._reading, writing = os.pipe()
        except OSError:
            return
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            parent = os.getpid()
            self._number = os.fork()
            if not self._number:
                os.close(self._reading)
                _serve(work, writing, parent)
        except OSError:
            self._number = 0
        finally:
            os.close(writing)
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)

    def delivered(self) -> list[object] | None:
        """Wait for what came of the work; ``None`` when it was not finished."""
        import pickle

        if self._reading < 0:
            return None
        pieces = []
        while piece := os.read(self._reading, _CHUNK):
            pieces.append(piece)
        try:
            return list(pickle.loads(b"".join(pieces)))
        except Exception:  # cut off in any place, or nothing at all
            return None

    def end(self) -> None:
        """End the copy, should it still be at work."""
        if self._reading >= 0:
            os.close(self._reading)
        if self._number:
            with contextlib.suppress(OSError):
                os.kill(self._number, signal.SIGKILL)
                os.waitpid(self._number, 0)
        self._number, self._reading = 0, -1


@contextlib.contextmanager
def helper() -> Iterator[Helper]:
    """Return a helper that does not outlive the block."""
    made = Helper()
    try:
        yield made
    finally:
        made.end()


def _serve(work: Callable[[], Iterator[object]], writing: int, parent: int) -> NoReturn:
    """Be the copy: do the work, send it, and leave without any of the last things that a program does."""
    try:
        from modal_wizard.process.signals import SIGNALS

        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        done = []
        for each in work():
            done.append(each)
            if os.getppid() != parent:
                os._exit(1)
        import pickle

        sent = memoryview(pickle.dumps(done, pickle.HIGHEST_PROTOCOL))
        while sent:
            sent = sent[os.write(writing, sent) :]
    finally:
        os._exit(0)


def halved(paths: Sequence[str], work: Mapping[str, int], imports: Callable[[str], set[str]]) -> list[list[str]]:
    """Part files into two lists with about as much work, those that import each other in the same one if possible."""
    half = sum(work.values()) / 2
    first: list[str] = []
    taken = 0
    for group in _together(paths, imports):
        size = sum(work[path] for path in group)
        if taken + size / 2 <= half:
            first += group
            taken += size
    if not half * 2 * (1 - _UNEVEN) <= taken <= half * 2 * _UNEVEN:
        return [[*paths[: len(paths) // 2]], [*paths[len(paths) // 2 :]]]
    chosen = set(first)
    return [[path for path in paths if path in chosen], [path for path in paths if path not in chosen]]


def _together(paths: Sequence[str], imports: Callable[[str], set[str]]) -> list[list[str]]:
    """Return files in groups, each of those that import each other, directly or through others."""
    group_of = {path: [path] for path in paths}
    for path in paths:
        for other in imports(path) & group_of.keys():
            one, two = sorted((group_of[path], group_of[other]), key=len)
            if one is not two:
                two += one
                group_of.update(dict.fromkeys(one, two))
    return list({id(group): group for group in group_of.values()}.values())
