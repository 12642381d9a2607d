"""Faults of the application, handed to whoever runs it with the terminal left clean; and keys that nothing answers.

Private: ``App._fatal_error``, ``App._close_messages_no_wait``, ``App._exception``, ``App._handle_exception``,
``App._check_bindings``. Buys: no traceback over a person's terminal, faults of work that passes by the messages end the
application like any other, and a key without effect is known without asking each time for all that are bound.
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

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        answered = await super()._check_bindings(key, priority)
        if not answered and not priority:
            self.unanswered(key)
        if answered or not priority:
            self.answered()
        return answered

    def unanswered(self, key: str) -> None:
        """A key was pressed that does nothing now."""

    def answered(self) -> None:
        """A key did what it does, if anything."""


def end_by(app: App[Any], error: Exception) -> None:
    """End an application by a fault that no message of its raised."""
    app._handle_exception(error)
