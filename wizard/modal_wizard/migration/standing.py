"""How many findings stand how: counted once, and then kept up to date with each decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Sequence
from typing import Generic, TypeVar

from modal_transforms.core.model import Finding
from modal_wizard.session.decisions import PENDING, Status
from modal_wizard.session.log import Session

K = TypeVar("K", bound=Hashable)


class Standing(Generic[K]):
    """Counts of findings by a ``key`` of theirs and by how they stand."""

    def __init__(self, key: Callable[[Finding], K]) -> None:
        self.counts: Counter[tuple[K, Status]] = Counter()
        self._key = key
        self._keys: dict[str, K] = {}
        self._stood: dict[str, Status] = {}
        """What each finding is counted as, by identity."""
        self._version = -1
        """The state of the decisions that the counts are of."""

    def follow(self, findings: Sequence[Finding], session: Session) -> bool:
        """Count findings, those of the last time with more behind them or none; tell whether the counts are others."""
        before = self._version
        if before == session.version and len(findings) == len(self._keys):
            return False
        changed = session.changed_since(before)
        if changed is None or len(changed) * 2 > len(self._keys):  # to count all anew is quicker
            self.counts.clear()
            self._count(self._keys, session)
        else:
            self._count(changed.intersection(self._keys), session, again=True)
        new = {finding.id: self._key(finding) for finding in findings[len(self._keys) :]}
        self._keys.update(new)
        self._count(new, session)
        self._version = session.version
        return True

    def _count(self, identities: Collection[str], session: Session, again: bool = False) -> None:
        """Count findings as they stand now; ``again`` where they were counted before. There may be thousands."""
        known = session.latest.get
        now = [known(identity, PENDING).status for identity in identities]
        keys = [self._keys[identity] for identity in identities]
        if again:
            before = [self._stood[identity] for identity in identities]
            self.counts.subtract(Counter(zip(keys, before, strict=True)))  # which counts quicker than ``subtract``
        self.counts.update(zip(keys, now, strict=True))
        self._stood.update(zip(identities, now, strict=True))
