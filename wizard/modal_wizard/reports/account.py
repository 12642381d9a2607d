"""The summary of a migration as data: what was done, what was left, what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from modal_transforms.core.model import Finding
from modal_transforms.sections import Group, group_of, place_of
from modal_wizard.migration.horizon import Due, forecast, lifetime_of
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.requirements import changes, moves, outgrown_sentence
from modal_wizard.process.platform import quoted
from modal_wizard.reports import next_steps
from modal_wizard.reports.api_uses import sentence
from modal_wizard.reports.horizon import headline
from modal_wizard.session.decisions import Status
from modal_wizard.session.mute import is_muted
from modal_wizard.text.grammar import counted, decided
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_transforms.requirements import Pin


class Written(Struct, frozen=True):
    """A section that was written, or the required version of modal that was raised."""

    title: str
    commit: str
    """The commit that it is in; empty when it was written without one."""
    counts: str
    section: str = ""
    """Its slug; empty for the required version of modal."""
    bulk: tuple[str, ...] = ()
    """Places that were accepted together with others, without being looked at one by one."""
    also: tuple[str, ...] = ()
    """What a hook put into the commit beside the section's changes: each file, with its lines."""


class Left(Struct, frozen=True):
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
BROKEN_NOW = "broken now"
REQUIRED = "The required version"
"""The heading that raising it stands under."""


class ToCheck(Struct, frozen=True):
    """What to check when deploying, and the places that it concerns."""

    advice: str
    places: tuple[str, ...]


class Account(Struct, frozen=True):
    """What was done, what was left, what comes next."""

    written: tuple[Written, ...]
    left: tuple[Left, ...]
    ready: int
    """Decisions that are not written yet."""
    steps: tuple[str, ...]
    """What comes next, in order."""
    by_hand: tuple[tuple[str, str], ...] = ()
    """What the person changed themselves: where it was, and what it was."""
    way_back: tuple[str, ...] = ()
    """How all of it is taken back."""
    checks: tuple[ToCheck, ...] = ()
    accepted: int = 0
    """Findings that were accepted and written, with those that followed from others."""
    followed: int = 0
    """How many of them followed."""
    edited: int = 0
    skipped: int = 0
    """Findings that were skipped."""
    muted: tuple[tuple[str, int], ...] = ()
    """The rules that are muted, and how many of their findings are skipped for it."""
    horizon: str = ""
    """What of it is broken now, what the next upgrade breaks, and what comes later."""
    api: str = ""
    """How much of Modal's API is used, how much of that the target does not have, and what a comment silences."""
    taken_back: tuple[Written, ...] = ()
    """The commits that take one back: ``counts`` names the one that it takes back."""
    verified: tuple[str, ...] = ()
    """What verifying and the latest check came to in this run, in sentences."""
    outgrown: str = ""
    """How many requirements are too old for what was written; empty where none is."""


def _uses(migration: Migration) -> str:
    """Say how much of Modal's API is used, and of how much of that a comment keeps us silent."""
    scanned = migration.scanned
    said = sentence(scanned.api, migration.scope.goal.target)
    silenced = f"{counted(scanned.ignored, 'finding')} silenced by modal-wizard: ignore." if scanned.ignored else ""
    return " ".join(filter(None, (said, silenced)))


def account(migration: Migration) -> Account:
    """Return the summary of a migration at this moment."""
    landings, findings = migration.session.landings, migration.findings()
    asked = migration.scanned.pins_covered
    seen = forecast(migration.scanned.pins, findings)
    standing = [(finding, migration.decision(finding)) for finding in findings]
    taken = {Status.ACCEPTED, Status.EDITED}
    left = tuple(
        _left(finding, seen.when[finding.id], decision.status, decision.reason)
        for finding, decision in standing
        if decision.status not in taken
    )
    outgrown = outgrown_sentence(migration.scanned, landings)
    ready = sum(decision.status in taken for _, decision in standing)
    return Account(
        _written(migration),
        left,
        ready,
        tuple(_steps(migration, asked, len(left), sum(item.breaks == BROKEN_NOW for item in left))),
        _by_hand(migration, findings),
        _way_back(migration),
        _checks(migration),
        sum(landing.accepted for landing in landings),
        sum((landing.followed or 0) for landing in landings),
        sum(landing.edited for landing in landings),
        sum(decision.status is Status.SKIPPED for _, decision in standing),
        _muted(migration),
        headline(seen, findings),
        _uses(migration),
        _taken_back(migration),
        _verified(migration),
        outgrown,
    )


def _verified(migration: Migration) -> tuple[str, ...]:
    """Return what verifying came to, and how the latest check ended."""
    checked = migration.session.checked
    return (*migration.session.verified, *([f"{checked[:1].upper()}{checked[1:]}."] if checked else []))


def _by_hand(migration: Migration, findings: Sequence[Finding]) -> tuple[tuple[str, str], ...]:
    here = {finding.id for finding in findings}
    done = {each.finding: each for each in migration.session.by_hand if each.finding not in here}
    return tuple((f"{each.path}:{each.line}", each.message) for each in done.values())


