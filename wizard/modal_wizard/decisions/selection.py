"""What of a repository is decided without a person: by a file of decisions, and by how far rewrites may be trusted."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import UNSET

from modal_transforms.core.model import Applicability, Finding, Section
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.decisions.lookup import DecisionSet, Matcher
from modal_wizard.decisions.model import DecisionOutcome
from modal_wizard.decisions.outcomes import OutcomeLog
from modal_wizard.decisions.resolve import StaleEdit, decision_of
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.preview import NotApplicable, Preview
from modal_wizard.migration.rewrites import in_bulk
from modal_wizard.session.decisions import Decision, Status

_NOTHING = "it changes nothing"
_GONE = "it is not there any more, as another section was written"


class Selection:
    """Decides the findings of one section after another, and tells what became of each decision.

    What no entry of ``decisions`` is about is taken as recommended where its applicability is one of ``levels``.
    """

    def __init__(
        self, migration: Migration, levels: Collection[Applicability], decisions: DecisionSet, log: OutcomeLog
    ) -> None:
        self._migration, self._levels, self._decisions = migration, levels, decisions
        self._matcher = Matcher(decisions, migration)
        self._log = log
        self._seen: set[str] = set()
        """The ids of entries whose finding was there."""
        self._named: dict[str, tuple[Finding, bool]] = {}
        """The findings of those entries, and whether they are to be skipped."""
        self._taken: set[str] = set()
        """Findings whose recommended choice was taken: which one that is may change with what is written before."""
        self._decided: set[str] = set()
        """Findings that were decided, if only until an earlier section was written."""
        self._intended: set[str] = set()
        """Findings that were decided before it was known whether that can be made."""

    @property
    def waits(self) -> bool:
        """Whether the finding of an entry was not there yet."""
        return not self._seen.issuperset(self._decisions.by_id)

    @property
    def is_by_level(self) -> bool:
        """Whether no file of decisions says more than how far rewrites may be trusted."""
        return not self._decisions.entries

    def intend(self, section: Section) -> set[str]:
        """Decide a section by level before it is known what can be made; return the files that would be changed."""
        found = self._migration.findings(section.slug)
        taken = [f for f in found if f.applicability in self._levels and f.choices]
        names = {finding.id for finding in taken}
        self._intended |= names
        self._taken |= names
        return self._migration.intend([(finding, in_bulk(finding)) for finding in taken], "accept several")

    def decide(self, section: Section) -> tuple[list[NotApplicable], list[NotApplicable]]:
        """Decide the undecided findings of a section; return what is refused, and what is stale."""
        pairs: list[tuple[Finding, Decision]] = []
        refused: list[NotApplicable] = []
        stale: list[NotApplicable] = []
        for finding in self._migration.findings(section.slug):
            made = self._migration.decision(finding)
            self._log.note(finding)
            try:
                wanted = self._wanted(finding) if self._is_open(finding, made) else made
            except StaleEdit as error:
                stale.append(NotApplicable(finding, str(error)))
            except CannotRewrite as error:
                refused.append(NotApplicable(finding, str(error)))
            else:
                pairs += [(finding, wanted)] if wanted else []
        hindered = self._migration.decide(pairs, "accept several")
        for each in hindered:
            if each.finding.id in self._intended:
                self._migration.forget(each.finding)
        refused += hindered
        self._decided.update(finding.id for finding, _ in pairs)
        return refused, stale

    def _wanted(self, finding: Finding) -> Decision | None:
        """Return the decision that is to be made; ``None`` where a finding is left alone."""
        found = self._matcher.about(finding)
        if found is not None:
            if found.entry.id is not UNSET:
                self._seen.add(found.entry.id)
                self._named[finding.id] = finding, found.entry.skip is not UNSET
            return decision_of(found.entry, finding, self._migration)
        if finding.applicability not in self._levels or not finding.choices:
            return None
        self._taken.add(finding.id)
        return in_bulk(finding)

    def _is_open(self, finding: Finding, made: Decision) -> bool:
        """Tell whether a finding is undecided, or was decided here by what was recommended then."""
        return made.status is Status.PENDING or (finding.id in self._taken and made.bulk and bool(finding.choices))

    # --- what became of it ---------------------------------------------------------------------------------------

    def written(self, preview: Preview, commit: str | None) -> None:
        """Tell that a section was written, in a commit or in none."""
        for finding in (*preview.accepted, *preview.edited):
            self._log.tell(finding, DecisionOutcome.APPLIED, commit=commit)

    def left(
        self, section: Section, refused: list[NotApplicable], stale: list[NotApplicable], collided: list[NotApplicable]
    ) -> None:
        """Tell what of a section was decided and not written, once no more of it will be."""
        for each in refused:
            self._log.tell(each.finding, DecisionOutcome.REFUSED, each.reason)
        for each in stale:
            gone = each.finding.id in self._decided
            self._log.tell(each.finding, DecisionOutcome.CONFLICT if gone else DecisionOutcome.STALE, each.reason)
        for each in collided:
            self._log.tell(each.finding, DecisionOutcome.CONFLICT, each.reason)
        for finding, decision in self._undone(self._migration.findings(section.slug)):
            if decision.status is Status.SKIPPED:
                self._log.tell(finding, DecisionOutcome.SKIPPED, decision.reason)
            else:
                self._log.tell(finding, DecisionOutcome.REFUSED, _NOTHING)

    def stopped(self, why: str) -> None:
        """Tell of every decision that was not come to that writing has ended, and why."""
        for finding, decision in self._undone(self._migration.findings()):
            if decision.status is not Status.SKIPPED:
                self._log.tell(finding, DecisionOutcome.REFUSED, why)

    def ended(self) -> None:
        """Tell of the decisions whose findings never came up, or have gone with the change of another section."""
        for finding, skips in self._named.values():
            outcome = DecisionOutcome.SKIPPED if skips else DecisionOutcome.STALE
            self._log.tell(finding, outcome, _GONE if skips else f"{_GONE}; scan again")
        self._log.tell_absent(self._decisions, self._seen)

    def _undone(self, findings: list[Finding]) -> Iterator[tuple[Finding, Decision]]:
        for finding in findings:
            decision = self._migration.decision(finding)
            if decision.status is not Status.PENDING:
                yield finding, decision
