"""The review's search and filters: fewer findings in sight, and always a word that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from textual.content import Content

from modal_transforms.core.model import Finding, Section
from modal_wizard.review.filter import Filter, words_of
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.dialogs.choose import Item, Menu, Typing
from modal_wizard.tui.screens.review.idle_work import in_pieces
from modal_wizard.tui.screens.review.view_options import ReviewLooks

KINDS = ("safe", "review", "manual")


class ReviewFilter(ReviewLooks):
    """Shows the findings that the filter takes."""

    def __init__(self, section: Section, at: Finding | None = None) -> None:
        super().__init__(section, at)
        self.filter = Filter()
        self._taken: tuple[object, list[Finding]] = (None, [])
        """What the filter took last, and of what."""
        self._counted: tuple[object, tuple[Counter[str], Counter[str], Counter[str]]]
        self._counted = None, (Counter(), Counter(), Counter())
        """The findings by kind, rule and file, and when they were counted."""

    def shown(self) -> list[Finding]:
        """Return the section's findings that the filter takes."""
        if not self.filter:
            return self.all_findings()
        migration = self.wizard.migration
        version = migration.session.version if self.filter.undecided else 0
        state = self.filter, id(migration.scanned), migration.tally(self.section.slug).total, version
        if self._taken[0] != state:
            self._taken = state, self.filter.taken(self.all_findings(), self.status)
        return self._taken[1]

    def chip(self) -> Content:
        """Return a visible word of the filter and of the way out."""
        if not self.filter:
            return Content("")
        count = f"{len(self.shown())} of {len(self.all_findings())}"
        return Content.assemble(
            "  ", (f" {visible(str(self.filter))} ", ".review-badge"), (f" {count} shown, esc shows all", ".warning")
        )

    def go(self, finding: Finding | None) -> None:
        """Go to a finding, also to one that the filter hides."""
        if finding is not None and not self.filter.takes(finding, self.status(finding)):
            self.set_filter(Filter())
        super().go(finding)

    def set_filter(self, wanted: Filter) -> None:
        """Show what a filter takes; the cursor stays where it is when it can."""
        self.filter = wanted
        self.show()
        self.findings.focus()
        self.refresh_bindings()

    def action_search(self) -> None:
        """Ask for words, and show the findings that they occur in."""

        def typed(text: str | None) -> None:
            if text is not None:
                self.set_filter(replace(self.filter, text=text))

        hint = "Words that occur in the file, rule, code or reasons; empty shows all."
        self.app.push_screen(Typing("Search this section", hint, self.filter.text), typed)
        self.ahead.start(in_pieces(words_of, self.all_findings()))

    def action_filter(self) -> None:
        """Ask what to show."""

        def picked(key: str | None) -> None:
            if key is not None:
                self.set_filter(self._toggled(key))

        self.app.push_screen(Menu("show only", list(self._items())), picked)

    def _items(self) -> Iterator[Item]:
        if self.filter:
            yield Item("all", "everything")
        kinds, rules, files = self._counts()
        undecided = self.wizard.migration.tally(self.section.slug).pending
        yield Item("undecided", _entry(self.filter.undecided, "undecided", undecided))
        for kind in KINDS:
            if kinds[kind]:
                yield Item(f"kind {kind}", _entry(self.filter.kind == kind, kind, kinds[kind]))
        for rule, count in sorted(rules.items()):
            yield Item(f"rule {rule}", _entry(self.filter.rule == rule, f"rule {rule}", count))
        for path, count in sorted(files.items()):
            yield Item(f"path {path}", _entry(self.filter.path == path, f"file {path}", count))

    def _counts(self) -> tuple[Counter[str], Counter[str], Counter[str]]:
        """Count the section's findings by kind, rule and file; anew only when there are others."""
        migration = self.wizard.migration
        state = id(migration.scanned), migration.tally(self.section.slug).total
        if self._counted[0] != state:
            findings = self.all_findings()
            kinds = Counter(finding.applicability.value for finding in findings)
            rules = Counter(finding.rule for finding in findings)
            files = Counter(path for finding in findings for path in {site.path for site in finding.sites})
            self._counted = state, (kinds, rules, files)
        return self._counted[1]

    def _toggled(self, key: str) -> Filter:
        if key == "all":
            return Filter()
        if key == "undecided":
            return replace(self.filter, undecided=not self.filter.undecided)
        field, value = key.split(" ", 1)
        new = "" if getattr(self.filter, field) == value else value
        if field == "kind":
            return replace(self.filter, kind=new)
        return replace(self.filter, rule=new) if field == "rule" else replace(self.filter, path=new)


def _entry(on: bool, name: str, count: int) -> str:
    return f"{'✓' if on else ' '} {name} ({count})"
