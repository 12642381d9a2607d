"""Decisions of a file as proposals: shown with their notes, and undecided until the person takes them."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from modal_transforms.core.model import Finding
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.decisions.lookup import DecisionSet, Matcher
from modal_wizard.decisions.resolve import decision_of
from modal_wizard.migration.migration import Migration
from modal_wizard.session.decisions import Decision, Status

NOTHING = DecisionSet("", ())
_VERBS = {Status.SKIPPED: "skip", Status.EDITED: "the text of an edit"}


class Proposal(Struct, frozen=True):
    """What a file of decisions proposes for a finding."""

    decision: Decision
    why_not: str = ""
    """Why it cannot be taken; empty where it can."""

    @property
    def words(self) -> str:
        """What is proposed, why, and by which key it is taken."""
        made = self.decision
        what = _VERBS.get(made.status, made.choice)
        values = ", ".join(f"{key} = {value}" for key, value in made.values)
        said = " - ".join(filter(None, (f"{what} ({values})" if values else what, made.reason, made.note)))
        if self.why_not:
            return f"{said}; it cannot be taken: {self.why_not}"
        return f"{said} ({'s' if made.status is Status.SKIPPED else 'a'} takes it)"


class Proposals:
    """What a file of decisions proposes for the findings of a migration, also for those that are found later."""

    def __init__(self, migration: Migration, decisions: DecisionSet = NOTHING) -> None:
        self._migration, self._decisions = migration, decisions
        self._matcher = Matcher(decisions, migration)
        self._known: dict[str, Proposal | None] = {}
        self._scan: object = None

    def __bool__(self) -> bool:
        return bool(self._decisions.entries)

    def check(self) -> None:
        """Raise `DecisionsRefused` when the file does not fit what was found."""
        from modal_wizard.decisions.check import check

        check(self._decisions, self._migration)

    def of(self, finding: Finding | None) -> Proposal | None:
        """Return what is proposed for a finding; ``None`` for nothing, and once the finding is decided."""
        if finding is None or not self or self._migration.session.decision(finding.id).status is not Status.PENDING:
            return None
        if self._scan is not self._migration.scanned:
            self._known, self._scan = {}, self._migration.scanned
        if finding.id not in self._known:
            self._known[finding.id] = self._propose(finding)
        return self._known[finding.id]

    def among(self, findings: Iterable[Finding]) -> list[tuple[Finding, Decision]]:
        """Return what is proposed for some findings and can be taken."""
        several = [(finding, self.of(finding)) for finding in findings] if self else []
        return [(finding, each.decision) for finding, each in several if each is not None and not each.why_not]

    def accepted(self, finding: Finding | None) -> Decision | None:
        """Return the choice or the text that is proposed for a finding, where it can be taken."""
        found = self.of(finding)
        if found is None or found.why_not or found.decision.status is Status.SKIPPED:
            return None
        return found.decision

    def reason(self, finding: Finding | None) -> str:
        """Return the reason that a finding is proposed to be skipped with; empty where it is not."""
        found = self.of(finding)
        return found.decision.reason if found is not None else ""

    def skipped(self, finding: Finding) -> Decision:
        """Return the decision to skip a finding, as it is proposed where it is."""
        found = self.of(finding)
        skip = found is not None and found.decision.status is Status.SKIPPED
        return found.decision if found is not None and skip else Decision(Status.SKIPPED)

    def _propose(self, finding: Finding) -> Proposal | None:
        found = self._matcher.about(finding)
        if found is None:
            return None
        entry = found.entry
        try:
            return Proposal(decision_of(entry, finding, self._migration))
        except CannotRewrite as error:
            status = Status.EDITED if entry.edits else Status.ACCEPTED
            return Proposal(Decision(status, entry.choice or "", note=entry.note or ""), str(error))