def grouped(items: Sequence[T]) -> list[tuple[str, list[T]]]:
    """Return what was written or left by the group of its section; without a heading where all is the guide's."""
    names = [*(group.value for group in Group), REQUIRED]
    groups = [(name, [item for item in items if _heading(item.section) == name]) for name in names]
    several = any(own for name, own in groups if name not in {Group.GUIDE.value, REQUIRED})
    return [(name if several else "", own) for name, own in groups if own]


def _heading(section: str) -> str:
    if not section:
        return REQUIRED
    try:
        return group_of(section).value
    except KeyError:  # a section of another version of this tool
        return Group.AFTER.value


def _muted(migration: Migration) -> tuple[tuple[str, int], ...]:
    session = migration.session
    of_rules = Counter(finding.rule for finding in migration.findings() if is_muted(session, finding))
    return tuple((rule, of_rules[rule]) for rule in sorted(session.muted))


def titles_of(migration: Migration) -> dict[str, str]:
    """Return the titles of the sections, by slug."""
    return {section.slug: section.title for section in migration.sections}


def _taken_back(migration: Migration) -> tuple[Written, ...]:
    titles = titles_of(migration)
    taken = [each for each in migration.session.taken_back if each.commit]
    return tuple(Written(titles.get(each.section, REQUIRED), each.by, each.commit, each.section) for each in taken)


def _written(migration: Migration) -> tuple[Written, ...]:
    titles = titles_of(migration)
    sections = [
        Written(
            titles.get(landing.section, landing.section),
            landing.commit,
            decided(landing.accepted, landing.edited, landing.skipped, landing.followed or 0),
            landing.section,
            landing.bulk,
            landing.also or (),
        )
        for landing in migration.session.landings
    ]
    raised = [Written(REQUIRED, each.commit, ", ".join(each.moves)) for each in migration.session.raised]
    return (*sections, *raised)


def _left(finding: Finding, when: Due, status: Status, reason: str) -> Left:
    why = f"skipped: {reason}" if reason else "skipped" if status is Status.SKIPPED else "undecided"
    breaks_in = lifetime_of(finding)[1]
    return Left(
        finding.site.path,
        finding.site.line,
        f"{why} · {finding.message}",
        finding.advice,
        finding.section,
        BROKEN_NOW if when is Due.NOW else f"breaks in {breaks_in}" if breaks_in else "",
    )


def _checks(migration: Migration) -> tuple[ToCheck, ...]:
    """Return the advice that came with what was written, in the order of the sections, each once."""
    places: dict[str, list[str]] = {}
    for landing in sorted(migration.session.landings, key=lambda one: place_of(one.section)):
        for place, advice in landing.advice:
            places.setdefault(advice, []).append(place)
    return tuple(ToCheck(advice, tuple(dict.fromkeys(where))) for advice, where in places.items())


def _steps(migration: Migration, pins: Sequence[Pin], left: int, broken: int) -> Iterator[str]:
    """Yield what comes next, as `modal_wizard.reports.next_steps` says it."""
    session, goal = migration.session, migration.scope.goal
    taken = {Status.ACCEPTED, Status.EDITED}
    ready = sum(migration.decision(finding).status in taken for finding in migration.findings())
    yield from next_steps.undecided(ready, left, broken)
    if session.landings or session.raised:
        planned = moves(changes(migration.scope, pins))
        yield from next_steps.requirements(pins, planned, bool(session.raised), goal)
        reversed_too = [commit for taken in session.taken_back if taken.commit for commit in (taken.commit, taken.by)]
        yield from next_steps.delivery([*session.commits, *reversed_too], goal.target)


def _way_back(migration: Migration) -> tuple[str, ...]:
    session = migration.session
    written = [*(landing.commit for landing in session.landings), *(raised.commit for raised in session.raised)]
    return tuple(next_steps.way_back(session.commits, loose=not all(written)))


def farewell(migration: Migration) -> str:
    """Return the message on leaving: what was done, and that the rest is kept."""
    found = account(migration)
    commits = [commit[:7] for commit in migration.session.commits]
    done = f"{counted(len(commits), 'commit')}: {', '.join(commits)}" if commits else "Nothing committed"
    made = found.ready + found.skipped
    done += f". Done by hand: {counted(len(found.by_hand), 'finding')}" if found.by_hand else ""
    left = f" {counted(len(found.left), 'finding')} left." if found.left else ""
    session = migration.session
    where = quoted(str(migration.scope.root / migration.scope.inside))
    saved = f" Saved: {counted(made, 'decision')}." if made else ""
    kept = f"{saved} Resume: modal-wizard {visible(where)}" if session.file and (made or found.left) else ""
    if session.unkept:
        kept = f" Decisions are not kept: {visible(session.unkept)}."
    return f"modal-wizard: {done}.{left}{kept}"
