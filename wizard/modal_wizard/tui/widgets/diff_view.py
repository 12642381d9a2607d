"""A diff on the screen: line numbers, marks, syntax colours, changed words; unified or side by side.

Only the lines in sight are drawn, however long it is.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from modal_wizard.text.diff import Hunk
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.textual_ext.component_styles import look_of
from modal_wizard.tui.textual_ext.content_size import take_size
from modal_wizard.tui.textual_ext.kept_lines import keep_lines
from modal_wizard.tui.widgets.bindings import bound
from modal_wizard.tui.widgets.diff_layout import DiffBlock, DiffText, Spots, blocks
from modal_wizard.tui.widgets.scrolled_text import entitle, out_of_sight

LEAD = 4
"""Lines that stay above a place that was scrolled to."""
TEXTS = 8
"""So many diffs stay laid out."""
MOST = 1_000
"""So many lines are kept drawn."""
PIECE = 12
"""So many lines are drawn ahead at once."""


class DiffView(ScrollView, can_focus=True):
    """A scrolling diff."""

    ALLOW_SELECT = False

    DEFAULT_CSS = "DiffView { overflow-x: hidden; overflow-y: auto; }"

    BINDINGS = [
        bound("down", "scroll_down", "Scroll the diff", show=False, display="j/k ↓/↑"),
        bound("up", "scroll_up", "", show=False),
    ]

    class Resized(Message):
        """There is more or less room now."""

    beside: reactive[bool] = reactive(False, repaint=False)
    """Two columns, old and new, instead of one."""

    def __init__(self, *, id: str | None = None) -> None:
        self._looks: dict[str, Style] = {}
        self._lines: dict[Hashable, Strip] = {}
        """Lines drawn before, by what they say."""
        self._texts: dict[Hashable, DiffText] = {}
        super().__init__(id=id)
        keep_lines(self)
        self._blocks: list[DiffBlock] = []
        self._text: DiffText | None = None
        self._said = Content("")
        """What is said instead of a diff."""
        self._heading, self._heading_path = "", ""
        self._place: tuple[str, int] | None = None
        """The line that is to be in sight."""

    def show(self, hunks: Iterable[Hunk], titles: bool = True, spots: Spots = frozenset()) -> None:
        """Show hunks from the top."""
        self._blocks = blocks(hunks, titles, spots)
        self._draw()
        self._place = None
        self.scroll_to(y=0, animate=False, force=True)

    def prepare(self, hunks: Iterable[Hunk], titles: bool = True) -> Iterator[None]:
        """Lay out and draw the first lines of hunks that will be shown soon, piece by piece."""
        width, height = self._width, self.size.height
        text = self._text_of(blocks(hunks, titles))
        for number in range(height):
            if (line := text.line(number, width)) is None:
                return
            if number % PIECE == 0:
                yield
            self._strip(line, width)

    def _text_of(self, made: list[DiffBlock]) -> DiffText:
        """Return blocks laid out; the last ones are kept."""
        key = self.beside, tuple(made)
        text = self._texts.pop(key, None) or DiffText(made, self.beside)
        self._texts[key] = text
        if len(self._texts) > TEXTS:
            del self._texts[next(iter(self._texts))]
        return text

    def reveal(self, path: str, line: int) -> None:
        """Scroll to a line of the old file, unless it is in the upper half already."""
        self._place = path, line
        self._scroll_to_place()

    def show_file(self, path: str) -> None:
        """Scroll to where a file begins."""
        if self._text is not None and self._width:
            self.scroll_to(y=self._text.top_of(path, self._width), animate=False, force=True)

    def heading(self, text: str, path: str = "") -> None:
        """Say what is shown, above it; the file in sight is named with it, unless it is the one that the text names."""
        self._heading, self._heading_path = text, path
        self._follow()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Name the file in sight."""
        super().watch_scroll_y(old_value, new_value)
        self._follow()

    def _follow(self) -> None:
        path = self._text.path_at(round(self.scroll_y)) if self._text else ""
        named = f" · {visible(path, '␉')}" if path not in {"", self._heading_path} and self.scroll_y > 0 else ""
        entitle(self, f"{self._heading}{named}{out_of_sight(self)}")

    def say(self, text: str | Content) -> None:
        """Show words instead of a diff."""
        self._blocks, self._place = [], None
        self._said = Content(text) if isinstance(text, str) else text
        self._draw()
        self.scroll_to(y=0, animate=False, force=True)

    def watch_beside(self) -> None:
        """Lay out anew."""
        self._draw()

    def on_resize(self) -> None:
        """Lay out for the new width."""
        self._take_size()
        self._scroll_to_place()
        self.post_message(self.Resized())

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def _draw(self) -> None:
        self._text = self._text_of(self._blocks) if self._blocks else None
        self._take_size()
        self.refresh()

    def _take_size(self) -> None:
        if width := self._width:
            height = self._text.height(width) if self._text else len(self._said.wrap(width))
            take_size(self, Size(width, height))
            self._follow()

    def _scroll_to_place(self) -> None:
        height, width = self.size.height, self._width
        if self._text is None or self._place is None or not width:
            return
        top = self._text.top(*self._place, width)
        self._place = None
        if top > height // 2:
            self.scroll_to(y=max(0, top - min(LEAD, height // 3)), animate=False, force=True)

    def render_line(self, y: int) -> Strip:
        """Draw one line in sight."""
        width, row = self._width, y + self.scroll_offset.y
        if self._text is not None:
            content = self._text.line(row, width)
        else:
            said = self._said.wrap(width)
            content = said[row] if row < len(said) else None
        if content is None:
            return Strip.blank(width, self.visual_style.rich_style)
        return self._strip(content, width)

    def _strip(self, content: Content, width: int) -> Strip:
        key = content.plain, tuple(content.spans), width
        if key not in self._lines:
            if len(self._lines) >= MOST:
                self._lines.clear()
            style = self.visual_style
            segments = [Segment(text, look.rich_style) for text, look in content.render(style, "", self._look)]
            strip = Strip(segments, content.cell_length).adjust_cell_length(width, style.rich_style)
            self._lines[key] = strip
        return self._lines[key]

    def _look(self, style: str | Style) -> Style:
        """Return how a word looks; asked for with every word of every line."""
        if isinstance(style, Style):
            return style
        if style not in self._looks:
            self._looks[style] = look_of(self, style)
        return self._looks[style]

    def notify_style_update(self) -> None:
        """Forget how words and lines looked."""
        super().notify_style_update()
        self._looks.clear()
        self._lines.clear()
