"""What can be done in a review right now: which keys are offered, and what is said where one has nothing to do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from modal_transforms.core.model import Finding, Section
from modal_wizard.migration.migration import Migration
from modal_wizard.review.cursor import ReviewCursor
from modal_wizard.tui.screens.review.filter_bar import FilterBar
from modal_wizard.tui.widgets.key_bar import KeyBar

KEYS = 9
"""So many choices have a key of their own."""


def has_choice(finding: Finding | None, number: object = 1, last: object = 0) -> bool:
    """Tell whether there is a choice of a number; ``last`` is the number up to which one key stands for all."""
    many = len(finding.choices) if finding else 0
    some = many > 1 and isinstance(number, int) and number <= many
    return some and (not last or last == min(many, KEYS))


def next_section(migration: Migration, section: Section) -> Section | None:
    """Return the next section in which something is undecided."""
    return next((one for one in migration.around(section) if migration.tally(one.slug).pending), None)


class OfferedKeys:
    """Which keys are offered: asked about all at once when something was done, and remembered until the next time."""

    def __init__(self, section: Section, cursor: ReviewCursor, filter_bar: FilterBar) -> None:
        self._possible = partial(_possible, section, cursor, filter_bar)
        self._shown: object = None
        self._known: Mapping[str, bool] | None = None

    def possible(self) -> Mapping[str, bool]:
        """Return which of the keys that cannot always be pressed can be now."""
        return self._known or self._possible()

    def follow(self, bar: KeyBar, *others: object) -> None:
        """Show other keys when others work than before; ``others`` is what else that depends on."""
        known = self._possible()
        if (offered := (*others, *known.values())) != self._shown:
            self._shown, self._known = offered, known
            bar.follow()
            self._known = None


def _possible(section: Section, cursor: ReviewCursor, filter_bar: FilterBar) -> Mapping[str, bool]:
    migration, finding, left = cursor.migration, cursor.here, cursor.remaining()
    tally = migration.tally(section.slug)
    ahead = cursor.ahead is not None
    elsewhere = not ahead and next_section(migration, section) is not None
    onward = None if ahead else filter_bar.onward()
    hidden = bool(tally.pending and not left.pending)
    muted = finding is not None and finding.rule in migration.session.muted
    some, here = tally.total > tally.done, finding is not None
    return {
        "accept": finding is not None and bool(finding.choices or cursor.proposed(finding)),
        **dict.fromkeys(("skip", "skip_because", "edit", "edit_outside", "copy_diff"), here),
        "done_by_hand": finding is not None and not finding.choices,
        "go_into": has_choice(finding),
        "forget": finding is not None and not cursor.is_pending(finding),
        "next": ahead or (not elsewhere and cursor.next_undecided() not in (None, finding)),
        "next_broken": onward is not None,
        "next_elsewhere": hidden and onward is None,
        "next_section": elsewhere and not (ahead or hidden) and onward is None,
        "skip_rest": bool(left.pending),
        "rest": here and (bool(left.pending) or muted),
        "search": some,
        "filter": some,
        "accept_safe": bool(left.safe),
        "commit": bool(left.taken),
    }
