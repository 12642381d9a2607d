"""The review's search and filters: fewer findings in sight, and always a word that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from msgspec.structs import replace
from textual.content import Content

from modal_transforms.core.model import Finding, Section
from modal_wizard.review.cursor import ReviewCursor
from modal_wizard.review.filter import Facets, Filter, facets
from modal_wizard.review.onward import is_broken, next_broken
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.dialogs.choose import Menu, MenuItem, Typing
from modal_wizard.tui.host import Host

KINDS = ("safe", "review", "manual")


class FilterBar:
    """Which findings of a section are in sight, asked for and told; ``follow`` is called when they are others."""

    def __init__(self, section: Section, cursor: ReviewCursor, host: Host, follow: Callable[[], None]) -> None:
        self._section, self._cursor, self._host, self._follow = section, cursor, host, follow
        self.filter = Filter()
        self._taken: tuple[object, list[Finding]] = (None, [])
        """What the filter took last, and of what."""
        self._counted: tuple[object, Facets, int] = (None, facets(()), 0)
        """When the findings were counted, how many there are by kind, rule and file, and how many are broken now."""

    def all(self) -> list[Finding]:
        """Return the findings of the section that still stand."""
        return self._cursor.migration.findings(self._section.slug)

    def shown(self) -> list[Finding]:
        """Return the section's findings that the filter takes."""
        state = self.state
        if not self.filter:
            return self.all()
        if self._taken[0] != state:
            self._taken = (
                state,
                self.filter.taken(self.all(), self._cursor.status, self._is_broken(), self._is_proposed),
            )
        return self._taken[1]

    @property
    def state(self) -> object:
        """All that it depends on which findings are shown, to be compared."""
        version = self._cursor.migration.session.version if self.filter.undecided or self.filter.proposed else 0
        return self.filter, self._state(), version, self._host.scanned

    def _state(self) -> object:
        migration = self._cursor.migration
        return migration.found, migration.tally(self._section.slug).total

    def _is_proposed(self, finding: Finding) -> bool:
        return self._cursor.proposals.of(finding) is not None

    def _is_broken(self) -> Callable[[Finding], bool]:
        """Return what tells of a finding whether it is broken now; the forecast is asked for once."""
        return partial(is_broken, self._host.forecast) if self._host.scanned else lambda _: False

    def onward(self) -> Section | None:
        """Return the next section in which something is broken now and undecided, where only such things are shown."""
        if not self.filter.broken or not self._host.scanned:
            return None
        found = next_broken(self._cursor.migration, self._host.forecast, self._section)
        sections = self._cursor.migration.sections
        return next((section for section in sections if found and section.slug == found.section), None)

    def chip(self) -> Content:
        """Return a visible word of the filter and of the way out."""
        if not self.filter:
            return Content("")
        count = f"{len(self.shown())} of {len(self.all())}"
        return Content.assemble(
            "  ", (f" {visible(str(self.filter))} ", ".review-badge"), (f" {count} shown, esc shows all", ".warning")
        )

    def set(self, wanted: Filter) -> None:
        """Show what a filter takes."""
        self.filter = wanted
        self._follow()

    def uncover(self, finding: Finding) -> None:
        """Show everything when the filter hides a finding."""
        if not self.filter.takes(finding, self._cursor.status(finding), self._is_broken(), self._is_proposed):
            self.set(Filter())

    def ask_words(self) -> None:
        """Ask for words, and show the findings that they occur in."""

        def typed(text: str | None) -> None:
            if text is not None:
                self.set(replace(self.filter, text=text))

        hint = "Words that occur in the file, rule, code or reasons; empty shows all."
        self._host.push_screen(Typing("Search this section", hint, self.filter.text, "show"), typed)

    def ask(self) -> None:
        """Ask what to show."""

        def picked(key: str | None) -> None:
            if key is not None:
                self.set(self.filter.toggled(key))

        self._host.push_screen(Menu("show only", list(self._items())), picked)

    def _items(self) -> Iterator[MenuItem]:
        if self.filter:
            yield MenuItem("all", "everything")
        _, counts, broken = self.count()
        undecided = self._cursor.migration.tally(self._section.slug).pending
        if self._cursor.proposals and (proposed := sum(map(self._is_proposed, self.all()))):
            yield MenuItem("proposed", _entry(self.filter.proposed, "proposed", proposed))
        if broken:
            yield MenuItem("broken", _entry(self.filter.broken, "broken now", broken))
        yield MenuItem("undecided", _entry(self.filter.undecided, "undecided", undecided))
        for kind in KINDS:
            if counts.kinds[kind]:
                yield MenuItem(f"kind {kind}", _entry(self.filter.kind == kind, kind, counts.kinds[kind]))
        for rule, count in sorted(counts.rules.items()):
            yield MenuItem(f"rule {rule}", _entry(self.filter.rule == rule, f"rule {rule}", count))
        for path, count in sorted(counts.files.items()):
            yield MenuItem(f"path {path}", _entry(self.filter.path == path, f"file {path}", count))

    def count(self) -> tuple[object, Facets, int]:
        """Count the section's findings by what can be asked for; anew only when there are others."""
        state = self._state(), self._host.forecast if self._host.scanned else None
        if self._counted[0] != state:
            several = self.all()
            self._counted = state, facets(several), sum(map(self._is_broken(), several))
        return self._counted


def _entry(on: bool, name: str, count: int) -> str:
    return f"{'✓' if on else ' '} {name} ({count})"
