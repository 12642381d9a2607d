"""A diff as lines for the screen: laid out for a width, coloured only where it is looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from msgspec import Struct
from textual.content import Content

from modal_wizard.text.diff import Hunk, Mark, Row
from modal_wizard.text.sanitize import visible
from modal_wizard.text.word_diff import Range, changed_words
from modal_wizard.tui.widgets.code import folded, highlighted, inert, shown_range
from modal_wizard.tui.widgets.fit import shortened

_STYLE = {Mark.SAME: "diff-same", Mark.OLD: "diff-old", Mark.NEW: "diff-new"}
SIDE_BY_SIDE_WIDTH = 60
"""Narrower than this, two columns would show nothing."""
PART = 200
"""A longer hunk is coloured in parts."""
KEPT = 24
"""So many blocks stay laid out."""

Spots = frozenset[tuple[str, int]]
"""Lines that a finding is about, by path and number."""


class DiffLine(Struct, frozen=True):
    """One row of a diff, coloured."""

    row: Row
    text: Content
    here: bool = False
    """Whether a finding is about this line."""


class DiffBlock(Struct, frozen=True):
    """A hunk or a part of one; ``title`` is the file's name where a new file begins."""

    path: str
    title: str
    rows: tuple[Row, ...]
    digits: int
    """Width of the widest line number of the hunk."""
    spots: Spots = frozenset()
    goes_on: bool = False
    """Whether it belongs to the same hunk as the block before."""


def blocks(hunks: Iterable[Hunk], titles: bool = True, spots: Spots = frozenset()) -> list[DiffBlock]:
    """Return the blocks of hunks; a file's name stands above its first one."""
    made: list[DiffBlock] = []
    previous = None
    for hunk in hunks:
        title = hunk.path if titles and hunk.path != previous else ""
        digits = len(str(max((max(row.old, row.new) for row in hunk.rows), default=0)))
        own = frozenset(spot for spot in spots if spot[0] == hunk.path)
        for start in range(0, len(hunk.rows) or 1, PART):
            rows = hunk.rows[start : start + PART]
            made.append(DiffBlock(hunk.path, "" if start else title, rows, digits, own, start > 0))
        previous = hunk.path
    return made


@lru_cache(maxsize=KEPT)
def _coloured(block: DiffBlock) -> tuple[DiffLine, ...]:
    return tuple(_lines(block))


def _lines(block: DiffBlock) -> Iterator[DiffLine]:
    rows = block.rows
    old = iter(highlighted([row.text for row in rows if row.mark is Mark.OLD], block.path))
    new = iter(highlighted([row.text for row in rows if row.mark is not Mark.OLD], block.path))
    words = changed_words(rows)
    for index, row in enumerate(rows):
        text = next(old) if row.mark is Mark.OLD else next(new)
        own = row.words if row.words is not None else words.get(index, ())
        if row.words is not None:
            others = [word for word in words.get(index, ()) if not any(_overlap(word, one) for one in own)]
            text = _stylized(text, row, others, "diff-other-word")
        if not row.other:
            text = _stylized(text, row, own, f"{_STYLE[row.mark]}-word")
        yield DiffLine(row, text, (block.path, row.old) in block.spots and row.mark is not Mark.NEW)


