"""Python's search for garbage, kept out of the moments in which somebody waits for a key to be answered.

With 10,000 findings one search through all that is held takes as long as a few frames.
"""

from __future__ import annotations

import gc
import time

NEW = 20_000
"""So many objects more are there when what is new is searched: a key makes fewer, mostly, where Python has 700."""
TENFOLD, MANY = 10, 4
"""So many searches come before one through what is older, and so many of those before one through all."""
PAUSE = 1.0
"""Seconds without a key after which nobody waits."""
SOME = 0
"""More searches than so many through what is older make one through all worth its while."""


class GarbageSearch:
    """Searches through all that is held in pauses, if it can, from `begin` to `end`."""

    def __init__(self) -> None:
        self._before = gc.get_threshold()

    def begin(self) -> None:
        """Take what was loaded for the first frame for there to stay."""
        gc.freeze()
        gc.set_threshold(NEW, TENFOLD, MANY)
        gc.enable()

    def pause(self, last_key: float) -> None:
        """Search where nobody has pressed a key for a while, and there may be something to be found."""
        if time.monotonic() - last_key > PAUSE and gc.get_count()[2] > SOME:
            gc.collect()

    def end(self) -> None:
        """Search as Python does by itself again."""
        gc.set_threshold(*self._before)
