"""What is still to be decided of the findings in sight."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from modal_transforms.core.model import Applicability, Finding
from modal_wizard.session.counts import Standing
from modal_wizard.session.history_map import Latest
from modal_wizard.session.log import Decision, Status

_ALL = ""


def _groups(finding: Finding) -> tuple[Hashable, ...]:
    return _ALL, finding.applicability, ("rule", finding.rule)


class InSight:
    """Counts of the findings in sight that follow the list and the decisions."""

    def __init__(self) -> None:
        self._standing = Standing(_groups)
        self._seen = 0
        self._filled = -1

    def follow(self, order: Sequence[Finding], filled: int, latest: Latest[Decision]) -> InSight:
        """Bring the counts up to date; ``filled`` is another number when ``order`` did not only grow since."""
        if self._filled != filled:
            self._standing.forget()
            self._filled, self._seen = filled, 0
        self._standing.add(order[self._seen :], latest)
        self._seen = len(order)
        self._standing.follow(latest)
        return self

    @property
    def pending(self) -> int:
        """How many are undecided."""
        return self._standing.count(_ALL, Status.PENDING)

    @property
    def safe(self) -> int:
        """How many safe ones are undecided."""
        return self._standing.count(Applicability.SAFE, Status.PENDING)

    @property
    def taken(self) -> int:
        """How many wait to be committed."""
        return self._standing.count(_ALL, Status.ACCEPTED) + self._standing.count(_ALL, Status.EDITED)

    def of_rule(self, rule: str) -> int:
        """Return how many of a rule are undecided."""
        return self._standing.count(("rule", rule), Status.PENDING)
