"""Every safe finding of all sections, to be taken as one step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from modal_transforms.core.model import Applicability
from modal_wizard.session.decisions import Status

if TYPE_CHECKING:
    from modal_transforms.core.model import Finding
    from modal_wizard.decisions.proposals import Proposals
    from modal_wizard.migration.migration import Migration
    from modal_wizard.migration.preview import NotApplicable


ALL_SAFE = "accept all safe of all sections"
"""The step of undo that takes them, as it is called."""


class SafeFindings(Struct, frozen=True):
    """The undecided findings that may be taken together, and those that cannot be."""

    findings: tuple[Finding, ...]
    refused: tuple[NotApplicable, ...]

    def accept(self, migration: Migration) -> None:
        """Take them as one step of undo."""
        migration.accept_checked(self.findings, self.refused, ALL_SAFE)


def just_accepted(migration: Migration) -> str:
    """Return how many were taken and how many are left to look at, in words; empty unless it was the last step."""
    last = migration.session.steps[-1:]
    if not last or last[0].label != ALL_SAFE:
        return ""
    left = sum(migration.tally(section.slug).pending for section in migration.sections)
    taken = len(last[0].decisions)
    rest = "nothing is left to look at" if not left else f"{left:,} {'is' if left == 1 else 'are'} left to look at"
    return f"{taken:,} of {taken + left:,} accepted in one step, {rest}"


def is_safe_left(migration: Migration, finding: Finding) -> bool:
    """Tell whether a finding is safe and undecided."""
    return finding.applicability is Applicability.SAFE and migration.decision(finding).status is Status.PENDING


def safe_findings(migration: Migration, proposals: Proposals) -> SafeFindings:
    """Return the safe and undecided findings of all sections; it rewrites their files to know which can be made."""
    return [SafeFindings((), ()), *safe_so_far(migration, proposals)][-1]


def safe_so_far(migration: Migration, proposals: Proposals) -> Iterator[SafeFindings]:
    """Yield the same section after section, with those of the sections before.

    What has a proposal is left to be looked at. Sections are committed one after another, so that only changes of the
    same section have to go together.
    """
    found = SafeFindings((), ())
    for section in migration.sections:
        left = (finding for finding in migration.findings(section.slug) if is_safe_left(migration, finding))
        safe = [finding for finding in left if proposals.of(finding) is None]
        found = SafeFindings((*found.findings, *safe), (*found.refused, *migration.refusals(safe)))
        yield found
