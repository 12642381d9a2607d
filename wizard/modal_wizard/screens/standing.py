"""What is still to be decided of the findings in sight, counted as they come in and as decisions are made."""

from __future__ import annotations

from collections.abc import Sequence

from modal_transforms.model import Applicability, Finding
from modal_wizard.latest import Latest
from modal_wizard.session import PENDING, Decision, Status


class Standing:
    """How many findings are undecided, how many of these are safe, and how many wait to be committed."""

    def __init__(self) -> None:
        self.pending = self.safe = self.taken = 0
        self._seen = 0
        self._state: tuple[int, int] = (-1, -1)

    def follow(self, order: Sequence[Finding], filled: int, latest: Latest[Decision]) -> Standing:
        """Bring the counts up to date; ``filled`` tells whether ``order`` only grew since."""
        if self._state != (filled, latest.version) or len(order) < self._seen:
            self._state = filled, latest.version
            self.pending = self.safe = self.taken = self._seen = 0
        now = latest.now
        for finding in order[self._seen :]:
            status = now.get(finding.id, PENDING).status
            if status is Status.PENDING:
                self.pending += 1
                self.safe += finding.applicability is Applicability.SAFE
            else:
                self.taken += status is not Status.SKIPPED
        self._seen = len(order)
        return self
