"""Paragraphs that scroll where they find no room; other ones move nothing else on the screen."""

from __future__ import annotations

from collections.abc import Hashable

from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from modal_wizard.tui.textual_ext.content_size import take_size
from modal_wizard.tui.textual_ext.kept_lines import MOST, keep_lines
from modal_wizard.tui.widgets.labelled_text import Paragraphs, says


class ScrolledText(ScrollView, can_focus=True):
    """A text of its own height in a view."""

    ALLOW_SELECT = False

    DEFAULT_CSS = "ScrolledText { overflow-x: hidden; overflow-y: auto; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        keep_lines(self)
        self.text = Paragraphs(())
        """What is shown."""
        self._lines: list[Content] = []
        self._strips: dict[Hashable, Strip] = {}
        """Lines that were drawn, by what they say: much of it is the same from one finding to the next."""

    def put(self, text: Paragraphs) -> None:
        """Show something else, from its top."""
        if says(text) != says(self.text):
            self.text = text
            self._take_size()
            self.refresh()
            self.scroll_to(y=0, animate=False, force=True)

    def on_resize(self) -> None:
        """Wrap for the new width."""
        self._take_size()

    def notify_style_update(self) -> None:
        """Forget how the lines looked."""
        super().notify_style_update()
        self._strips = {}

    def _take_size(self) -> None:
        if width := self.scrollable_content_region.width:
            self._lines = self.text.lines(width)
            take_size(self, Size(width, len(self._lines)))

    def render_line(self, y: int) -> Strip:
        """Draw one line in sight."""
        width, row = self.scrollable_content_region.width, y + self.scroll_offset.y
        if row >= len(self._lines):
            return Strip.blank(width, self.visual_style.rich_style)
        line = self._lines[row]
        key = line.plain, tuple(line.spans), width
        if key not in self._strips:
            if len(self._strips) >= MOST:
                self._strips.clear()
            self._strips[key] = Visual.to_strips(self, line, width, 1, self.visual_style, pad=True)[0]
        return self._strips[key]


class Frame(Vertical):
    """What stands around other views: another title has it drawn anew, which is next to nothing."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        keep_lines(self)
        self._blank = Strip.blank(0)

    def render_line(self, y: int) -> Strip:
        """Return a line of what is behind the views."""
        width, style = self.content_size.width, self.visual_style.rich_style
        if self._blank.cell_length != width or any(segment.style != style for segment in self._blank):
            self._blank = Strip.blank(width, style)
        return self._blank


def out_of_sight(view: ScrollView) -> str:
    """Return how many lines of a view are above and below those in sight, to be put after its heading."""
    if not view.size.height:
        return ""
    above, below = round(view.scroll_y), view.max_scroll_y - round(view.scroll_y)
    marks = [f"{mark} {count}" for mark, count in (("↑", above), ("↓", below)) if count > 0]
    return f" · {' '.join(marks)} more {'line' if above + below == 1 else 'lines'}" if marks else ""


def entitle(view: Widget, title: str) -> None:
    """Set what stands in the frame of a view, which is drawn anew only for another title."""
    if str(view.border_title or "") != title:
        view.border_title = Content(title)
