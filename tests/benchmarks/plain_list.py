"""What Textual itself takes for a key: ten thousand rows, drawn by the line, and thirty lines of text beside them."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static

ROWS, LINES = 10_000, 30


class Rows(ScrollView, can_focus=True):
    """Rows with a cursor; only those in sight are drawn."""

    BINDINGS = [Binding("j", "step(1)"), Binding("k", "step(-1)")]

    cursor = 0

    class Moved(Message):
        """The cursor came to another row."""

    def on_mount(self) -> None:
        """Have room for all rows."""
        self.virtual_size = Size(40, ROWS)

    def action_step(self, by: int) -> None:
        """Go to a row beside this one."""
        before, self.cursor = self.cursor, max(0, min(ROWS - 1, self.cursor + by))
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)
        for row in (before, self.cursor):
            self.refresh(Region(0, row - self.scroll_offset.y, self.size.width, 1))
        self.post_message(self.Moved())

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        row = y + self.scroll_offset.y
        return Strip([Segment(f"row {row}".ljust(self.size.width), Style(reverse=row == self.cursor))])


class Plain(App[None]):
    """The rows, and what is said of the one under the cursor."""

    CSS = "Rows, Static { width: 1fr; height: 1fr; }"

    def compose(self) -> ComposeResult:
        """The rows on the left, the text on the right."""
        with Horizontal():
            yield Rows()
            yield Static()

    def on_mount(self) -> None:
        """Begin at the first row."""
        self.query_one(Rows).focus()
        self.on_rows_moved()

    def on_rows_moved(self) -> None:
        """Show the text of the row under the cursor."""
        row = self.query_one(Rows).cursor
        text = "\n".join(f"    line {line} of the text of row {row}" for line in range(LINES))
        self.query_one(Static).update(f"service_{row:05}.py:{row + 1}\n{text}", layout=False)


Plain().run()
