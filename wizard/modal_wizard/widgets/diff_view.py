"""A diff on the screen: line numbers, marks, syntax colours, changed words; unified or side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.css.styles import RulesMap
from textual.reactive import reactive
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Static

from modal_wizard.diff import Hunk, Mark, Row
from modal_wizard.display import visible
from modal_wizard.widgets.code import folded, highlighted, shown_range
from modal_wizard.widgets.words import changed_words

_STYLE = {Mark.SAME: "diff-same", Mark.OLD: "diff-old", Mark.NEW: "diff-new"}
LEAD = 4
"""Lines that stay above a place that was scrolled to."""
SIDE_BY_SIDE_WIDTH = 60
"""Narrower than this, two columns would show nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a diff, coloured."""

    row: Row
    text: Content
    here: bool = False
    """Whether a finding is about this line."""


@dataclass(frozen=True, slots=True)
class Block:
    """One hunk, coloured; ``title`` is the file's name where a new file begins."""

    path: str
    title: str
    lines: tuple[Line, ...]

    @property
    def digits(self) -> int:
        """Width of the widest line number."""
        return len(str(max((max(line.row.old, line.row.new) for line in self.lines), default=0)))


Spots = frozenset[tuple[str, int]]
"""Lines that a finding is about, by path and number."""


def blocks(hunks: Iterable[Hunk], titles: bool = True, spots: Spots = frozenset()) -> list[Block]:
    """Colour hunks; a file's name stands above its first one."""
    made: list[Block] = []
    previous = None
    for hunk in hunks:
        title = hunk.path if titles and hunk.path != previous else ""
        made.append(Block(hunk.path, title, _coloured(hunk, spots)))
        previous = hunk.path
    return made


@lru_cache(maxsize=128)
def _coloured(hunk: Hunk, spots: Spots) -> tuple[Line, ...]:
    return tuple(_lines(hunk, spots))


def _lines(hunk: Hunk, spots: Spots) -> Iterator[Line]:
    old = iter(highlighted([row.text for row in hunk.rows if row.mark is not Mark.NEW], hunk.path))
    new = iter(highlighted([row.text for row in hunk.rows if row.mark is not Mark.OLD], hunk.path))
    words = changed_words(hunk.rows)
    for index, row in enumerate(hunk.rows):
        text = next(old) if row.mark is Mark.OLD else next(new)
        if row.mark is Mark.SAME:
            next(old)
        for start, end in words.get(index, ()):
            begin, stop = shown_range(row.text, start, end)
            text = text.stylize(f".{_STYLE[row.mark]}-word", begin, stop)
        yield Line(row, text, (hunk.path, row.old) in spots)


class DiffText(Visual):
    """Hunks laid out for whatever width they are given."""

    def __init__(self, made: Sequence[Block], beside: bool = False) -> None:
        self._blocks = made
        self._beside = beside
        self._laid: tuple[int, list[Content]] = (0, [])
        self._tops: dict[tuple[str, int], int] = {}
        """Where the lines of the old file are, by path and number."""

    def lines(self, width: int) -> list[Content]:
        """Return the lines for a width, each filled up to it."""
        if self._laid[0] != width:
            beside = self._beside and width >= SIDE_BY_SIDE_WIDTH
            made: list[Content] = []
            self._laid = (width, made)
            for content in self._lay_out(made, width, beside):
                made.append(content)
        return self._laid[1]

    def top(self, path: str, line: int, width: int) -> int:
        """Return where a line of the old file is shown; 0 when it is not."""
        self.lines(width)
        return self._tops.get((path, line), 0)

    def _lay_out(self, made: list[Content], width: int, beside: bool) -> Iterator[Content]:
        for number, block in enumerate(self._blocks):
            if block.title:
                if number:
                    yield Content(" ")
                yield Content.styled(visible(block.title).ljust(width), ".diff-file")
            elif number:
                yield Content.styled("┄" * width, ".diff-header")
            for old, content in _two_columns(block, width) if beside else _one_column(block, width):
                if old:
                    self._tops.setdefault((block.path, old), len(made))
                yield content

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Render at a width, as the protocol of visuals asks."""
        strips: list[Strip] = []
        for line in self.lines(width)[:height]:
            strips += line.render_strips(width, 1, style, options)
        return strips

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Take all the width there is."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return how many lines the diff takes."""
        return max(1, len(self.lines(width)))


