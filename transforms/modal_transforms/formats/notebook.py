"""Jupyter notebooks: all code cells as one program, its edits put back into the JSON with nothing else changed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.core.command_line import CommandLine
from modal_transforms.core.model import Site, Span
from modal_transforms.core.patches import Patch, apply
from modal_transforms.core.source import Program, SourceFile, Unreadable, byte_offsets
from modal_transforms.formats.code_blocks import markdown_blocks
from modal_transforms.formats.command_files import extractor
from modal_transforms.formats.document import shown_commands, without_blocks
from modal_transforms.formats.mapped_text import SHELL_LINE, MappedText, shell_lines, text_of
from modal_transforms.formats.masking import blank
from modal_transforms.formats.notebook_cell import Cell
from modal_transforms.formats.notebook_json import cell_patches, read_cells
from modal_transforms.formats.variables import shell_values, with_values

"""What holds a command that IPython hands to a shell, after it has put Python's values in."""
_MARK = "# ─── cell "


def _header(number: int) -> bytes:
    """Return the line that stands between two cells in the program; it is in no cell."""
    return f"{_MARK}{number} ───\n".encode()


class CellRange(Struct, frozen=True):
    """Where a cell's text is in the program."""

    number: int
    """From 1, all cells counted."""
    start: int
    end: int
    is_code: bool


class Notebook(SourceFile):
    """A notebook. ``data`` is the text of its cells, each below a comment that numbers it."""

    def __init__(self, path: str, raw: bytes, data: bytes | None = None) -> None:
        self._raw = raw
        self._cells = read_cells(raw)
        joined = [_header(each.number) + each.text.encode() + b"\n" for each in self._cells]
        super().__init__(path, b"".join(joined) if data is None else data)
        if any(_MARK in each.text for each in self._cells):
            raise Unreadable("a cell holds the mark that cells are told apart by")

    @property
    def raw(self) -> bytes:
        """The JSON."""
        return self._raw

    @property
    def encoding(self) -> str:
        """What JSON is written in."""
        return "utf-8"

    @cached_property
    def places(self) -> tuple[CellRange, ...]:
        """Where the cells are in ``data``; raises `Unreadable` when a change took a cell's bounds away."""
        marks: list[int] = []
        for cell in self._cells:
            marks.append(self.data.find(_header(cell.number), marks[-1] if marks else 0))
        if -1 in marks:
            raise Unreadable("the change crosses the bounds of a cell")
        ends = [*(mark - 1 for mark in marks[1:]), len(self.data) - 1][: len(marks)]
        return tuple(
            CellRange(cell.number, mark + len(_header(cell.number)), end, cell.is_code)
            for cell, mark, end in zip(self._cells, marks, ends, strict=True)
        )

    @cached_property
    def _code(self) -> tuple[tuple[CellRange, Cell], ...]:
        return tuple((place, Cell(self.data[place.start : place.end])) for place in self.places if place.is_code)

    @cached_property
    def program(self) -> bytes:
        """The Python of the code cells, in its place; magics, other languages and prose are blank."""
        result = bytearray(blank(self.data))
        for place, cell in self._code:
            result[place.start : place.end] = cell.program
        return bytes(result)

    def changed(self, data: bytes) -> SourceFile:
        """Return the same notebook with other text in its cells (and the JSON as it was)."""
        made = Notebook(self.path, self._raw, data)
        pairs = zip(made._code, self._code, strict=True)
        broken = [place.number for (place, new), (_, old) in pairs if _lost(old, new)]
        if broken:
            raise Unreadable(f"cell {broken[0]} would not parse any more")
        return made

    @cached_property
    def programs(self) -> Sequence[Program]:
        """The Python files that cells write."""
        places = [place for place, cell in self._code if cell.is_file]
        return [Program(self.line_of(place.start), self.line_of(place.end), alone=True) for place in places]

    def lifted(self, patches: Sequence[Patch]) -> list[Patch]:
        """Return patches of the program as patches of the JSON, one for each string or run of lines they touch."""
        by_cell: dict[int, list[Patch]] = {}
        for patch in patches:
            at = self._cell_at(patch.start)
            by_cell.setdefault(at, []).append(_within(patch, self.places[at]))
        text = self._raw.decode()
        json_text = MappedText(text, byte_offsets(text))
        lifted = [each for at, own in sorted(by_cell.items()) for each in cell_patches(json_text, self._cells[at], own)]
        if Notebook(self.path, apply(self._raw, lifted)).data != apply(self.data, patches):
            raise Unreadable("the notebook would not say what was shown")
        return lifted

    def site(self, span: Span) -> Site:
        """Return the place that a span is: the cell and the line inside it."""
        site = super().site(span)
        at = self._cell_at(span.start)
        first = self.line_of(self.places[at].start) - 1
        number = self.places[at].number
        return replace(site, line=site.line - first, end_line=site.end_line - first, cell=number, above=first)

    @cached_property
    def _starts(self) -> list[int]:
        return [place.start for place in self.places]

    def _cell_at(self, offset: int) -> int:
        """Return the index of the cell that an offset is in."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def command_lines(self) -> Iterable[CommandLine]:
        """Yield the commands of shell lines and shell cells, of files that cells write, and of the prose's code."""
        for place, cell in self._code:
            for start, end in cell.shell:
                data = self.data[place.start + start : place.start + end]
                text = text_of(data, place.start + start)
                if cell.is_shell:
                    yield from with_values(shell_lines(text, "a shell cell of the notebook"), shell_values(text.text))
                else:
                    yield from shell_lines(text, SHELL_LINE)
            kind = extractor(cell.file[0]) if cell.file else None
            if kind and cell.file:
                begin = place.start + cell.file[1]
                yield from kind[0](text_of(self.data[begin : place.end], begin), kind[1])
        for place in self.places:
            if not place.is_code and b"modal" in self.data[place.start : place.end]:
                text = text_of(self.data[place.start : place.end], place.start)
                yield from shown_commands(text, list(markdown_blocks(text.text)))

    def prose(self) -> Iterable[tuple[str, Sequence[int]]]:
        """Yield the text of each cell of prose, without its blocks of code."""
        for place in self.places:
            if not place.is_code:
                text = text_of(self.data[place.start : place.end], place.start)
                yield without_blocks(text, markdown_blocks(text.text))


def _lost(old: Cell, new: Cell) -> bool:
    """Tell whether a cell held Python and does not parse any more."""
    return bool(old.program.strip()) and bool(new.data.strip()) and not new.program.strip()


def _within(patch: Patch, place: CellRange) -> Patch:
    """Return a patch of the program as one of a cell's text, which has no line end of its own at its end."""
    start, end, data = patch.start - place.start, patch.end - place.start, patch.data
    length = place.end - place.start
    if start < 0:
        raise Unreadable("the change is in no cell")
    if start > length:
        return Patch(length, length, b"\n" + data.removesuffix(b"\n"))
    if end > length:
        return Patch(start, length, data.removesuffix(b"\n"))
    return Patch(start, end, data)
