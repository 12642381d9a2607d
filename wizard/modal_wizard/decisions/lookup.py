"""Which entry of a file of decisions is about a finding: its id wins over its rule, that over its section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from msgspec import UNSET

from modal_transforms.core.model import Finding
from modal_wizard.decisions.model import DecisionEntry
from modal_wizard.decisions.read import LocatedEntry
from modal_wizard.migration.migration import Migration

_WILD = frozenset("*?")


class DecisionSet:
    """The entries of a file of decisions, ready to be asked about findings; ``name`` is what the file is called."""

    def __init__(self, name: str, entries: Sequence[LocatedEntry]) -> None:
        self.name, self.entries = name, entries
        self.by_id = {each.entry.id: each for each in entries if each.entry.id is not UNSET}
        self._rules: dict[str, _Level] = {}
        self._sections: dict[str, _Level] = {}
        for number, each in enumerate(entries):
            if each.entry.rule is not UNSET:
                self._rules.setdefault(each.entry.rule, _Level()).add(number, each)
            elif each.entry.section is not UNSET:
                self._sections.setdefault(each.entry.section, _Level()).add(number, each)

    def about(self, finding: Finding, names: Iterable[str] = ()) -> LocatedEntry | None:
        """Return the entry that is about a finding; ``names`` are other ids that it goes by.

        An entry about a section takes the findings that offer its choice.
        """
        for name in (finding.id, *names):
            if name in self.by_id:
                return self.by_id[name]
        level = self._rules.get(finding.rule)
        found = level.last(finding) if level else None
        if found is not None:
            return found
        level = self._sections.get(finding.section)
        return level.last(finding, {choice.key for choice in finding.choices}) if level else None


class Matcher:
    """Finds the entry that is about a finding of a migration, under each id that the finding goes by."""

    def __init__(self, decisions: DecisionSet, migration: Migration) -> None:
        self._decisions, self._migration = decisions, migration
        self._names: tuple[int, dict[str, list[str]]] = 0, {}

    def about(self, finding: Finding) -> LocatedEntry | None:
        """Return the entry that is about a finding; ``None`` where none is."""
        known = len(self._migration.identities)
        if self._names[0] != known:
            self._names = known, later_names(self._migration)
        return self._decisions.about(finding, self._names[1].get(finding.id, ()))


def later_names(migration: Migration) -> dict[str, list[str]]:
    """Return the ids that findings got as their files changed, by the one that they were first seen with."""
    names: dict[str, list[str]] = {}
    for later, first in migration.identities.items():
        names.setdefault(first, []).append(later)
    return names


def known_names(migration: Migration) -> dict[str, Finding]:
    """Return the findings by each id that they go by."""
    later = later_names(migration)
    return {name: finding for finding in migration.findings() for name in (finding.id, *later.get(finding.id, ()))}


class _Level:
    """The entries about one rule or section."""

    def __init__(self) -> None:
        self._exact: dict[str, dict[str, tuple[int, LocatedEntry]]] = {}
        """The latest by the path that they are restricted to (empty for none) and the choice (empty for none)."""
        self._patterns: list[tuple[int, LocatedEntry, list[str]]] = []

    def add(self, number: int, each: LocatedEntry) -> None:
        """Take in one more entry, the ``number``-th of the file."""
        path = each.entry.path or ""
        if is_pattern(path):
            parts = (f"{path}**" if path.endswith("/") else path).split("/")
            self._patterns.append((number, each, parts))
        else:
            self._exact.setdefault(path, {})[each.entry.choice or ""] = number, each

    def last(self, finding: Finding, offered: set[str] | None = None) -> LocatedEntry | None:
        """Return the latest entry that takes a finding, where ``offered`` is given also by its choice."""
        path = finding.site.path
        exact = (*self._exact.get("", {}).values(), *self._exact.get(path, {}).values())
        found = [(number, each) for number, each in exact if _offers(each.entry, offered)]
        parts = path.split("/")
        for number, each, pattern in reversed(self._patterns):
            if _offers(each.entry, offered) and path_matches(pattern, parts):
                found.append((number, each))
                break
        return max(found, key=lambda one: one[0])[1] if found else None


def is_pattern(path: str) -> bool:
    """Tell whether a path stands for several files."""
    return path.endswith("/") or not _WILD.isdisjoint(path)


def _offers(entry: DecisionEntry, offered: set[str] | None) -> bool:
    return offered is None or entry.choice is UNSET or entry.choice in offered


def path_matches(pattern: Sequence[str], path: Sequence[str]) -> bool:
    """Tell whether the parts of a pattern match those of a path: ``**`` stands for any folders, ``*`` for no ``/``."""
    reached = {0}
    for part in pattern:
        if part == "**":
            reached = set(range(min(reached), len(path) + 1)) if reached else reached
        else:
            shown = part.replace("[", "[[]")
            reached = {at + 1 for at in reached if at < len(path) and fnmatchcase(path[at], shown)}
    return len(path) in reached
