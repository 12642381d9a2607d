"""Where to go on: where a person was when they left, what is broken now, what comes after a finished section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modal_wizard.migration.horizon import Due
from modal_wizard.session.decisions import Status
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_transforms.core.model import Finding, Section
    from modal_wizard.migration.horizon import Forecast
    from modal_wizard.migration.migration import Migration


def where_you_were(migration: Migration) -> Finding | None:
    """Return the undecided finding to go on with: behind the last decision, else the first of a section after it.

    It is the last decided one where its section is finished and waits to be committed, and ``None`` where nothing was
    decided in an earlier run, or nothing is left.
    """
    last = _last(migration)
    section = _section(migration, last)
    if section is None:
        return None
    if last is not None and migration.tally(section.slug).is_ready:
        return last
    order = migration.findings(section.slug)
    start = next((at + 1 for at, finding in enumerate(order) if last is not None and finding.id == last.id), 0)
    others = (finding for one in migration.around(section) for finding in migration.findings(one.slug))
    around = (*order[start:], *order[:start], *others)
    return next((finding for finding in around if migration.decision(finding).status is Status.PENDING), None)


def welcome_back(migration: Migration, at: Finding) -> str:
    """Return how far a person was, and where."""
    tallies = [migration.tally(section.slug) for section in migration.sections]
    done, total = sum(tally.decided for tally in tallies), sum(tally.total for tally in tallies)
    commits = len(migration.session.commits)
    section = next(one for one in migration.sections if one.slug == at.section)
    made = f", {counted(commits, 'commit')}" if commits else ""
    where = f"{section.heading}, {visible(at.site.path, '␉')}:{at.site.line}"
    return f"Welcome back: {done} of {total} decided{made}. You were at {where}"


def _last(migration: Migration) -> Finding | None:
    """Return the finding that was decided last, where it still stands."""
    steps = migration.session.steps
    known = migration.known(identity for identity, _ in steps[-1].decisions) if steps else []
    return known[-1] if known else None


def _section(migration: Migration, last: Finding | None) -> Section | None:
    landings = migration.session.landings
    slug = last.section if last is not None else landings[-1].section if landings else ""
    return next((section for section in migration.sections if section.slug == slug), None)


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


def onward(migration: Migration, slug: str, commits: bool) -> str:
    """Return what comes next, keys between stars; ``commits`` says that there is a repository to commit to."""
    left = sum(migration.tally(one.slug).pending for one in migration.sections)
    ready = len(migration.ready_sections()) if commits else 0
    done = f"*C* commits all {ready} finished sections" if ready > 1 else "*o* goes back to the sections"
    further = f"*n* goes on: {counted(left, 'finding')} left in other sections" if left else done
    return f"*c* shows the commit, {further}." if migration.tally(slug).is_ready else f"{further}."
