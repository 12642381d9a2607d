"""Work done while nobody presses a key: changes that the next keys are likely to ask for, and what searches need."""

from __future__ import annotations

from asyncio import TimerHandle, get_running_loop
from collections.abc import Callable, Iterator, Sequence

from textual.screen import Screen

from modal_transforms.core.model import Finding
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.review.cursor import ReviewCursor
from modal_wizard.review.similarity import shape
from modal_wizard.tui.screens.review.change_cache import Wanted, cut, is_quick
from modal_wizard.tui.screens.review.change_pane import ChangePane
from modal_wizard.tui.textual_ext.faults import end_by

PAUSE = 0.001
"""Seconds between two pieces of work, in which keys are heard."""
SOME = 100
"""Findings that are asked about at once."""


class Prefetcher:
    """Small pieces of work for a review, one after another, until they are done or a key is pressed.

    They pass by the messages of the screen: each message would have a screen below a dialog drawn anew.
    """

    def __init__(
        self, screen: Screen[None], cursor: ReviewCursor, pane: ChangePane, count: Callable[[], object]
    ) -> None:
        """Work for a screen; ``count`` counts its findings, so that filters can be asked for at once."""
        self._screen, self._cursor, self._pane, self._count = screen, cursor, pane, count
        self._work: Iterator[object] = iter(())
        self._next: TimerHandle | None = None
        self._compared: object = None
        """Which findings it is known of how they look alike."""

    def begin(self, scanned: bool) -> None:
        """Begin with what the next keys are likely to show; ``scanned`` says that no more findings will come."""
        self.start(self._likely_changes(scanned))

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
            end_by(self._screen.app, error)

    def _likely_changes(self, scanned: bool) -> Iterator[object]:
        """Work out, piece by piece, what the likely findings will show."""
        migration, changes = self._cursor.migration, self._pane.changes
        for finding, wanted in self._likely_wanted():
            made = changes.known(migration.scanned, wanted)
            if made is None and finding.choices and is_quick(migration, finding, wanted[2]):
                yield (made := changes.make(migration, finding, wanted))
            if made and not isinstance(made, CannotRewrite):
                yield from self._pane.diff.prepare(cut(made, self._pane.lines_around(made)), len(made) > 1)
        order = self._cursor.findings.order
        if scanned and self._compared is not order:
            yield from in_pieces(shape, order)
            yield self._count()
            self._compared = order

    def _likely_wanted(self) -> Iterator[tuple[Finding, Wanted]]:
        """Yield what is likely to be shown next: first the next undecided one, as it looks once this one is taken."""
        pane, here, following = self._pane, self._cursor.here, self._cursor.next_undecided()
        if here is not None and following is not None and here is not following and self._cursor.is_pending(here):
            identity, decision, others = pane.wanted(following)
            taken = set(here.paths) & set(following.paths)
            yield following, (identity, decision, (*others, (here.id, pane.wanted(here)[1])) if taken else others)
        for finding in {finding.id: finding for finding in self._likely()}.values():
            yield finding, pane.wanted(finding)

    def _likely(self) -> list[Finding]:
        """Return the findings that the next keys are likely to go to: the neighbours and the next undecided one."""
        order, at = self._cursor.findings.order, self._cursor.findings.position(self._cursor.here)
        following = self._cursor.next_undecided()
        return [*order[at + 1 : at + 2], *(order[at - 1 : at] if at > 0 else ()), *([following] if following else ())]


def in_pieces(ask: Callable[[Finding], object], findings: Sequence[Finding]) -> Iterator[object]:
    """Ask something of every finding, some at a time: the answers are remembered."""
    for start in range(0, len(findings), SOME):
        for finding in findings[start : start + SOME]:
            ask(finding)
        yield start
