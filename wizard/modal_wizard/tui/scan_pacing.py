"""How a thread that takes in what a scan finds leaves the screen its time: it waits while a key is answered."""

from __future__ import annotations

import gc
import sys
import time

ANSWER = 0.06
"""Seconds that answering a key may take."""
IDLE = 0.3
"""Seconds without a key after which a person is taken to read."""
SWITCH = 0.001
"""Seconds after which a thread that computes lets another one go on."""
NEVER = 1 << 30


class Pace:
    """Told of keys in the one thread, asked for rest in the other."""

    def __init__(self) -> None:
        self._key = 0.0
        self._before: tuple[float, tuple[int, int, int]] | None = None

    def key(self) -> None:
        """Note that somebody pressed a key or moved the mouse."""
        self._key = time.monotonic()

    def __enter__(self) -> Pace:
        """Begin: what comes is there to stay, and is not to be searched for garbage while keys wait."""
        self._before = sys.getswitchinterval(), gc.get_threshold()
        sys.setswitchinterval(SWITCH)
        gc.freeze()
        gc.set_threshold(self._before[1][0], self._before[1][1], NEVER)
        return self

    def rest(self) -> None:
        """Let a key be answered, if one was pressed just now."""
        left = self._key + ANSWER - time.monotonic()
        if left > 0:
            time.sleep(left)

    @property
    def is_idle(self) -> bool:
        """Whether nobody has pressed a key for a while."""
        return time.monotonic() - self._key > IDLE

    def __exit__(self, *_: object) -> None:
        """End."""
        gc.freeze()
        if self._before is not None:
            sys.setswitchinterval(self._before[0])
            gc.set_threshold(*self._before[1])
