"""Kill an action at its first, second ... touch of the disk or of git, each time in a process of its own."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator

EVENTS = frozenset(
    "open os.rename os.remove os.mkdir os.chmod os.chown os.link os.truncate os.setxattr subprocess.Popen".split()
)
"""What the interpreter reports just before it does it."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def is_touch(event: str, details: tuple[object, ...]) -> bool:
    """Tell whether an event may change something: a kill before one that only reads is a kill after the last touch."""
    if event == "open":
        flags = details[2]
        return isinstance(flags, int) and bool(flags & _WRITING)
    if event == "subprocess.Popen":
        environment = details[3]
        return not isinstance(environment, dict) or environment.get("GIT_OPTIONAL_LOCKS") != "0"
    return event in EVENTS


def stopped_at(
    step: int,
    action: Callable[[], object],
    number: int = signal.SIGKILL,
    meanwhile: Callable[[int], object] | None = None,
) -> int | None:
    """Run the action in a child that gets a signal at its n-th touch; its exit code, None when it got to its end.

    ``meanwhile`` is called before each touch, with its number: what others do in that moment.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        if number == signal.SIGINT:  # whoever runs the tests in the background has it ignored
            signal.signal(number, signal.default_int_handler)
        left, busy = [step], [False]

        def count(event: str, details: tuple[object, ...]) -> None:
            if event in EVENTS and not busy[0] and is_touch(event, details):
                left[0] -= 1
                if meanwhile is not None:
                    busy[0] = True
                    meanwhile(step - left[0])
                    busy[0] = False
                if left[0] == 0:
                    os.write(writing, b"!")
                    os.kill(os.getpid(), number)

        sys.addaudithook(count)
        status = 70
        try:
            done = action()
            status = done if isinstance(done, int) else 0
        finally:
            os._exit(status)
    os.close(writing)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    told = os.read(reading, 1)
    os.close(reading)
    return status if told else None


def killed_at(step: int, action: Callable[[], object]) -> bool:
    """Run the action in a child that is killed at its n-th touch; False when it got to its end."""
    return stopped_at(step, action) is not None


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
