"""What becomes of each decision, told as it happens: a JSON line each on standard output, or in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

import msgspec

from modal_transforms.core.model import Finding, Site
from modal_wizard.decisions.lookup import DecisionSet
from modal_wizard.decisions.model import DecisionOutcome, OutcomeLine


class OutcomeLog:
    """Tells what became of each decision, once; ``write`` takes a line, with its end."""

    def __init__(self, write: Callable[[OutcomeLine], None]) -> None:
        self._write = write
        self._told: set[str] = set()
        self._sites: dict[str, Site] = {}
        """Where each finding was first."""
        self.failed = False
        """Whether anything was stale, refused, or in conflict."""

    def note(self, finding: Finding) -> None:
        """Note where a finding is before anything is written."""
        self._sites.setdefault(finding.id, finding.site)

    def tell(self, finding: Finding, outcome: DecisionOutcome, hint: str = "", commit: str | None = None) -> None:
        """Tell what became of the decision about a finding, unless that was told."""
        site = self._sites.get(finding.id, finding.site)
        self._tell(OutcomeLine(finding.id, outcome, site.path, site.line, finding.section, commit, hint))

    def tell_absent(self, decisions: DecisionSet, seen: Iterable[str]) -> None:
        """Tell of each decision about a finding that was not there at any time."""
        for key, each in decisions.by_id.items():
            if key not in seen:
                section = each.entry.after or ""
                hint = f"{decisions.name}:{each.line}: it was not found after section {section} either; scan it again"
                self._tell(OutcomeLine(key, DecisionOutcome.STALE, each.entry.path or "", 0, section, None, hint))

    def _tell(self, line: OutcomeLine) -> None:
        if line.id not in self._told:
            self._told.add(line.id)
            self.failed |= line.outcome not in {DecisionOutcome.APPLIED, DecisionOutcome.SKIPPED}
            self._write(line)


def as_json(line: OutcomeLine) -> str:
    """Return an outcome as a line of JSON."""
    return json.dumps(msgspec.to_builtins(line))
