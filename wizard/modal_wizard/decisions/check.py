"""Check a file of decisions against what was found in a repository, as a whole, before anything is written."""

from __future__ import annotations

from msgspec import UNSET

from modal_transforms.core.model import Finding
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_transforms.sections import REGISTRY
from modal_wizard.decisions.lookup import DecisionSet, is_pattern, known_names
from modal_wizard.decisions.model import DecisionEntry
from modal_wizard.decisions.read import MANY, SHOWN, DecisionsRefused, Fault, nearest
from modal_wizard.decisions.resolve import check_values, decision_of
from modal_wizard.decisions.rule_names import choices_of_rules, choices_of_section
from modal_wizard.migration.migration import Migration

PATTERNS = 1000
"""Paths that stand for several files, each of which is tried on every finding."""


def check(decisions: DecisionSet, migration: Migration) -> None:
    """Raise `DecisionsRefused` when anything that is decided is not there, or not as it was when it was decided."""
    checker = _Checker(migration)
    faults: list[Fault] = []
    patterns = 0
    for each in decisions.entries:
        patterns += is_pattern(each.entry.path or "")
        message = checker.fault(each.entry, near=len(faults) < SHOWN)
        if patterns > PATTERNS:
            message, patterns = f"these are more than {PATTERNS:,} patterns of paths; name files or folders", 0
        if message:
            faults.append(Fault(each.line, message))
        if len(faults) >= MANY:
            break
    if faults:
        raise DecisionsRefused(decisions.name, faults)


class _Checker:
    def __init__(self, migration: Migration) -> None:
        self._migration = migration
        self._found = known_names(migration)
        self._paths = frozenset(migration.scanned.paths)
        self._by_rule: dict[str, list[Finding]] = {}
        for finding in migration.findings():
            self._by_rule.setdefault(finding.rule, []).append(finding)
        self._slugs = [rule.slug for rule in REGISTRY]

    def fault(self, entry: DecisionEntry, near: bool) -> str:
        """Return what is wrong with an entry, ``near``: with the nearest right thing; empty where nothing is."""
        if entry.after is not UNSET and entry.after not in self._slugs:
            return f"there is no section {entry.after!r}{nearest(entry.after, self._slugs) if near else ''}"
        if entry.id is not UNSET:
            return self._id_fault(entry, entry.id, near)
        if entry.rule is not UNSET:
            rules = choices_of_rules().keys() | self._by_rule.keys()
            if entry.rule not in rules:
                return f"there is no rule {entry.rule!r}{nearest(entry.rule, sorted(rules)) if near else ''}"
            own = self._by_rule.get(entry.rule, [])
            return self._choice_fault(entry, own, choices_of_rules().get(entry.rule, frozenset()), near)
        section = entry.section or ""
        if section not in self._slugs:
            return f"there is no section {section!r}{nearest(section, self._slugs) if near else ''}"
        own = self._migration.findings(section)
        return self._choice_fault(entry, own, choices_of_section(section), near)

    def _choice_fault(self, entry: DecisionEntry, own: list[Finding], there: frozenset[str], near: bool) -> str:
        """Return what is wrong with the choice of an entry about several findings."""
        if entry.choice is UNSET:
            return ""
        offers = [choice for finding in own for choice in finding.choices if choice.key == entry.choice]
        known = there | {choice.key for finding in own for choice in finding.choices}
        if entry.choice not in known:
            what = f"rule {entry.rule}" if entry.rule else f"section {entry.section}"
            none = "; it is done by hand, or skipped" if not known else ""
            close = nearest(entry.choice, sorted(known)) if near else ""
            return f"the {what} offers no choice {entry.choice!r}{close}{none}"
        if offers and (entry.values is not UNSET or offers[0].asks):
            try:
                check_values(offers[0], entry.values or {})
            except CannotRewrite as error:
                return str(error)
        return ""

    def _id_fault(self, entry: DecisionEntry, key: str, near: bool) -> str:
        """Return what is wrong with an entry about one finding."""
        finding = self._found.get(key)
        if finding is None:
            return "" if entry.after is not UNSET else self._unknown(entry, key, near)
        try:
            decision_of(entry, finding, self._migration)
        except CannotRewrite as error:
            return "" if entry.after is not UNSET and entry.edits is not UNSET else str(error)
        return ""

    def _unknown(self, entry: DecisionEntry, key: str, near: bool) -> str:
        """Say that there is no finding of an id, and what that may come from."""
        from difflib import get_close_matches

        close = get_close_matches(key, self._found, n=1, cutoff=0.8) if near else []
        if close:
            return f"no finding has the id {key!r}; did you mean {close[0]}?"
        if entry.path is UNSET:
            return f"no finding has the id {key!r}: it is another repository's, or its file has changed; scan it again"
        if entry.path in self._paths:
            return f"stale: no finding has the id {key!r}, as {entry.path} has changed; scan it again"
        files = sorted(self._paths)
        return (
            f"no finding has the id {key!r}, and there is no {entry.path}{nearest(entry.path, files) if near else ''}"
        )
