"""How the application talks to its terminal: as Textual does, and unmoved by what a terminal may do.

Private: ``LinuxDriver._file``. Buys: a terminal that is closed ends no writing thread with a traceback.
Private: ``LinuxDriver._get_terminal_size``. Buys: a terminal of no size, or a tiny one, is drawn for all the same.
"""

from __future__ import annotations

import codecs
import os
from functools import partial
from typing import Any, cast

from textual.driver import Driver

from modal_wizard.process.hangup import Forgiving

LEAST = (20, 5)
"""Columns and lines of the smallest terminal that is drawn for."""


def driver() -> type[Driver] | None:
    """Return the driver for this system; ``None`` for Textual's own."""
    if os.name != "posix" or "TEXTUAL_DRIVER" in os.environ:
        return None
    from textual.drivers import linux_driver

    # a byte that is no UTF-8 (typed in another locale, or noise) would end the thread that reads keys
    linux_driver.getincrementaldecoder = lambda name: partial(  # type: ignore[attr-defined]
        codecs.getincrementaldecoder(name), "replace"
    )

    class LastingDriver(linux_driver.LinuxDriver):
        """A driver whose threads survive their terminal."""

        def _get_terminal_size(self) -> tuple[int, int]:
            width, height = super()._get_terminal_size()
            return max(width, LEAST[0]), max(height, LEAST[1])

        def start_application_mode(self) -> None:
            """Begin; what is drawn on a terminal that is gone is forgotten."""
            self._file = cast(Any, Forgiving())
            super().start_application_mode()  # type: ignore[no-untyped-call]

    return LastingDriver
