"""The sections as rows of a table that fits the width: the guide's all, of the other groups those with findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from modal_transforms.sections import GROUPS, Group
from modal_wizard.migration.horizon import Due
from modal_wizard.tui.widgets.bindings import bound
from modal_wizard.tui.widgets.fit import fitted

if TYPE_CHECKING:
    from modal_transforms.core.model import Section
    from modal_wizard.migration.horizon import Forecast
    from modal_wizard.migration.migration import Migration
    from modal_wizard.migration.preview import Tally

COUNTS = (("safe", 6), ("review", 8), ("manual", 8))
BRIEF_COUNTS = (("safe", 5), ("review", 7), ("manual", 7))
BREAKS, STATE, BRIEF_STATE = len("breaks"), 19, 14
BRIEF_BELOW = 96
LOW = 30
"""On a lower terminal, the sections that nothing was found of share a line."""
BARE_BELOW = 66
"""Narrower than this, only the section's name and state find room."""


class SectionList(OptionList):
    """Sections below the headings of their groups; enter or a click opens one that has findings."""

    BINDINGS = [
        bound("down", "cursor_down", "Go to the next or previous section", words="move", show=False, display="j/k ↓/↑"),
        bound("up", "cursor_up", "", show=False),
        Binding("enter", "select", "open", key_display="⏎", tooltip="Review the section under the cursor"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._rows: tuple[Section | None, ...] = ()
        """What each row is about: a section with findings, else nothing."""
        self.moved = False
        """Whether the cursor is where somebody wanted it."""
        self._breaks = BREAKS
        """The length of the longest word of the column that says which version breaks a section."""

    class Scrolled(Message):
        """Other rows came in sight."""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell of it."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Scrolled())

    @property
    def out_of_sight(self) -> tuple[int, int]:
        """How many rows are above and below those in sight."""
        above, height = int(self.scroll_offset.y), self.content_size.height
        return (above, max(0, len(self._rows) - above - height)) if height else (0, 0)

    @property
    def here(self) -> Section | None:
        """The section under the cursor."""
        return self._rows[self.highlighted] if self.highlighted is not None and self._rows else None

    @property
    def shown(self) -> tuple[Section, ...]:
        """The sections that have findings, in order."""
        return tuple(section for section in self._rows if section is not None)

    def go(self, slug: str) -> None:
        """Move the cursor to a section that has findings."""
        self.moved = True
        self.highlighted = next(at for at, section in enumerate(self._rows) if section and section.slug == slug)

    def advance(self, migration: Migration) -> None:
        """Go to the first section from the cursor on in which something is undecided or waits to be committed."""
        start = self.highlighted or 0
        for index in [*range(start, len(self._rows)), *range(start)]:
            section = self._rows[index]
            if section is not None and _needs_something(migration.tally(section.slug)):
                self.moved = True
                self.highlighted = index
                return

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to open a section only when there is one."""
        return action != "select" or bool(self.shown)

    def action_cursor_down(self) -> None:
        """Go to the next section."""
        self.moved = True
        super().action_cursor_down()

    def action_cursor_up(self) -> None:
        """Go to the section before."""
        self.moved = True
        super().action_cursor_up()

    def action_select(self) -> None:
        """Open the section under the cursor; the cursor stays on it."""
        self.moved = True
        super().action_select()

    def on_resize(self) -> None:
        """Keep the cursor in sight, also when less room is left than there was."""
        self.call_after_refresh(self.scroll_to_highlight)

    @property
    def _brief(self) -> bool:
        return self.app.size.width < BRIEF_BELOW

    @property
    def _low(self) -> bool:
        return self.app.size.height < LOW

    @property
    def _bare(self) -> bool:
        return self.app.size.width < BARE_BELOW

    @property
    def _counts(self) -> tuple[tuple[str, int], ...]:
        return () if self._bare else BRIEF_COUNTS if self._brief else COUNTS

    @property
    def _room(self) -> int:
        if self._bare:
            return max(10, self.app.size.width - 6 - 4 - BRIEF_STATE)
        fixed = 8 + sum(width for _, width in self._counts) + self._breaks + (BRIEF_STATE if self._brief else STATE)
        return max(10, min(44, self.app.size.width - 6 - fixed))

    def header(self, more: str = "") -> Content:
        """Return the names of the columns; ``more`` says what is above the rows in sight."""
        name = fitted(f"section{more}", self._room)
        if self._bare:
            return Content.styled(f"{'#':>2}  {name}state", ".dim")
        counts = "".join(name.rjust(width) for name, width in self._counts)
        text = f"{'#':>2}  {name}{counts}  {'breaks':<{self._breaks}}  state"
        return Content.styled(text, ".dim")

    def show(self, migration: Migration, seen: Forecast | None) -> None:
        """Bring the rows up to date, keeping the cursor on its section; what breaks when is not known at first."""
        here = self.here if self.moved else None
        rows: list[Section | None] = []
        options: list[Option] = []
        found = {section.slug: section for section in migration.sections}
        self._breaks = max([BREAKS, *(len(_breaks(section, seen)) for section in found.values())])
        for group, rules in GROUPS.items():
            listed = [rule for rule in rules if group is Group.GUIDE or rule.slug in found]
            if listed and not migration.scope.goal.guide_only:
                rows.append(None)
                options.append(Option(Content.styled(group.value, ".dim"), disabled=True))
            nothing = [f"{number} {rule.title}" for number, rule in enumerate(listed, 1) if rule.slug not in found]
            for number, rule in enumerate(listed, 1):
                section = found.get(rule.slug)
                if section is None and self._low:
                    continue
                rows.append(section)
                cells = self._found(section, migration, seen) if section else self._nothing(number, rule.title)
                options.append(Option(cells, id=rule.slug, disabled=section is None))
            if nothing and self._low:
                rows.append(None)
                said = fitted(f"    nothing found: {', '.join(nothing)}", self.app.size.width - 4)
                options.append(Option(Content.styled(said, ".dim"), disabled=True))
        self._rows = tuple(rows)
        self.set_options(options)
        known = [at for at, section in enumerate(rows) if section is not None]
        first = next((at for at in known if _needs_something(migration.tally(options[at].id or ""))), None)
        same = next((at for at in known if here is not None and options[at].id == here.slug), None)
        self.highlighted = same if same is not None else first if first is not None else next(iter(known), None)

    def _found(self, section: Section, migration: Migration, seen: Forecast | None) -> Content:
        """Return the row of a section that has findings."""
        from modal_wizard.tui.widgets.status_marks import section_state

        tally = migration.tally(section.slug)
        landings = [landing for landing in migration.session.landings if landing.section == section.slug]
        state = section_state(tally, landings, self._brief)
        counts = [(str(getattr(tally, name) or "·"), name, width) for name, width in self._counts]
        cells = [(f"{text:>{width}}", ".dim" if text == "·" else f".{name}") for text, name, width in counts]
        word = _breaks(section, seen)
        breaks = (f"  {word:<{self._breaks}}  ", ".warning" if word == Due.NOW.value else "")
        title, number = fitted(section.title, self._room), f"{section.number or '':>2}  "
        if self._bare:
            return Content.assemble((number, ".dim"), (title, ".strong"), (str(state), f".{state.style}"))
        return Content.assemble((number, ".dim"), (title, ".strong"), *cells, breaks, (str(state), f".{state.style}"))

    def _nothing(self, number: int, title: str) -> Content:
        """Return the row of a section of the guide that nothing was found of."""
        counts = "".join("·".rjust(width) for _, width in self._counts)
        return Content.styled(f"{number:>2}  {fitted(title, self._room)}{counts}", ".dim")


def _breaks(section: Section, seen: Forecast | None) -> str:
    """Return in which version a section breaks, as far as that is one."""
    word = seen.breaks.get(section.slug, section.breaks_in) if seen else section.breaks_in
    return word or ("warns" if section.since and not section.breaks_in else "varies")


def _needs_something(tally: Tally) -> bool:
    """Tell whether something of a section is undecided or waits to be committed."""
    return tally.pending + tally.accepted + tally.edited > 0
