"""How findings stand, counted as they come in and as decisions are made: each change costs what it changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable

from modal_transforms.core.model import Finding
from modal_wizard.session.history_map import Latest
from modal_wizard.session.log import PENDING, Decision, Status


class Standing:
    """Counts of findings by a group and a status."""

    def __init__(self, groups: Callable[[Finding], Iterable[Hashable]]) -> None:
        self._groups = groups
        self._counts: Counter[tuple[Hashable, str]] = Counter()
        self._of: dict[str, tuple[Hashable, ...]] = {}
        """The groups of each finding."""
        self._known: dict[tuple[Hashable, ...], tuple[Hashable, ...]] = {}
        """The groups that there are, each kept once for all findings of it."""
        self._counted: dict[str, str] = {}
        """How each finding was counted."""
        self._version = 0

    def count(self, group: Hashable, status: Status) -> int:
        """Return how many findings of a group stand so."""
        return self._counts[group, status.value]

    def forget(self) -> None:
        """Begin anew."""
        self._counts.clear()
        self._of.clear()
        self._counted.clear()

    def add(self, findings: Iterable[Finding], latest: Latest[Decision]) -> None:
        """Take in more findings."""
        new = [finding for finding in findings if finding.id not in self._of]
        for finding in new:
            groups = tuple(self._groups(finding))
            self._of[finding.id] = self._known.setdefault(groups, groups)
        self._count((finding.id for finding in new), latest)

    def follow(self, latest: Latest[Decision]) -> None:
        """Take in the decisions that were made or taken back since."""
        if self._version == latest.version:
            return
        changed, self._version = latest.since(self._version), latest.version
        self._count(self._of if changed is None else changed & self._of.keys(), latest)

    def _count(self, keys: Iterable[str], latest: Latest[Decision]) -> None:
        """Count findings anew; those that went the same way are added up first."""
        now, counted, of = latest.now, self._counted, self._of
        moves: Counter[tuple[int, str, str]] = Counter()
        for key in keys:
            before, status = counted.get(key, ""), now.get(key, PENDING).status._value_
            if before != status:
                counted[key] = status
                moves[id(of[key]), before, status] += 1
        groups = {id(each): each for each in self._known}
        for (one, before, status), many in moves.items():
            for group in groups[one]:
                self._counts[group, status] += many
                if before:
                    self._counts[group, before] -= many
