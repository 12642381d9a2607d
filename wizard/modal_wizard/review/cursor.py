"""Where a person is in a review, without a screen: the finding, the choice looked at, and what is still undecided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from modal_transforms.core.model import Applicability, Choice, Finding, Section
from modal_wizard.decisions.proposals import Proposals
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.standing import Standing
from modal_wizard.session.decisions import PENDING, Decision, Status


class FindingOrder(Protocol):
    """Findings in the order in which they are gone through, one of them under the cursor."""

    @property
    def here(self) -> Finding | None:
        """The finding that is asked about."""

    @property
    def order(self) -> Sequence[Finding]:
        """The findings in sight."""

    def position(self, finding: Finding | None) -> int:
        """Return which of them a finding is, from 0; -1 when it is not among them."""

    def go(self, finding: Finding | None) -> None:
        """Go to a finding; nowhere when there is none."""


class SectionFindings:
    """The findings of one section after another that still stand, in order, as a list without a screen."""

    def __init__(self, migration: Migration) -> None:
        self._migration = migration
        self.section: Section | None = None
        self.here: Finding | None = None

    @property
    def order(self) -> list[Finding]:
        """The findings of the section that still stand."""
        return self._migration.findings(self.section.slug) if self.section else []

    def position(self, finding: Finding | None) -> int:
        """Return which of them a finding is, from 0; -1 when it is not among them."""
        if finding is None:
            return -1
        return next((at for at, each in enumerate(self.order) if each.id == finding.id), -1)

    def go(self, finding: Finding | None) -> None:
        """Go to a finding; nowhere when there is none."""
        self.here = finding or self.here


class Remaining(Struct, frozen=True):
    """What is left of some findings."""

    pending: int = 0
    """How many are undecided."""
    safe: int = 0
    """How many safe ones are undecided."""
    taken: int = 0
    """How many wait to be committed."""
    by_rule: Counter[str] = field(default_factory=Counter)
    """How many of each rule are undecided."""


class _Counted(Struct, frozen=True):
    """What is left of some findings, a list that may grow."""

    order: Sequence[Finding]
    standing: Standing[tuple[str, bool]]
    remaining: Remaining


class _NextUndecided(Struct, frozen=True):
    """The next undecided finding below a place in a list, which may grow, as of some decisions."""

    order: Sequence[Finding]
    state: tuple[int, str, int]
    """How long the list was, the finding under the cursor, and the version of the decisions."""
    found: Finding | None


class ReviewCursor:
    """A person's place in a review; decides nothing."""

    def __init__(self, migration: Migration, findings: FindingOrder, proposals: Proposals | None = None) -> None:
        self.migration = migration
        self.findings = findings
        self.proposals = proposals or Proposals(migration)
        self._looked_at: dict[str, str] = {}
        """Which choice is looked at, by finding, where it is not the one that was decided."""
        self._counted: _Counted | None = None
        """What was left when it was counted last."""
        self._ahead: _NextUndecided | None = None
        """What was next when it was looked for last."""

    # --- the finding and its choice ------------------------------------------------------------------------------

    @property
    def here(self) -> Finding | None:
        """The finding that is asked about."""
        return self.findings.here

    @property
    def choice(self) -> Choice | None:
        """The choice of that finding that is looked at."""
        return self.choice_of(self.here)

    def choice_of(self, finding: Finding | None) -> Choice | None:
        """Return the choice that is looked at: the one asked for, or decided, or proposed, or the first."""
        if finding is None or not finding.choices:
            return None
        key = self._looked_at.get(finding.id) or self.migration.decision(finding).choice
        if not key and (proposed := self.proposals.accepted(finding)):
            key = proposed.choice
        return next((choice for choice in finding.choices if choice.key == key), finding.choices[0])

    def look_at(self, finding: Finding, choice: str) -> None:
        """Look at another choice of a finding, by its key."""
        self._looked_at[finding.id] = choice

    def look_away(self, finding: Finding) -> None:
        """Look at what is decided of a finding again."""
        self._looked_at.pop(finding.id, None)

    def shows_own_text(self, finding: Finding) -> bool:
        """Tell whether the text that the person wrote is looked at, not a choice."""
        edited = self.migration.decision(finding).status is Status.EDITED
        return edited and finding.id not in self._looked_at

    def shown(self, finding: Finding) -> Decision:
        """Return the decision whose change is to be shown: the one made, or what accepting now would make."""
        decision, choice = self.migration.decision(finding), self.choice_of(finding)
        if proposed := self.proposed(finding):
            return proposed
        if choice is None or self.shows_own_text(finding):
            return decision
        values = decision.values if decision.choice == choice.key else ()
        return Decision(Status.ACCEPTED, choice.key, values)

    def proposed(self, finding: Finding) -> Decision | None:
        """Return the proposed choice or text that is looked at and can be taken; ``None`` where another one is."""
        proposed, looked_at = self.proposals.accepted(finding), self._looked_at.get(finding.id)
        if proposed is None or (looked_at and (looked_at != proposed.choice or proposed.status is Status.EDITED)):
            return None
        return proposed

    # --- what is undecided ---------------------------------------------------------------------------------------

    def status(self, finding: Finding) -> Status:
        """Return where a finding stands."""
        return self.migration.session.decision(finding.id).status

    def is_pending(self, finding: Finding) -> bool:
        """Tell whether a finding is undecided."""
        return self.status(finding) is Status.PENDING

    def undecided(self, findings: Iterable[Finding] | None = None) -> list[Finding]:
        """Return the undecided ones of some findings, of those in sight when not said."""
        pending, known = Status.PENDING, self.migration.session.latest.get
        several = self.findings.order if findings is None else findings
        return [finding for finding in several if known(finding.id, PENDING).status is pending]

    def next_undecided(self, decided: Iterable[Finding] = ()) -> Finding | None:
        """Return the undecided finding to go on with, from the cursor on and then from the top.

        Those that are about to be ``decided`` are passed over.
        """
        start = self.findings.position(self.here) + 1
        if decided:
            return self._first_undecided(chain(self._from(start), islice(self.findings.order, start)), decided)
        return self.ahead or self._first_undecided(islice(self.findings.order, start))

    @property
    def ahead(self) -> Finding | None:
        """The next undecided finding below the cursor; looked for once for each state, as every key asks for it."""
        order, here = self.findings.order, self.here
        state = len(order), here.id if here else "", self.migration.session.version
        if self._ahead is None or self._ahead.order is not order or self._ahead.state != state:
            found = self._first_undecided(self._from(self.findings.position(here) + 1))
            self._ahead = _NextUndecided(order, state, found)
        return self._ahead.found

    def _from(self, start: int) -> Iterator[Finding]:
        return islice(self.findings.order, start, None)

    def _first_undecided(self, several: Iterable[Finding], decided: Iterable[Finding] = ()) -> Finding | None:
        if not self.remaining().pending:
            return None
        gone = {finding.id for finding in decided}
        pending, known = Status.PENDING, self.migration.session.latest.get
        left = (each for each in several if each.id not in gone and known(each.id, PENDING).status is pending)
        return next(left, None)

    def remaining(self) -> Remaining:
        """Count what is left of the findings in sight; only what was decided or came since is looked at."""
        order, counted = self.findings.order, self._counted
        if counted is None or counted.order is not order:
            counted = _Counted(order, Standing(_kind), Remaining())
        if counted.standing.follow(order, self.migration.session):
            counted = replace(counted, remaining=_remaining(counted.standing))
        self._counted = counted
        return counted.remaining


def _kind(finding: Finding) -> tuple[str, bool]:
    """Return the rule of a finding, and whether it is safe."""
    return finding.rule, finding.applicability is Applicability.SAFE


def _remaining(standing: Standing[tuple[str, bool]]) -> Remaining:
    safe = taken = 0
    rules: Counter[str] = Counter()
    for ((rule, is_safe), status), count in standing.counts.items():
        if status is Status.PENDING:
            rules[rule] += count
            safe += count if is_safe else 0
        elif status is not Status.SKIPPED:
            taken += count
    return Remaining(sum(rules.values()), safe, taken, rules)
