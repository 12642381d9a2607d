"""How the application talks to its terminal: as Textual does, and unmoved when the terminal goes away.

Private: ``LinuxDriver._file``. Buys: a terminal that is closed ends no writing thread with a traceback.
"""

from __future__ import annotations

import os
from typing import Any, cast

from textual.driver import Driver

from modal_wizard.process.hangup import Forgiving


def driver() -> type[Driver] | None:
    """Return the driver for this system; ``None`` for Textual's own."""
    if os.name != "posix" or "TEXTUAL_DRIVER" in os.environ:
        return None
    from textual.drivers.linux_driver import LinuxDriver

    class LastingDriver(LinuxDriver):
        """A driver whose writing thread survives its terminal."""

        def start_application_mode(self) -> None:
            """Begin; what is drawn on a terminal that is gone is forgotten."""
            self._file = cast(Any, Forgiving())
            super().start_application_mode()  # type: ignore[no-untyped-call]

    return LastingDriver
