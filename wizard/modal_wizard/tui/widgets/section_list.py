"""The sections that have findings, as rows of a table that fits the width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from modal_wizard.tui.widgets.fit import fitted

if TYPE_CHECKING:
    from modal_transforms.core.model import Section
    from modal_wizard.migration.migration import Migration

COUNTS = (("safe", 6), ("review", 8), ("manual", 8))
BREAKS, STATE, BRIEF_STATE = 10, 19, 14
BRIEF_BELOW = 96
BARE_BELOW = 66
"""Narrower than this, only the section's name and state find room."""


class SectionList(OptionList):
    """Sections by number; enter or a click opens one."""

    BINDINGS = [
        Binding(
            "j", "cursor_down", "move", show=False, key_display="j/k ↓/↑", tooltip="Go to the next or previous section"
        ),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("enter", "select", "open", key_display="⏎", tooltip="Review the section under the cursor"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self.shown: tuple[Section, ...] = ()
        self._moved = False

    @property
    def here(self) -> Section | None:
        """The section under the cursor."""
        return self.shown[self.highlighted] if self.highlighted is not None and self.shown else None

    def advance(self, migration: Migration) -> None:
        """Go to the first section from the cursor on in which something is undecided or waits to be committed."""
        start = self.highlighted or 0
        for index in [*range(start, len(self.shown)), *range(start)]:
            tally = migration.tally(self.shown[index].slug)
            if tally.pending + tally.accepted + tally.edited:
                self._moved = True
                self.highlighted = index
                return

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to open a section only when there is one."""
        return action != "select" or bool(self.shown)

    def action_cursor_down(self) -> None:
        """Go to the next section."""
        self._moved = True
        super().action_cursor_down()

    def action_cursor_up(self) -> None:
        """Go to the section before."""
        self._moved = True
        super().action_cursor_up()

    def action_select(self) -> None:
        """Open the section under the cursor; the cursor stays on it."""
        self._moved = True
        super().action_select()

    @property
    def _brief(self) -> bool:
        return self.app.size.width < BRIEF_BELOW

    @property
    def _bare(self) -> bool:
        return self.app.size.width < BARE_BELOW

    @property
    def _room(self) -> int:
        if self._bare:
            return max(10, self.app.size.width - 6 - 4 - BRIEF_STATE)
        fixed = 4 + sum(width for _, width in COUNTS) + BREAKS + (BRIEF_STATE if self._brief else STATE)
        return max(10, min(44, self.app.size.width - 6 - fixed))

    def header(self) -> Content:
        """Return the names of the columns."""
        if self._bare:
            return Content.styled(f"{'#':>2}  {'section':<{self._room}}state", ".dim")
        counts = "".join(name.rjust(width) for name, width in COUNTS)
        text = f"{'#':>2}  {'section':<{self._room}}{counts}  {'breaks':<{BREAKS - 2}}state"
        return Content.styled(text, ".dim")

    def show(self, migration: Migration) -> None:
        """Bring the rows up to date, keeping the cursor on its section."""
        from modal_wizard.tui.widgets.status_marks import section_state

        here = self.here if self._moved else None
        kept = [(section, migration.tally(section.slug)) for section in migration.sections]
        options = []
        for section, tally in kept:
            landings = [landing for landing in migration.session.landings if landing.section == section.slug]
            state = section_state(tally, landings, self._brief)
            counts = [(str(getattr(tally, name) or "·"), name, width) for name, width in COUNTS]
            cells = [(f"{text:>{width}}", ".dim" if text == "·" else f".{name}") for text, name, width in counts]
            title = fitted(section.title, self._room)
            number = f"{section.number:>2}  "
            breaks = f"  {section.breaks_in or 'varies':<{BREAKS - 2}}"
            row = Content.assemble(
                (number, ".dim"), (title, ".strong"), *cells, breaks, (str(state), f".{state.style}")
            )
            options.append(Option(row, id=section.slug))
        self.shown = tuple(section for section, _ in kept)
        self.set_options(options)
        slugs = [section.slug for section in self.shown]
        open_ones = (i for i, (_, tally) in enumerate(kept) if tally.pending + tally.accepted + tally.edited)
        first = next(open_ones, 0) if slugs else None
        self.highlighted = slugs.index(here.slug) if here and here.slug in slugs else first
