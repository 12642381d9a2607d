"""The summary of a migration as Markdown, for a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from modal_wizard.files.safe_io import replace_named
from modal_wizard.migration.migration import Migration
from modal_wizard.reports.account import Account, Left, ToCheck, Written, account, grouped
from modal_wizard.reports.place import TITLE, check_report, said_of
from modal_wizard.text.grammar import counted, decided
from modal_wizard.text.sanitize import visible

_MANY = 12


def as_markdown(found: Account) -> str:
    """Return a summary as Markdown."""
    return "\n".join(_lines(found)) + "\n"


def save_report(migration: Migration, file: Path, more: str = "") -> None:
    """Write the summary of a migration, and ``more``, to a file; raises `WizardError` when it cannot be written.

    No link that the repository holds is followed there, and nothing but an earlier report is written over.
    """
    text = (as_markdown(account(migration)) + more).encode("utf-8", "backslashreplace")
    check_report(migration.scope.root, file)
    with said_of(file):
        replace_named(migration.scope.root, file, text)


def _lines(found: Account) -> Iterator[str]:
    yield TITLE
    yield ""
    yield _sum(found)
    if found.horizon:
        yield from ("", f"{_plain(found.horizon)}.")
    if found.api:
        yield from ("", found.api)
    if found.written:
        yield from ("", "### Done")
        for heading, written in grouped(found.written):
            yield from ("", *_heading(heading), *(_written(item) for item in written))
        bulk = [place for item in found.written for place in item.bulk]
        if bulk:
            yield from ("", f"Accepted in bulk, not looked at one by one: {_places(bulk)}.")
        also = [f"{item.commit[:7]} {each}" for item in found.written for each in item.also]
        if also:
            yield from ("", f"Put into these commits by a hook, and none of our changes: {_places(also)}.")
    if found.by_hand:
        yield from ("", "### Done by hand", "")
        yield from (f"- `{_plain(place)}` {_plain(what)}" for place, what in found.by_hand)
    if found.muted:
        yield from ("", f"Muted rules, whose findings are skipped: {muted_rules(found)}.")
    if found.left:
        yield from ("", f"### Left ({len(found.left):,})")
        for heading, left in grouped(found.left):
            yield from ("", *_heading(heading), *(_left(item) for item in left))
    if found.checks:
        yield from ("", "### Check before you deploy", "", *(_check(item) for item in found.checks))
    if found.verified:
        yield from ("", "### Verified", "", *(f"- {_plain(sentence)}" for sentence in found.verified))
    if found.steps:
        yield from ("", "### Next", "", *(f"- [ ] {step}" for step in found.steps))
    if found.way_back:
        yield from ("", *found.way_back)
    if found.outgrown:
        yield from ("", f"{_plain(found.outgrown)}.")


def _heading(group: str) -> Iterator[str]:
    if group:
        yield from (f"#### {group}", "")


def muted_rules(found: Account) -> str:
    """Return the muted rules, each with the number of its findings."""
    return ", ".join(f"{rule} ({count})" for rule, count in found.muted)


def _sum(found: Account) -> str:
    commits = sum(bool(item.commit) for item in found.written)
    bulk = sum(len(item.bulk) for item in found.written)
    among = f" ({bulk} in bulk)" if bulk else ""
    undecided = len(found.left) - found.skipped
    own = f"{len(found.by_hand)} done by hand, " if found.by_hand else ""
    migrated = found.accepted - found.followed + found.edited
    counts = decided(found.accepted, found.edited, 0, found.followed)
    made = f"{counted(migrated, 'finding')} migrated in {counted(commits, 'commit')}: {counts}{among}"
    waiting = f"{found.ready} accepted and not written yet, " if found.ready else ""
    return (
        f"{made if found.written else 'Nothing is written yet'}; "
        f"{own}{waiting}{found.skipped} skipped, {undecided} undecided."
    )


def _written(item: Written) -> str:
    commit = f"`{_plain(item.commit[:7])}` " if item.commit else "not committed: "
    bulk = f" ({len(item.bulk)} in bulk)" if item.bulk else ""
    return f"- {commit}{item.title}: {item.counts}{bulk}"


def _left(item: Left) -> str:
    breaks = f" ({item.breaks})" if item.breaks else ""
    return f"- `{_plain(f'{item.path}:{item.line}')}` {_plain(item.why)}{breaks} {_plain(item.advice)}".rstrip()


def _check(item: ToCheck) -> str:
    return f"- [ ] {_plain(item.advice)} ({_places(list(item.places))})"


def _places(places: list[str]) -> str:
    more = f" and {len(places) - _MANY} more" if len(places) > _MANY else ""
    return ", ".join(f"`{_plain(place)}`" for place in places[:_MANY]) + more


def _plain(text: str) -> str:
    return " ".join(visible(text, " ").replace("`", "'").split())
