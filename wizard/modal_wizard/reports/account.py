"""The summary of a migration as data: what was done, what was left, what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from modal_transforms.core.model import Finding
from modal_transforms.sections import Group, group_of, place_of
from modal_wizard.migration.horizon import Due, forecast, lifetime_of
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.requirements import found_pins
from modal_wizard.reports.api_uses import sentence
from modal_wizard.reports.horizon import headline
from modal_wizard.session.log import SectionWritten, Status
from modal_wizard.session.mute import is_muted
from modal_wizard.text.sanitize import visible


@dataclass(frozen=True, slots=True)
class Written:
    """A section that was written."""

    title: str
    commit: str
    """The commit that it is in; empty when it was written without one."""
    counts: str
    section: str = ""
    """Its slug."""
    bulk: tuple[str, ...] = ()
    """Places that were accepted together with others, without being looked at one by one."""
    also: tuple[str, ...] = ()
    """What a hook put into the commit beside the section's changes: each file, with its lines."""


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that is not migrated, why, and what to do about it."""

    path: str
    line: int
    why: str
    advice: str
    section: str = ""
    """The slug of its section."""
    breaks: str = ""
    """When it breaks, in words; empty where that is not known."""


T = TypeVar("T", Written, Left)


@dataclass(frozen=True, slots=True)
class ToCheck:
    """What to check when deploying, and the places that it concerns."""

    advice: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """What was done, what was left, what comes next."""

    written: tuple[Written, ...]
    left: tuple[Left, ...]
    ready: int
    """Decisions that are not written yet."""
    steps: tuple[str, ...]
    checks: tuple[ToCheck, ...] = ()
    accepted: int = 0
    edited: int = 0
    skipped: int = 0
    """Findings that were skipped."""
    muted: tuple[tuple[str, int], ...] = ()
    """The rules that are muted, and how many of their findings are skipped for it."""
    horizon: str = ""
    """What of it is broken now, what the next upgrade breaks, and what comes later."""
    api: str = ""
    """How much of Modal's API is used, and how much of that the target does not have."""


def account(migration: Migration) -> Account:
    """Return the summary of a migration at this moment."""
    landings, findings = migration.session.landings, migration.findings()
    seen = forecast(found_pins(migration.scanned), findings)
    standing = [(finding, migration.decision(finding)) for finding in findings]
    taken = {Status.ACCEPTED, Status.EDITED}
    left = tuple(
        _left(finding, seen.when[finding.id], decision.status, decision.reason)
        for finding, decision in standing
        if decision.status not in taken
    )
    ready = sum(decision.status in taken for _, decision in standing)
    return Account(
        _written(migration),
        left,
        ready,
        tuple(_steps(bool(landings), ready, len(left))),
        _checks(migration),
        sum(landing.accepted for landing in landings),
        sum(landing.edited for landing in landings),
        sum(decision.status is Status.SKIPPED for _, decision in standing),
        _muted(migration),
        headline(seen, findings),
        sentence(migration.scanned.api, migration.scope.goal.target),
    )


def grouped(items: Sequence[T]) -> list[tuple[str, list[T]]]:
    """Return what was written or left by the group of its section; without a heading where all is the guide's."""
    groups = [(group.value, [item for item in items if _group(item) is group]) for group in Group]
    some = [(heading, own) for heading, own in groups if own]
    return [("", own) for _, own in some] if [heading for heading, _ in some] == [Group.GUIDE.value] else some


def _group(item: Written | Left) -> Group:
    try:
        return group_of(item.section)
    except KeyError:  # a section of another version of this tool
        return Group.AFTER


def _muted(migration: Migration) -> tuple[tuple[str, int], ...]:
    session = migration.session
    of_rules = Counter(finding.rule for finding in migration.findings() if is_muted(session, finding))
    return tuple((rule, of_rules[rule]) for rule in sorted(session.muted))


def _written(migration: Migration) -> tuple[Written, ...]:
    titles = {section.slug: section.title for section in migration.sections}
    return tuple(
        Written(
            titles.get(landing.section, landing.section),
            landing.commit,
            _counts(landing),
            landing.section,
            landing.bulk,
            landing.also,
        )
        for landing in migration.session.landings
    )


def _counts(landing: SectionWritten) -> str:
    return f"{landing.accepted} accepted, {landing.edited} edited, {landing.skipped} skipped"


def _left(finding: Finding, when: Due, status: Status, reason: str) -> Left:
    why = f"skipped: {reason}" if reason else "skipped" if status is Status.SKIPPED else "undecided"
    breaks_in = lifetime_of(finding)[1]
    return Left(
        finding.site.path,
        finding.site.line,
        f"{why} · {finding.message}",
        finding.advice,
        finding.section,
        "broken now" if when is Due.NOW else f"breaks in {breaks_in}" if breaks_in else "",
    )


def _checks(migration: Migration) -> tuple[ToCheck, ...]:
    """Return the advice that came with what was written, in the order of the sections, each once."""
    places: dict[str, list[str]] = {}
    for landing in sorted(migration.session.landings, key=lambda one: place_of(one.section)):
        for place, advice in landing.advice:
            places.setdefault(advice, []).append(place)
    return tuple(ToCheck(advice, tuple(dict.fromkeys(where))) for advice, where in places.items())


def _steps(written: bool, ready: int, left: int) -> list[str]:
    steps = []
    if ready:
        steps.append("Commit the sections that are ready.")
    if left:
        steps.append("See to what is left, above: it fails on the SDK version that its section names.")
    if written:
        steps.append("Raise the pin of modal in your requirements to modal~=1.0 or newer.")
        steps.append("Run your tests, then deploy to a development environment.")
    return steps


def farewell(migration: Migration) -> str:
    """Return the message on leaving: what was done, and that the rest is kept."""
    found = account(migration)
    commits = [item.commit[:7] for item in found.written if item.commit]
    done = f"{len(commits)} commits ({', '.join(commits)})" if len(commits) > 1 else f"1 commit ({''.join(commits)})"
    said = f"{done if commits else 'No commits'}; {found.ready} decisions not written, {len(found.left)} findings left."
    session = migration.session
    kept = " Your decisions are kept; modal-wizard goes on where you were." if session.file else ""
    if session.unkept:
        kept = f" Decisions are not kept: {visible(session.unkept)}."
    return f"modal-wizard: {said}{kept}"
