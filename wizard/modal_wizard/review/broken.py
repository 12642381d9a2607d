"""The way through what is broken now, from one section to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modal_wizard.migration.horizon import Due
from modal_wizard.session.log import Status

if TYPE_CHECKING:
    from modal_transforms.core.model import Finding, Section
    from modal_wizard.migration.horizon import Forecast
    from modal_wizard.migration.migration import Migration


def is_broken(seen: Forecast, finding: Finding) -> bool:
    """Tell whether a finding is broken with the modal that is installed."""
    return seen.when.get(finding.id) is Due.NOW


def next_broken(migration: Migration, seen: Forecast, after: Section | None = None) -> Finding | None:
    """Return the first undecided finding that is broken now: of the sections after one, then of those before it."""
    for section in migration.around(after) if after else migration.sections:
        for finding in migration.findings(section.slug):
            if is_broken(seen, finding) and migration.decision(finding).status is Status.PENDING:
                return finding
    return None
