"""How findings stand, counted as they come in and as decisions are made: each change costs what it changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable

from modal_transforms.model import Finding
from modal_wizard.latest import Latest
from modal_wizard.session import PENDING, Decision, Status


class Standing:
    """Counts of findings by a group and a status."""

    def __init__(self, groups: Callable[[Finding], Iterable[Hashable]]) -> None:
        self._groups = groups
        self._counts: Counter[tuple[Hashable, str]] = Counter()
        self._findings: dict[str, Finding] = {}
        self._counted: dict[str, str] = {}
        """How each finding was counted."""
        self._version = 0

    def count(self, group: Hashable, status: Status) -> int:
        """Return how many findings of a group stand so."""
        return self._counts[group, status.value]

    def forget(self) -> None:
        """Begin anew."""
        self._counts.clear()
        self._findings.clear()
        self._counted.clear()

    def add(self, findings: Iterable[Finding], latest: Latest[Decision]) -> None:
        """Take in more findings."""
        now = latest.now
        for finding in findings:
            if finding.id not in self._findings:
                self._findings[finding.id] = finding
                self._count(finding, now.get(finding.id, PENDING).status.value)

    def follow(self, latest: Latest[Decision]) -> None:
        """Take in the decisions that were made or taken back since."""
        if self._version == latest.version:
            return
        changed, self._version, now = latest.since(self._version), latest.version, latest.now
        for key in self._findings.keys() if changed is None else changed & self._findings.keys():
            self._count(self._findings[key], now.get(key, PENDING).status.value)

    def _count(self, finding: Finding, status: str) -> None:
        before = self._counted.get(finding.id, "")
        if before == status:
            return
        self._counted[finding.id] = status
        for group in self._groups(finding):
            self._counts[group, status] += 1
            if before:
                self._counts[group, before] -= 1
