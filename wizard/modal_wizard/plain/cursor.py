"""What the commands of the plain prompt work on: the migration, and where the person is in it, told in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modal_transforms.core.model import Finding, Section
from modal_transforms.sections import place_of
from modal_wizard.decisions.proposals import Proposals
from modal_wizard.migration.horizon import forecast
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.options import RunOptions
from modal_wizard.plain.console import Console
from modal_wizard.plain.format import described, heading, shown
from modal_wizard.process.editor import edited
from modal_wizard.review.cursor import ReviewCursor, SectionFindings
from modal_wizard.review.onward import is_broken, next_broken, onward
from modal_wizard.session.drafts import drafts_beside

if TYPE_CHECKING:
    from modal_wizard.git.repository import Repository


class Desk:
    """A review cursor that says where it goes, and what the commands need beside it."""

    def __init__(
        self,
        migration: Migration,
        repository: Repository | None,
        wishes: RunOptions,
        console: Console,
        proposals: Proposals | None = None,
    ) -> None:
        self.migration = migration
        self.repository = repository
        self.wishes = wishes
        self.console = console
        self.branch = wishes.branch
        self.context = 3
        self.drafts = drafts_beside(migration.session.file)
        """What was typed and not taken, of earlier runs too."""
        self._findings = SectionFindings(migration)
        self.cursor = ReviewCursor(migration, self._findings, proposals)

    def edited(self, key: str, text: str, about: str = "", suffix: str = ".py", line: int = 1) -> str:
        """Return a text as the person's editor left it, kept as a draft for ``key``; raises `NoEditor`.

        The editor begins at a ``line``, from 1.
        """
        with self.drafts.in_editor(key, text, about, suffix) as place:
            typed = edited(text, suffix, place=place, line=line, root=self.migration.scope.root)
            self.drafts.keep(key, typed.removesuffix("\n"), about)
        return typed

    # --- where one is --------------------------------------------------------------------------------------------

    @property
    def section(self) -> Section | None:
        """The section that is open."""
        return self._findings.section

    @property
    def here(self) -> Finding | None:
        """The finding that is asked about."""
        return self._findings.here

    @property
    def choice(self) -> str:
        """The key of the choice that is looked at; empty for the person's own text, or when there is none."""
        finding, choice = self.here, self.cursor.choice
        return "" if finding is None or choice is None or self.cursor.shows_own_text(finding) else choice.key

    @property
    def number(self) -> tuple[int, int]:
        """Which of how many findings of the section this is."""
        return self._findings.position(self.here) + 1, len(self._findings.order)

    # --- going ---------------------------------------------------------------------------------------------------

    def open(self, section: Section, last: bool = False) -> None:
        """Go to a section: its first undecided finding, or its last one."""
        self._findings.section = section
        order = self._findings.order
        first = next(iter(self.cursor.undecided()), order[0] if order else None)
        self._findings.here = order[-1] if last and order else first
        self.console.say("", *heading(section, self.migration.tally(section.slug)))
        self.show()

    def show(self) -> None:
        """Say all there is to say of the finding."""
        if self.here is not None:
            proposed = self.cursor.proposed(self.here)
            lines = described(self.migration, self.here, self.choice, self.number, self.context, proposed)
            if proposal := self.cursor.proposals.of(self.here):
                lines.insert(1, f"  Proposed: {shown(proposal.words)}")
            self.console.say("", *lines)

    def go(self, finding: Finding) -> None:
        """Go to a finding, of another section as well."""
        if self.section is None or finding.section != self.section.slug:
            section = next(each for each in self.migration.sections if each.slug == finding.section)
            self._findings.section = section
            self.console.say("", f"Section {section.label}: {section.title}.")
        self._findings.go(finding)
        self.show()

    def onward(self) -> None:
        """Go to the next undecided finding of the section, from here on and then from the top."""
        found = self.cursor.next_undecided()
        if found is not None:
            self.go(found)
            return
        said = onward(self.migration, self.section.slug, self.repository is not None) if self.section else ""
        self.console.say("", f"Every finding of this section is decided: {said.replace('*', '')}")

    def undecided(self) -> None:
        """Go to the next undecided finding: below, then in the sections after this and before it, then from the top."""
        found = self.cursor.ahead
        others = self.migration.around(self.section) if self.section else self.migration.sections
        section = next((one for one in others if self.migration.tally(one.slug).pending), None)
        if found is not None:
            self.go(found)
        elif section is not None:
            self.open(section)
        elif (found := self.cursor.next_undecided()) not in (None, self.here):
            self.go(found)
        else:
            self.console.say("Nothing else is undecided.")

    def step(self, forward: bool) -> None:
        """Go to the next or the previous finding, over the borders of sections."""
        order, (at, _) = self._findings.order, self.number
        target = at if forward else at - 2
        if self.here is not None and 0 <= target < len(order):
            self.go(order[target])
            return
        now = place_of(self.section.slug) if self.section else -1
        filled = [section for section in self.migration.sections if self.migration.findings(section.slug)]
        before = [section for section in reversed(filled) if place_of(section.slug) < now]
        ahead = [section for section in filled if place_of(section.slug) > now] if forward else before
        if not ahead:
            self.console.say("There is nothing " + ("after this." if forward else "before this."))
            return
        self.open(ahead[0], last=not forward)

    def broken(self) -> None:
        """Go to another undecided finding that is broken now: further on in this section, in others, then before."""
        seen = forecast(self.migration.scanned.pins, self.migration.findings())
        here = [finding for finding in self.cursor.undecided() if is_broken(seen, finding) and finding != self.here]
        ahead = [finding for finding in here if self._findings.position(finding) >= self.number[0]]
        found = next(iter(ahead), None) or next_broken(self.migration, seen, self.section) or next(iter(here), None)
        if found is None:
            self.console.say("Nothing else that is undecided is broken now.")
        else:
            self.go(found)

    def advance(self) -> None:
        """Go to the first section, from this one on and then from the top, that needs something."""
        sections = list(self.migration.sections)
        start = sections.index(self.section) if self.section in sections else 0
        for section in [*sections[start:], *sections[:start]]:
            tally = self.migration.tally(section.slug)
            if tally.pending + tally.accepted + tally.edited:
                self.open(section)
                return
        self._findings.section = self._findings.here = None
        self.console.say("", "Nothing is left to decide. m tells what was done, q quits.")
