"""Work done ahead while nobody presses a key: the changes that the next keys are likely to ask for."""

from __future__ import annotations

from asyncio import TimerHandle, get_running_loop
from collections.abc import Callable, Iterator, Sequence

from textual.screen import Screen

from modal_transforms.core.model import Finding

PAUSE = 0.001
"""Seconds between two pieces of work, in which keys are heard."""
SOME = 100
"""Findings that are asked about at once."""


class Ahead:
    """Small pieces of work, one after another, until they are done or something else is to be done.

    They pass by the messages of the screen: each message would have a screen below a dialog drawn anew.
    """

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._work: Iterator[object] = iter(())
        self._next: TimerHandle | None = None

    def start(self, work: Iterator[object]) -> None:
        """Begin with other work; it does a piece whenever it is asked for the next value."""
        self.stop()
        self._work = work
        self._next = get_running_loop().call_later(PAUSE, self._go_on)

    def stop(self) -> None:
        """Leave the rest undone."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _go_on(self) -> None:
        self._next = None
        if not (self._screen.is_running and self._screen.is_current):
            return
        try:
            for _ in self._work:
                self._next = get_running_loop().call_later(PAUSE, self._go_on)
                break
        except Exception as error:
            self._screen.app._handle_exception(error)


def in_pieces(ask: Callable[[Finding], object], findings: Sequence[Finding]) -> Iterator[object]:
    """Ask something of every finding, some at a time: the answers are remembered."""
    for start in range(0, len(findings), SOME):
        for finding in findings[start : start + SOME]:
            ask(finding)
        yield start
