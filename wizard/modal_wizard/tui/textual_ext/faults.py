"""Faults of the application: handed to whoever runs it, with the terminal left clean.

Private: ``App._fatal_error``, ``App._close_messages_no_wait``, ``App._exception``, ``App._handle_exception``. Buys: no
traceback over a person's terminal, and faults of work that passes by the messages end the application like any other.
"""

from __future__ import annotations

from typing import Any

from textual.app import App


class FaultyApp(App[int]):
    """An application that ends silently by a fault and keeps it to be reported."""

    @property
    def fault(self) -> Exception | None:
        """What ended the application, if a fault did."""
        return self._exception

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()


def end_by(app: App[Any], error: Exception) -> None:
    """End an application by a fault that no message of its raised."""
    app._handle_exception(error)
