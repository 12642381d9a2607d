"""Diffs as data: hunks of rows with line numbers, for the screen and for ``--diff``."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator

from msgspec import Struct

from modal_transforms.core.alignment import changed
from modal_transforms.core.patterns import pattern

_LINE_END = pattern(r"\r\n|\r|\n")


class Mark(enum.Enum):
    """What a row of a diff is; the value is its mark in the unified format."""

    SAME = " "
    OLD = "-"
    NEW = "+"


class Row(Struct, frozen=True):
    """One line of a diff, without its line ending; numbers count from 1 and are 0 where the line does not exist."""

    mark: Mark
    old: int
    new: int
    text: str
    other: bool = False
    """Whether it comes from another change than the one that is shown."""
    moved: bool = False
    """Whether what it says only changes its place."""
    words: tuple[tuple[int, int], ...] | None = None
    """The characters that the change that is shown changes, where others change the line as well."""


class Hunk(Struct, frozen=True):
    """Changed lines of one file that are near each other, with their context."""

    path: str
    rows: tuple[Row, ...]

    @property
    def header(self) -> str:
        """The ``@@`` line of the unified format."""
        old = [row.old for row in self.rows if row.old]
        new = [row.new for row in self.rows if row.new]
        return f"@@ -{min(old, default=0)},{len(old)} +{min(new, default=0)},{len(new)} @@"


def split_lines(text: str) -> list[str]:
    """Return the lines of a text as Python and editors count them, without their line endings."""
    lines = _LINE_END.split(text)
    return lines[:-1] if lines[-1] == "" else lines


def rows(before: str, after: str) -> list[Row]:
    """Return every line of two texts as rows of a diff, unchanged ones included."""
    old, new = split_lines(before), split_lines(after)
    made: list[Row] = []
    at = 0
    for a, b, c, d in [*changed(old, new), (len(old), len(old), len(new), len(new))]:
        made += [Row(Mark.SAME, i + 1, i + 1 + c - a, old[i]) for i in range(at, a)]
        made += [Row(Mark.OLD, i + 1, 0, old[i]) for i in range(a, b)]
        made += [Row(Mark.NEW, 0, i + 1, new[i]) for i in range(c, d)]
        at = b
    return made


def hunks(path: str, before: str, after: str, context: int = 3) -> list[Hunk]:
    """Return the hunks between two texts of a file, with ``context`` lines around each."""
    return list(group(path, rows(before, after), context))


def group(path: str, all_rows: list[Row], context: int) -> Iterator[Hunk]:
    """Yield the hunks in all rows of a file: changed rows, and those at most ``context`` rows away.

    Rows of other changes count as context, but are not torn apart.
    """
    changed = [index for index, row in enumerate(all_rows) if row.mark is not Mark.SAME and not row.other]
    yield from around(path, all_rows, changed, context)


def around(path: str, all_rows: list[Row], wanted: Iterable[int], context: int) -> Iterator[Hunk]:
    """Yield hunks of the rows of these numbers, from 0, and of those at most ``context`` rows away."""
    start = end = -1
    for index in wanted:
        if start >= 0 and index - context <= end:
            if index + context + 1 > end:
                end = _whole_run(all_rows, index + context + 1, 1)
            continue
        if start >= 0:
            yield Hunk(path, tuple(all_rows[start:end]))
        start = _whole_run(all_rows, max(0, index - context), -1)
        end = _whole_run(all_rows, index + context + 1, 1)
    if start >= 0:
        yield Hunk(path, tuple(all_rows[start:end]))


def _whole_run(all_rows: list[Row], edge: int, step: int) -> int:
    """Move the edge of a hunk, forward or back, out of changed rows that belong together."""
    while 0 < edge < len(all_rows) and all(row.mark is not Mark.SAME for row in all_rows[edge - 1 : edge + 1]):
        edge += step
    return edge


def as_it_would_be(hunk: Hunk) -> Hunk:
    """Return a hunk without the lines that go."""
    return Hunk(hunk.path, tuple(row for row in hunk.rows if row.mark is not Mark.OLD))


def unified(changes: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Yield the lines of a unified diff over files, each given as path, old text and new text."""
    for path, before, after in changes:
        found = hunks(path, before, after, context=3)
        if found:
            yield f"--- a/{path}"
            yield f"+++ b/{path}"
        for hunk in found:
            yield hunk.header
            yield from (row.mark.value + row.text for row in hunk.rows)
