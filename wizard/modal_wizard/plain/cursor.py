"""What the commands of the plain prompt work on: the migration, and where the person is in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from modal_transforms.core.model import Finding, Section
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.options import RunOptions
from modal_wizard.plain.console import Console
from modal_wizard.plain.format import described, heading
from modal_wizard.session.log import Status

if TYPE_CHECKING:
    from modal_wizard.git.repository import Repository


class Desk:
    """Where the person is: a section, a finding of it, the choice that is looked at."""

    def __init__(
        self, migration: Migration, repository: Repository | None, wishes: RunOptions, console: Console
    ) -> None:
        self.migration = migration
        self.repository = repository
        self.wishes = wishes
        self.console = console
        self.branch = wishes.branch
        self.context = 3
        self.section: Section | None = None
        self.here: Finding | None = None
        self.looked_at: dict[str, str] = {}
        """Which choice is looked at, by finding, where it is not the one that was decided."""
        self.drafts: dict[str, str] = {}
        """Text that was typed and not taken, by finding."""

    # --- where one is --------------------------------------------------------------------------------------------

    @property
    def order(self) -> list[Finding]:
        """The findings of the section that still stand."""
        return self.migration.findings(self.section.slug) if self.section else []

    def pending(self, finding: Finding) -> bool:
        """Tell whether a finding is undecided."""
        return self.migration.decision(finding).status is Status.PENDING

    @property
    def choice(self) -> str:
        """The key of the choice that is looked at; empty for the person's own text, or when there is none."""
        finding = self.here
        if finding is None or not finding.choices:
            return ""
        decision = self.migration.decision(finding)
        edited = decision.status is Status.EDITED
        key = self.looked_at.get(finding.id) or ("" if edited else decision.choice)
        return key if key or edited else finding.choices[0].key

    @property
    def number(self) -> tuple[int, int]:
        """Which of how many findings of the section this is."""
        order = self.order
        at = next((index for index, finding in enumerate(order) if self.here and finding.id == self.here.id), -1)
        return at + 1, len(order)

    # --- going ---------------------------------------------------------------------------------------------------

    def open(self, section: Section, last: bool = False) -> None:
        """Go to a section: its first undecided finding, or its last one."""
        self.section = section
        order = self.order
        first = next((finding for finding in order if self.pending(finding)), order[0] if order else None)
        self.here = order[-1] if last and order else first
        self.console.say("", *heading(section, self.migration.tally(section.slug)))
        self.show()

    def show(self) -> None:
        """Say all there is to say of the finding."""
        if self.here is not None:
            lines = described(self.migration, self.here, self.choice, self.number, self.context)
            self.console.say("", *lines)

    def go(self, finding: Finding) -> None:
        """Go to a finding, of another section as well."""
        if self.section is None or finding.section != self.section.slug:
            self.section = next(each for each in self.migration.sections if each.slug == finding.section)
            self.console.say("", f"Section {self.section.number}: {self.section.title}.")
        self.here = finding
        self.show()

    def onward(self) -> None:
        """Go to the next undecided finding of the section, from here on and then from the top."""
        order, (at, _) = self.order, self.number
        found = next((finding for finding in [*order[at:], *order[:at]] if self.pending(finding)), None)
        if found is not None:
            self.go(found)
            return
        self.console.say("", "Every finding of this section is decided. c commits it, n goes to the next section.")

    def step(self, forward: bool) -> None:
        """Go to the next or the previous finding, over the borders of sections."""
        order, (at, _) = self.order, self.number
        target = at if forward else at - 2
        if self.here is not None and 0 <= target < len(order):
            self.go(order[target])
            return
        sections = self.with_findings()
        numbers = [section.number for section in sections]
        now = self.section.number if self.section else 0
        ahead = [n for n in numbers if n > now] if forward else [n for n in reversed(numbers) if n < now]
        if not ahead:
            self.console.say("There is nothing " + ("after this." if forward else "before this."))
            return
        self.open(sections[numbers.index(ahead[0])], last=not forward)

    def with_findings(self) -> Sequence[Section]:
        """Return the sections in which something still stands."""
        return [section for section in self.migration.sections if self.migration.findings(section.slug)]

    def advance(self) -> None:
        """Go to the first section, from this one on and then from the top, that needs something."""
        sections = list(self.migration.sections)
        start = sections.index(self.section) if self.section in sections else 0
        for section in [*sections[start:], *sections[:start]]:
            tally = self.migration.tally(section.slug)
            if tally.pending + tally.accepted + tally.edited:
                self.open(section)
                return
        self.section = self.here = None
        self.console.say("", "Nothing is left to decide. m tells what was done, q quits.")
