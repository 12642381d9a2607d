"""The review works ahead: while nobody presses a key, the next finding's change is worked out and drawn."""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.core.model import Finding, Section
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.review.similarity import shape
from modal_wizard.tui.screens.review.change_cache import cut, is_quick
from modal_wizard.tui.screens.review.idle_work import Ahead, in_pieces
from modal_wizard.tui.screens.review.panes import ReviewPanes
from modal_wizard.tui.widgets.diff_view import DiffView


class ReviewAhead(ReviewPanes):
    """Has what the next keys ask for ready before they are pressed, and stops for any that is."""

    def __init__(self, section: Section, at: Finding | None = None) -> None:
        super().__init__(section, at)
        self.ahead = Ahead(self)
        self._compared = -1
        """For which filling of the list it is known how findings look alike."""

    def likely(self) -> list[Finding]:
        """Return the findings that the next keys are likely to go to."""
        order, at = self.findings.order, self.findings.position(self.here)
        return order[at + 1 : at + 2] + (order[at - 1 : at] if at > 0 else [])

    def go_ahead(self) -> None:
        """Begin with the neighbours of the finding that is shown."""
        self.ahead.start(self._work_ahead())

    def _work_ahead(self) -> Iterator[object]:
        """Work out, piece by piece, what the likely findings will show."""
        migration, diff = self.wizard.migration, self.query_one(DiffView)
        for finding in {finding.id: finding for finding in self.likely()}.values():
            wanted = self.wanted(finding)
            made = self.drawings.known(migration.scanned, wanted)
            if made is None and finding.choices and is_quick(migration, finding):
                yield (made := self.drawings.make(migration, finding, wanted))
            if made and not isinstance(made, CannotRewrite):
                yield from diff.prepare(cut(made, self.lines_around(made)), len(made) > 1)
        if self.wizard.scanned and self._compared != self.findings.filled:
            yield from in_pieces(shape, self.findings.order)
            self._compared = self.findings.filled

    def heard(self) -> None:
        """Leave the rest for later."""
        self.ahead.stop()
