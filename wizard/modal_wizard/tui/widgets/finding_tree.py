"""The findings of a section as a tree of files, each with its mark; only the rows in sight are drawn."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from modal_transforms.core.model import Finding
from modal_wizard.session.decisions import Status
from modal_wizard.tui.textual_ext.content_size import take_size
from modal_wizard.tui.textual_ext.kept_lines import keep_lines
from modal_wizard.tui.widgets.bindings import bound
from modal_wizard.tui.widgets.file_group import FileGroup, grouped, in_folders
from modal_wizard.tui.widgets.finding_rows import file_row, finding_row, folder_row

TALL = 14
"""So many lines of a low terminal are for the change, its reasons and the keys."""
COUNT = 9
"""Cells that a file's line has beside its path."""
StatusOf = Callable[[Finding], Status]


class FindingTree(ScrollView, can_focus=True):
    """Files and their findings; the cursor is on the finding that is asked about."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES = {"tree--cursor", "tree--guides", "pending", "some", "accepted", "edited", "skipped", "dim"}

    BINDINGS = [
        bound("down", "cursor_down", "Go to the next or previous finding", words="move", show=False, display="j/k ↓/↑"),
        bound("up", "cursor_up", "", show=False),
        Binding("down", "cursor_down", show=False),
        Binding("up", "cursor_up", show=False),
        Binding("pagedown", "page(1)", "page", show=False, tooltip="Go a screen further down", key_display="PgDn/PgUp"),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("home", "first", "first", show=False, tooltip="Go to the first finding"),
        Binding("end", "last", "last", show=False, tooltip="Go to the last finding"),
        Binding("space", "fold", "Fold file", show=False),
        Binding("enter", "fold_here", "Fold file", show=False),
        Binding("right", "go_into", "Go into it", show=False),
    ]

    cursor: reactive[int] = reactive(-1, repaint=False)
    """The row under the cursor; -1 when there is none."""

    class Moved(Message):
        """The cursor came to another row."""

    class Entered(Message):
        """The finding under the cursor is to be gone into."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        keep_lines(self)
        self._status: StatusOf = lambda _finding: Status.PENDING
        self.is_proposed: Callable[[Finding], bool] = lambda _finding: False
        """Tells whether a finding is marked as one for which a decision is proposed."""
        self._groups: list[FileGroup] = []
        self._tops: list[int] = []
        """The row of each file's own line."""
        self._rows = 0
        self._width = 0
        """For which width it was arranged."""
        self._order: list[Finding] = []
        self._given: list[Finding] = []
        """The findings as they were given, which may be in another order."""
        self._places: dict[str, tuple[FileGroup, int, int]] = {}
        """File, number in it, and number among all of each finding, by identity."""
        self._drawn: dict[int, tuple[Status, ...]] = {}  # by row: how its findings stood
        self.dirty: Collection[str] = ()
        """The files that hold uncommitted changes of the person's."""
        self._most: int | None = None
        """How high it may be."""
        self.filled = 0
        """Grows whenever the findings are others; more of them behind the last one do not count."""

    def fit(self, wanted: bool) -> None:
        """Take no more room than the rows need, where that is ``wanted``, and leave most of it on a low terminal."""
        most = min(self._rows + 1, max(2, self.app.size.height - TALL)) if wanted else None
        if most != self._most:
            self._most = self.styles.max_height = most

    # --- what it holds -------------------------------------------------------------------------------------------

    @property
    def rows(self) -> int:
        """How many rows there are, folded files counted as one."""
        return self._rows

    @property
    def order(self) -> list[Finding]:
        """The findings from top to bottom."""
        return self._order

    @property
    def here(self) -> Finding | None:
        """The finding under the cursor; the first one of a file when that is under it."""
        at = self._at(self.cursor)
        return at[0].findings[max(0, at[1])] if at else None

    def beside(self, finding: Finding) -> tuple[int, int]:
        """Return which of its file's findings one is, from 1, and how many there are."""
        group, number, _ = self._places[finding.id]
        return number + 1, len(group.findings)

    def position(self, finding: Finding | None) -> int:
        """Return which of all findings one is, from 0; -1 when it is not among them."""
        return self._places[finding.id][2] if finding is not None and finding.id in self._places else -1

    def fill(self, findings: Sequence[Finding], status: StatusOf) -> None:
        """Show findings with their marks, keeping the cursor where it is when its finding still stands."""
        self._status = status
        known = len(self._given)
        more = findings[known:]
        if findings[:known] != self._given or not self._follow(more):
            self._refill(findings)
            self.refresh()
        elif more:
            self._append(more)
            if self.cursor < 0:
                self.go(self._order[0])
        self._given = list(findings)
        self.follow_decisions()

    def follow_decisions(self) -> None:
        """Draw the rows in sight anew whose findings stand otherwise than when they were drawn."""
        top, (width, height), drawn = self.scroll_offset.y, self.size, self._drawn.get
        rows = [row for row in range(top, min(top + height, self._rows)) if self._stand(row) != drawn(row)]
        if rows:
            self.refresh(*(Region(0, row - top, width, 1) for row in rows))

    def _stand(self, row: int) -> tuple[Status, ...]:
        """Return how the findings of a row stand."""
        at = self._at(row)
        if at is None:
            return ()
        group, number = at
        several = group.findings if number < 0 else group.findings[number : number + 1]
        return tuple(self._status(finding) for finding in several)

    def _follow(self, findings: Sequence[Finding]) -> bool:
        last = self._groups[-1].path if self._groups else ""
        return all(finding.site.path >= last for finding in findings)

    def _refill(self, findings: Sequence[Finding]) -> None:
        here, folded = self.here, {group.path for group in self._groups if not group.expanded}
        self._groups, self._tops, self._rows, self._order, self._places = [], [], 0, [], {}
        self._append(findings)
        self.filled += 1
        for group in self._groups:
            group.expanded = group.path not in folded
        if folded:
            self._lay_out()
        self.set_reactive(FindingTree.cursor, -1)
        self.go(here if here and here.id in self._places else self._order[0] if self._order else None)
        self.post_message(self.Moved())

    def _append(self, findings: Sequence[Finding]) -> None:
        for group in grouped(findings):
            last = self._groups[-1] if self._groups else None
            if last is None or last.path != group.path:
                last = FileGroup(group.path, [])
                self._groups.append(last)
            else:
                self.refresh()  # what was its last finding is so no more
            for finding in group.findings:
                self._places[finding.id] = last, len(last.findings), len(self._order)
                last.findings.append(finding)
                self._order.append(finding)
        self._arrange()

    def _arrange(self) -> None:
        """Put files below lines of their folders where their paths would not fit, else have each say its own."""
        self._width = self.size.width
        longest = max((cell_len(group.path) for group in self._groups), default=0)
        several = len(self._groups) > 1 and 0 < self.size.width < longest + COUNT
        here = self.here
        in_folders(self._groups, several)
        self._lay_out()
        if here is not None and here.id in self._places:
            self.set_reactive(FindingTree.cursor, self._row_of(here))

    def _lay_out(self) -> None:
        self._tops, self._rows = [], 0
        for group in self._groups:
            self._tops.append(self._rows)
            self._rows += group.height
        take_size(self, Size(self.size.width, self._rows), redraw=False)

    def _at(self, row: int) -> tuple[FileGroup, int] | None:
        """Return what is on a row: a file and the number of its finding, -1 for the own line, less for folders."""
        if not 0 <= row < self._rows:
            return None
        number = bisect_right(self._tops, row) - 1
        group = self._groups[number]
        return group, row - self._tops[number] - len(group.above) - 1

    def _row_of(self, finding: Finding) -> int:
        group, number, _ = self._places[finding.id]
        top = self._tops[bisect_right(self._groups, group.path, key=lambda each: each.path) - 1]
        return top + len(group.above) + (number + 1 if group.expanded else 0)

    # --- the cursor ----------------------------------------------------------------------------------------------

    def go(self, finding: Finding | None) -> None:
        """Move the cursor to a finding."""
        if finding is None or finding.id not in self._places:
            return
        group = self._places[finding.id][0]
        if not group.expanded:
            group.expanded = True
            self._lay_out()
        self.cursor = self._row_of(finding)
        self._reveal(self.cursor)

    def watch_cursor(self, before: int, now: int) -> None:
        """Draw the two rows anew, and tell."""
        for row in (before, now):
            self.refresh(Region(0, row - self.scroll_offset.y, self.size.width, 1))
        self.post_message(self.Moved())

    def _reveal(self, row: int) -> None:
        self.scroll_to_region(Region(0, row, 1, 1), animate=False, force=True)

    def _step(self, row: int, back: bool = False) -> None:
        """Go to a row, past the lines of folders and the own line of an open file."""
        row = max(0, min(row, self._rows - 1))
        at = self._at(row)
        if at is None:
            return
        group, number = at
        if number < 0:
            own = row - number - 1
            top, stays = own - len(group.above), number == -1 and not group.expanded
            row = top - 1 if back and top > 0 and not stays else own + group.expanded
        self.cursor = row
        self._reveal(0 if row <= len(self._groups[0].above) + 1 else row)

    def action_cursor_down(self) -> None:
        """Go to the next finding; a file's own line is passed over unless the file is folded."""
        if self.cursor < self._rows - 1:
            self._step(self.cursor + 1)

    def action_cursor_up(self) -> None:
        """Go to the finding before."""
        self._step(self.cursor - 1, back=True)

    def action_page(self, screens: int) -> None:
        """Go a screen further."""
        self._step(self.cursor + screens * max(1, self.size.height - 1), back=screens < 0)

    def action_first(self) -> None:
        """Go to the first finding."""
        self._step(0)

    def action_last(self) -> None:
        """Go to the last finding."""
        self._step(self._rows - 1)

    def action_fold(self) -> None:
        """Fold or unfold the file of the cursor."""
        at = self._at(self.cursor)
        if at is not None:
            group, number = at
            top = self.cursor - number - 1
            group.expanded = not group.expanded
            self._lay_out()
            self.set_reactive(FindingTree.cursor, top)
            self._reveal(top)
            self.refresh()
            self.post_message(self.Moved())

    def action_fold_here(self) -> None:
        """Fold or unfold the file whose own line is under the cursor; go into a finding."""
        at = self._at(self.cursor)
        if at is not None and at[1] == -1:
            self.action_fold()
        else:
            self.action_go_into()

    def action_go_into(self) -> None:
        """Go into the finding under the cursor."""
        self.post_message(self.Entered())

    def on_click(self, event: events.Click) -> None:
        """Go to the row that was clicked; a file's own line folds or unfolds it."""
        offset = event.get_content_offset(self)
        at = self._at(offset.y + self.scroll_offset.y) if offset else None
        if offset is not None and at is not None and at[1] >= -1:
            self.cursor = offset.y + self.scroll_offset.y
            if at[1] < 0:
                self.action_fold()

    # --- drawing -------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Take the new width; another height alone moves no row."""
        if self.size.width != self._width:
            self._arrange()
        self.refresh()
        self._reveal(max(0, self.cursor))

    def render_line(self, y: int) -> Strip:
        """Draw one row in sight."""
        width, base, row = self.scrollable_content_region.width, self.rich_style, y + self.scroll_offset.y
        at, stand = self._at(row), self._stand(row)
        self._drawn[row] = stand
        if at is None:
            return Strip.blank(width, base)
        style = self.get_component_rich_style("tree--cursor") if row == self.cursor else Style()
        group, number = at
        looks = self.get_component_rich_style
        if number < -1:
            segments = folder_row(group.above[number + 1], width, looks)
        elif number < 0:
            segments = file_row(group, stand, width, style, looks, is_dirty=group.path in self.dirty)
        else:
            proposed = self.is_proposed(group.findings[number])
            segments = finding_row(group, number, stand[0], proposed, width, style, looks)
        return Strip(Segment.apply_style(segments, base)).adjust_cell_length(width, base)
