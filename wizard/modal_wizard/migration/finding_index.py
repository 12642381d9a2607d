"""The findings of a scan as they come in: in order, by section, by identity, and counted in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from modal_transforms.core.model import FileReport, Finding, Problem
from modal_wizard.migration.preview import Tally
from modal_wizard.migration.standing import Standing
from modal_wizard.session.decisions import Status
from modal_wizard.session.log import Session

STATUSES = tuple(Status)


class FindingIndex:
    """What the reports of a scan hold; a report that joins them later is told by ``add``."""

    def __init__(self, reports: Mapping[str, FileReport]) -> None:
        self.reports = reports
        self._all: list[Finding] = []
        self._sections: dict[str, list[Finding]] = {}
        self._kinds: dict[str, Counter[str]] = {}
        self._known: dict[str, Finding] = {}
        self._touching: dict[str, list[Finding]] = {}
        """The findings that touch a file, in whatever file their first place is."""
        self._problems: dict[str, tuple[Problem, ...]] = {}
        self._standing = _by_section()
        self._tallies: dict[str, Tally] = {}
        self._done = 0, 0
        """How many sections were written, and findings done by hand, when the tallies were made."""
        self._last = ""
        for path in sorted(reports):
            self.add(reports[path])

    def add(self, report: FileReport) -> None:
        """Take in what one more file gave."""
        if report.problems:
            self._problems[report.path] = report.problems
        if not report.findings:
            return
        in_order = report.path >= self._last
        self._last = max(report.path, self._last)
        for finding in report.findings:
            self._all.append(finding)
            self._known[finding.id] = finding
            for path in finding.paths:
                self._touching.setdefault(path, []).append(finding)
            self._sections.setdefault(finding.section, []).append(finding)
            self._kinds.setdefault(finding.section, Counter())[finding.applicability.value] += 1
        if not in_order:
            self._sort()

    def _sort(self) -> None:
        self._standing = _by_section()
        self._all = [finding for path in sorted(self.reports) for finding in self.reports[path].findings]
        self._sections = {}
        for finding in self._all:
            self._sections.setdefault(finding.section, []).append(finding)

    def findings(self, section: str = "") -> list[Finding]:
        """Return the findings of one section or of all, by path and place."""
        return list(self._sections.get(section, ()) if section else self._all)

    def finding(self, identity: str) -> Finding:
        """Return a finding; ``KeyError`` when there is none of that identity."""
        return self._known[identity]

    def known(self, identities: Iterable[str]) -> list[Finding]:
        """Return those of the findings that there are."""
        return [self._known[identity] for identity in identities if identity in self._known]

    def touching(self, path: str) -> list[Finding]:
        """Return the findings that have a place in a file or change it, in the order in which they came in."""
        return list(self._touching.get(path, ()))

    @property
    def problems(self) -> list[Problem]:
        """Files that could not be read, or only in part, by path."""
        return [problem for path in sorted(self._problems) for problem in self._problems[path]]

    def tally(self, section: str, session: Session) -> Tally:
        """Count the findings of a section; only what was decided or came in since the last time is looked at."""
        done = len(session.landings), len(session.by_hand)
        if self._standing.follow(self._all, session) or self._done != done:
            self._tallies, self._done = {}, done
        if section not in self._tallies:
            empty = section not in self._kinds and done == (0, 0)
            self._tallies[section] = Tally() if empty else self._count(section, session)
        return self._tallies[section]

    def _count(self, section: str, session: Session) -> Tally:
        landed = sum(
            len(landing.findings) - (landing.followed or 0)
            for landing in session.landings
            if landing.section == section
        )
        stand = {status._value_: self._standing.counts[section, status] for status in STATUSES}
        by_hand = len({each.finding for each in session.by_hand if each.section == section} - self._known.keys())
        return Tally(**self._kinds.get(section, Counter()), **stand, landed=landed, by_hand=by_hand)


def _by_section() -> Standing[str]:
    return Standing(lambda finding: finding.section)
