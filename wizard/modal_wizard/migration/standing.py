"""How many findings stand how: counted once, and then kept up to date with each decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from modal_transforms.core.model import Finding
from modal_wizard.session.log import PENDING, Session, Status

K = TypeVar("K", bound=Hashable)


class Standing(Generic[K]):
    """Counts of findings by a ``key`` of theirs and by how they stand."""

    def __init__(self, key: Callable[[Finding], K]) -> None:
        self.counts: Counter[tuple[K, Status]] = Counter()
        self._key = key
        self._stood: dict[str, tuple[K, Status]] = {}
        """What each finding is counted as, by identity."""
        self._version = -1
        """The state of the decisions that the counts are of."""

    def follow(self, findings: Sequence[Finding], session: Session) -> bool:
        """Count findings, those of the last time with more behind them or none; tell whether the counts are others."""
        known, before = session.latest.get, self._version
        if before == session.version and len(findings) == len(self._stood):
            return False
        changed = session.changed_since(before)
        if changed is None:
            self.counts.clear()
            self._stood.clear()
        for identity in changed or ():
            if identity in self._stood:
                self._count(identity, self._stood[identity][0], known(identity, PENDING).status)
        for finding in findings[len(self._stood) :]:
            self._count(finding.id, self._key(finding), known(finding.id, PENDING).status)
        self._version = session.version
        return True

    def _count(self, identity: str, key: K, status: Status) -> None:
        if identity in self._stood:
            self.counts[self._stood[identity]] -= 1
        self._stood[identity] = key, status
        self.counts[key, status] += 1
