"""Kill an action at its first, second ... touch of the disk or of git, each time in a process of its own."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator

EVENTS = frozenset("open os.rename os.remove os.mkdir os.chmod os.setxattr subprocess.Popen".split())
"""What the interpreter reports just before it does it."""


def killed_at(step: int, action: Callable[[], object]) -> bool:
    """Run the action in a child that is killed at its n-th touch; False when it got to its end."""
    child = os.fork()
    if child == 0:
        left = [step]

        def count(event: str, _: object) -> None:
            if event in EVENTS:
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            action()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def steps(
    action: Callable[[], object], again: Callable[[], None], *, stride: int = 1, least: int = 10
) -> Iterator[int]:
    """Kill the action at one touch after another until it gets through; ``again`` sets the stage anew."""
    step = 1
    while killed_at(step, action):
        yield step
        again()
        step += stride
    assert step > least, "the action must have been killed at more places than that"