def _overlap(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _stylized(text: Content, row: Row, words: Iterable[Range], style: str) -> Content:
    for start, end in words:
        begin, stop = shown_range(row.text, start, end)
        text = text.stylize(f".{style}", begin, stop)
    return text


class DiffText:
    """Blocks laid out for whatever width is asked for."""

    def __init__(self, made: Sequence[DiffBlock], beside: bool = False) -> None:
        self._blocks = made
        self._beside = beside
        self._width = -1
        self._tops: list[int] = []
        """The line at which each block begins, its title or the gap above it included; then where the last one ends."""
        self._laid: OrderedDict[int, list[Content]] = OrderedDict()

    def height(self, width: int) -> int:
        """Return how many lines the diff takes."""
        self._lay_out(width)
        return self._tops[-1]

    def line(self, number: int, width: int) -> Content | None:
        """Return a line, filled up to the width; ``None`` below the last one."""
        if not 0 <= number < self.height(width):
            return None
        index = bisect_right(self._tops, number) - 1
        return self._block(index)[number - self._tops[index]]

    def path_at(self, number: int) -> str:
        """Return the file of a line; nothing where there is but one file, or before it was laid out."""
        if self._width < 0 or not any(block.title for block in self._blocks):
            return ""
        index = max(0, min(bisect_right(self._tops, number) - 1, len(self._blocks) - 1))
        return self._blocks[index].path

    def lines(self, width: int) -> list[Content]:
        """Return all lines for a width."""
        self._lay_out(width)
        return [line for index in range(len(self._blocks)) for line in self._block(index)]

    def top_of(self, path: str, width: int) -> int:
        """Return where a file begins; 0 when it is not shown."""
        self._lay_out(width)
        return next((self._tops[index] for index, block in enumerate(self._blocks) if block.path == path), 0)

    def top(self, path: str, line: int, width: int) -> int:
        """Return where a line of the old file is shown, or what comes in its place; 0 when neither is."""
        self._lay_out(width)
        for index, block in enumerate(self._blocks):
            if block.path != path or not any(row.old >= line for row in block.rows):
                continue
            at = before = self._tops[index] + len(self._above(index))
            for old, count in _sizes(block, width, self._two):
                if old >= line:
                    return at if old == line else before
                at += count
                before = at if old else before
        return 0

    @property
    def _two(self) -> bool:
        return self._beside and self._width >= SIDE_BY_SIDE_WIDTH

    def _lay_out(self, width: int) -> None:
        if width == self._width:
            return
        self._width = width
        self._laid.clear()
        self._tops = [0]
        for index, block in enumerate(self._blocks):
            count = sum(count for _, count in _sizes(block, width, self._two))
            self._tops.append(self._tops[-1] + len(self._above(index)) + count)

    def _above(self, index: int) -> list[Content]:
        """Return what stands above a block: the file's name, or a mark of what is left out."""
        block = self._blocks[index]
        if block.title:
            name = Content.styled(shortened(visible(block.title), self._width).ljust(self._width), ".diff-file")
            return [Content(" "), name] if index else [name]
        if index and not block.goes_on:
            return [Content.styled("┄" * self._width, ".diff-header")]
        return []

    def _block(self, index: int) -> list[Content]:
        if index not in self._laid:
            block = self._blocks[index]
            drawn = _two_columns(block, self._width) if self._two else _one_column(block, self._width)
            self._laid[index] = [*self._above(index), *drawn]
            if len(self._laid) > KEPT:
                self._laid.popitem(last=False)
        self._laid.move_to_end(index)
        return self._laid[index]


def _room(width: int, numbers: int) -> int:
    """Return how many cells a row's text has, beside the cells of its numbers and its mark."""
    return max(width - numbers - 4, 4)


def _folds(text: str, room: int) -> int:
    """Return how many lines a row's text takes."""
    if len(text) <= room and text.isascii() and text.isprintable():
        return 1
    return len(folded(Content(inert(text)), room))


def _sizes(block: DiffBlock, width: int, beside: bool) -> Iterator[tuple[int, int]]:
    """Yield how many lines each row takes, or each pair of rows, with its number in the old file."""
    if not beside:
        room = _room(width, 2 * block.digits + 1)
        for row in block.rows:
            yield row.old, _folds(row.text, room)
        return
    left, right = (_room(half, block.digits) for half in _halves(width))
    for old, new in _sides(block.rows):
        counts = (_folds(old.text, left) if old else 0, _folds(new.text, right) if new else 0)
        yield old.old if old else 0, max(counts)


def _halves(width: int) -> tuple[int, int]:
    half = (width - 1) // 2
    return half, width - half - 1


def _one_column(block: DiffBlock, width: int) -> Iterator[Content]:
    digits = block.digits
    for line in _coloured(block):
        numbers = f"{line.row.old or '':>{digits}} {line.row.new or '':>{digits}}"
        yield from _cell(line, width, numbers)


def _two_columns(block: DiffBlock, width: int) -> Iterator[Content]:
    half, rest = _halves(width)
    lines = {id(line.row): line for line in _coloured(block)}
    for old_row, new_row in _sides([line.row for line in _coloured(block)]):
        left, right = (lines[id(row)] if row else None for row in (old_row, new_row))
        old = list(_cell(left, half, f"{left.row.old:>{block.digits}}")) if left else []
        new = list(_cell(right, rest, f"{right.row.new:>{block.digits}}")) if right else []
        for one, other in zip_longest(old, new):
            yield Content.assemble(one or Content.blank(half), ("│", ".diff-header"), other or Content.blank(rest))


def _sides(rows: Iterable[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    """Pair the rows of a hunk for two columns: old rows beside the new ones that follow them."""
    old: list[Row] = []
    new: list[Row] = []
    for row in rows:
        if row.mark is Mark.SAME:
            yield from zip_longest(old, new)
            old, new = [], []
            yield row, row
        elif row.mark is Mark.OLD:
            if new:
                yield from zip_longest(old, new)
                old, new = [], []
            old.append(row)
        else:
            new.append(row)
    yield from zip_longest(old, new)


def _cell(line: DiffLine, width: int, numbers: str) -> Iterator[Content]:
    """Yield a row's lines on the screen: numbers, mark, text, wrapped under itself and filled to the width."""
    row, room = line.row, _room(width, len(numbers))
    style = "diff-here" if line.here else "diff-moved" if row.moved else _STYLE[row.mark]
    kind = "diff-number" if row.mark is Mark.SAME or row.other else f"{_STYLE[row.mark]}-number"
    for index, part in enumerate(folded(line.text, room)):
        mark = _mark(line) if index == 0 else " ↪"
        body = Content.assemble(f"{mark} ", part, " " * max(0, room - part.cell_length))
        body = body.stylize(".diff-other") if row.other else body.stylize_before(f".{style}")
        gutter = numbers if index == 0 else " " * len(numbers)
        yield Content.assemble((f"{gutter} ", f".{kind}"), body)


def _mark(line: DiffLine) -> str:
    """Return what stands before a row: what becomes of it, and whether that moves it or is accepted already."""
    if line.here:
        return " ▶"
    return ("✓" if line.row.other else "↷" if line.row.moved else " ") + line.row.mark.value
