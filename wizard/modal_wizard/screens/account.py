"""The account of a migration as data, and as Markdown for a pull request."""

from __future__ import annotations

from dataclasses import dataclass

from modal_transforms.model import Finding
from modal_wizard.migration import Migration
from modal_wizard.session import Status


@dataclass(frozen=True, slots=True)
class Written:
    """A section that was written."""

    title: str
    commit: str
    counts: str


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that still stands, why, and what to do about it."""

    path: str
    line: int
    why: str
    advice: str


@dataclass(frozen=True, slots=True)
class Account:
    """What was done, what was left, what comes next."""

    written: tuple[Written, ...]
    left: tuple[Left, ...]
    ready: int
    """Decisions that are not written yet."""
    steps: tuple[str, ...]


def account(migration: Migration) -> Account:
    """Return the account of a migration as it stands."""
    titles = {section.slug: section.title for section in migration.sections}
    written = tuple(
        Written(
            titles[landing.section],
            landing.commit,
            f"{landing.accepted} accepted, {landing.edited} edited, {landing.skipped} skipped",
        )
        for landing in migration.session.landings
    )
    standing = [(finding, migration.decision(finding)) for finding in migration.findings()]
    taken = {Status.ACCEPTED, Status.EDITED}
    left = tuple(
        _left(finding, decision.status, decision.reason)
        for finding, decision in standing
        if decision.status not in taken
    )
    ready = sum(decision.status in taken for _, decision in standing)
    return Account(written, left, ready, tuple(_steps(bool(written), ready, len(left))))


def _left(finding: Finding, status: Status, reason: str) -> Left:
    why = f"skipped: {reason}" if reason else "skipped" if status is Status.SKIPPED else "undecided"
    return Left(finding.site.path, finding.site.line, f"{why} · {finding.message}", finding.advice)


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


def as_markdown(found: Account) -> str:
    """Return the account as Markdown."""
    lines = ["## Migration to Modal 1.x", ""]
    lines += [f"- {_code(item.commit[:7])}{item.title}: {item.counts}" for item in found.written]
    if found.left:
        lines += ["", f"### Left ({len(found.left)})", ""]
        lines += [
            f"- `{_plain(item.path)}:{item.line}` {_plain(f'{item.why} {item.advice}')}".rstrip() for item in found.left
        ]
    if found.steps:
        lines += ["", "### Next", ""]
        lines += [f"- [ ] {step}" for step in found.steps]
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    return f"`{text}` " if text else ""


def _plain(text: str) -> str:
    from modal_wizard.display import visible

    return " ".join(visible(text, " ").replace("`", "'").split())


def farewell(migration: Migration) -> str:
    """Return what is said on leaving: what was done, and that the rest is kept."""
    found = account(migration)
    commits = [item.commit[:7] for item in found.written if item.commit]
    done = f"{len(commits)} commits ({', '.join(commits)})" if len(commits) > 1 else f"1 commit ({commits[0]})"
    said = f"{done if commits else 'No commits'}; {found.ready} decisions not written, {len(found.left)} findings left."
    kept = " Your decisions are kept; modal-wizard goes on where you were." if migration.session.file else ""
    return f"modal-wizard: {said}{kept}"
