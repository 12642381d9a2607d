"""What became of a finding that a person changed outside the wizard."""

from __future__ import annotations

from msgspec import Struct

from modal_transforms.core.model import Finding
from modal_wizard.migration.migration import Migration
from modal_wizard.session.decisions import DoneByHand


class LookedAgain(Struct, frozen=True):
    """What a second look at a finding's file told."""

    finding: Finding
    still: Finding | None
    """What is left of it, or of its kind; ``None`` when it is done."""

    @property
    def words(self) -> str:
        """What to say of it."""
        path = self.finding.site.path
        if self.still is None:
            return f"Done by hand: {path}:{self.finding.site.line} is not found any more."
        return f"It is still there: {path}:{self.still.site.line}: {self.still.message}"


def look_again(migration: Migration, finding: Finding) -> LookedAgain:
    """Look at the files again, and tell whether a finding is done: fewer of its kind are in its file."""
    before = len(_alike(migration, finding))
    if migration.store is None:
        for _ in migration.scan():
            pass
    else:
        migration.look_again()
    left = _alike(migration, finding)
    if len(left) < before:
        at = finding.site
        done = DoneByHand(finding.id, finding.section, at.path, at.line, finding.message)
        migration.session.note_by_hand(done)
        return LookedAgain(finding, None)
    nearest = min(left, key=lambda each: abs(each.site.line - finding.site.line), default=None)
    return LookedAgain(finding, nearest)


def _alike(migration: Migration, finding: Finding) -> list[Finding]:
    """Return the findings of the same rule in the same file."""
    several = migration.findings(finding.section)
    return [each for each in several if (each.rule, each.site.path) == (finding.rule, finding.site.path)]