def _one_column(block: Block, width: int) -> Iterator[tuple[int, Content]]:
    for line in block.lines:
        for content in _cell(line, block.digits, width, line.row.new or line.row.old):
            yield line.row.old, content


def _two_columns(block: Block, width: int) -> Iterator[tuple[int, Content]]:
    half = (width - 1) // 2
    rest = width - half - 1
    for left, right in _sides(block.lines):
        old = list(_cell(left, block.digits, half, left.row.old)) if left else []
        new = list(_cell(right, block.digits, rest, right.row.new)) if right else []
        for one, other in zip_longest(old, new):
            row = Content.assemble(one or Content.blank(half), ("│", ".diff-header"), other or Content.blank(rest))
            yield left.row.old if left else 0, row


def _sides(lines: Iterable[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    """Pair the rows of a hunk for two columns: old rows beside the new ones that follow them."""
    old: list[Line] = []
    new: list[Line] = []
    for line in lines:
        if line.row.mark is Mark.SAME:
            yield from zip_longest(old, new)
            old, new = [], []
            yield line, line
        elif line.row.mark is Mark.OLD:
            if new:
                yield from zip_longest(old, new)
                old, new = [], []
            old.append(line)
        else:
            new.append(line)
    yield from zip_longest(old, new)


def _cell(line: Line, digits: int, width: int, number: int) -> Iterator[Content]:
    """Yield a row's lines on the screen: number, mark, text, wrapped under itself and filled to the width."""
    style = "diff-here" if line.here else _STYLE[line.row.mark]
    room = max(width - digits - 4, 4)
    for index, part in enumerate(folded(line.text, room)):
        gutter = f"{number:>{digits}} " if index == 0 else " " * (digits + 1)
        mark = ("▶" if line.here else line.row.mark.value) if index == 0 else "↪"
        rest = max(0, room - part.cell_length)
        body = Content.assemble(f" {mark} ", part, " " * rest)
        kind = "diff-number" if line.row.mark is Mark.SAME else f"{_STYLE[line.row.mark]}-number"
        yield Content.assemble((f" {gutter}"[: digits + 1], f".{kind}"), body.stylize_before(f".{style}"))


class DiffView(VerticalScroll, can_focus=True):
    """A scrolling diff."""

    BINDINGS = [
        Binding("j", "scroll_down", "Down", show=False),
        Binding("k", "scroll_up", "Up", show=False),
    ]

    beside: reactive[bool] = reactive(False)
    """Two columns, old and new, instead of one."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._blocks: list[Block] = []
        self._text: DiffText | None = None

    def compose(self) -> ComposeResult:
        """One text that is as long as the diff."""
        yield Static(classes="diff-text")

    def show(self, hunks: Iterable[Hunk], titles: bool = True, spots: Spots = frozenset()) -> None:
        """Show hunks from the top."""
        self._blocks = blocks(hunks, titles, spots)
        self._draw()
        self.scroll_home(animate=False)

    def reveal(self, path: str, line: int) -> None:
        """Scroll to a line of the old file, unless it is in the upper half already."""

        def scroll() -> None:
            text = self.query_one(".diff-text", Static)
            top = self._text.top(path, line, text.content_size.width) if self._text else 0
            height = self.content_size.height
            if top > height // 2:
                self.scroll_to(y=max(0, top - min(LEAD, height // 3)), animate=False, force=True)

        self.call_after_refresh(scroll)

    def say(self, text: str | Content) -> None:
        """Show words instead of a diff."""
        self._blocks, self._text = [], None
        self.query_one(".diff-text", Static).update(Content(text) if isinstance(text, str) else text)
        self.scroll_home(animate=False)

    def watch_beside(self) -> None:
        """Lay out anew."""
        if self._blocks:
            self._draw()

    def _draw(self) -> None:
        self._text = DiffText(self._blocks, self.beside)
        self.query_one(".diff-text", Static).update(self._text)
