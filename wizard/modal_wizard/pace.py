"""How a scan in a thread leaves the screen its time: it waits while keys are answered, and tidies up between them."""

from __future__ import annotations

import gc
import sys
import time

ANSWER = 0.06
"""Seconds that answering a key may take."""
IDLE = 0.3
"""Seconds without a key after which a person is taken to read."""
PATIENCE = 3.0
"""Seconds after which the end of a scan is tidied up whatever is pressed."""
MANY = 300
"""Files after which it is worth looking for what nothing holds any more."""
SWITCH = 0.001
"""Seconds after which a thread that computes lets another one go on."""
NEVER = 1 << 30


class Pace:
    """Told of keys in the one thread, asked for rest in the other."""

    def __init__(self) -> None:
        self._key = 0.0
        self._files = 0
        self._before: tuple[float, tuple[int, int, int]] | None = None

    def key(self) -> None:
        """Note that somebody pressed a key or moved the mouse."""
        self._key = time.monotonic()

    def __enter__(self) -> Pace:
        """Begin: what is loaded is there to stay, and is not to be searched for garbage while keys wait."""
        self._before = sys.getswitchinterval(), gc.get_threshold()
        sys.setswitchinterval(SWITCH)
        gc.freeze()
        gc.set_threshold(self._before[1][0], self._before[1][1], NEVER)
        return self

    def rest(self) -> None:
        """Let a key be answered, if one was pressed just now; called after each file."""
        self._files += 1
        now = time.monotonic()
        if now - self._key < ANSWER:
            time.sleep(self._key + ANSWER - now)
        elif self._files >= MANY and now - self._key > IDLE:
            self._files = 0
            gc.collect()

    def __exit__(self, *_: object) -> None:
        """End: let go of what the scan leaves behind, as soon as nobody waits; the findings are there to stay."""
        end = time.monotonic() + PATIENCE
        while (now := time.monotonic()) < end and now - self._key < IDLE:
            time.sleep(min(IDLE, end - now))
        gc.collect()
        gc.freeze()
        if self._before is not None:
            sys.setswitchinterval(self._before[0])
            gc.set_threshold(*self._before[1])
