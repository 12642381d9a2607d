"""The cells of a notebook in its JSON: their text, and how edits of it are written."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from msgspec import Struct

from modal_transforms.core.alignment import same_ends
from modal_transforms.core.patches import Patch, in_order
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import Unreadable
from modal_transforms.formats.mapped_text import MappedText

Path = tuple[str | int, ...]
"""Keys and indices from the outermost value to one inside it; of a deeper one, the first `_DEEPEST`."""

_DEEPEST = 5

_TOKEN = pattern(r'(?P<string>"[^"\\]*(?:\\.[^"\\]*)*")(?P<key>\s*:)?|[\[\]{},]', re.DOTALL)
_UNIT = pattern(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)


class RawCell(Struct, frozen=True):
    """One cell: its text, and the strings of the JSON that hold it (one, or one a line)."""

    number: int
    is_code: bool
    text: str
    strings: tuple[JsonString, ...]


class _Unit(Struct, frozen=True):
    """One character of a cell: what it is, how it is written, whether it begins or ends a string of the JSON."""

    char: str
    written: str
    begins: bool = False
    ends: bool = False
    new: bool = False


def read_cells(raw: bytes) -> tuple[RawCell, ...]:
    """Return the cells of a notebook that have text; raises `Unreadable` when it is none that we know."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(f"not utf-8: {error}") from None
    found: dict[int, list[JsonString]] = {}
    kinds: dict[int, str] = {}
    for string in strings(text):
        match string.path:
            case ("cells", int(number), "source") | ("cells", int(number), "source", int()):
                found.setdefault(number, []).append(string)
            case ("cells", int(number), "cell_type"):
                kinds[number] = text[string.start + 1 : string.end - 1]
    content = json.loads(text)
    if not isinstance(content, dict) or "cells" not in content or content.get("nbformat") != 4:
        raise Unreadable("not a notebook of format 4")
    cells = tuple(_cell(text, n, kinds.get(n, ""), own) for n, own in sorted(found.items()))
    for cell in cells:
        if not _is_read_so(cell, content["cells"]):
            raise Unreadable(f"cell {cell.number} is not what it seems: a key is there twice")
    return cells


def _is_read_so(cell: RawCell, content: object) -> bool:
    """Tell whether whoever reads the JSON finds the text there that we found; of a key given twice the last counts."""
    read = content[cell.number - 1] if isinstance(content, list) and cell.number <= len(content) else None
    if not isinstance(read, dict):
        return False
    source = read.get("source")
    lines = source if isinstance(source, list) else [source]
    return cell.text == "".join(line for line in lines if isinstance(line, str)) and (
        cell.is_code == (read.get("cell_type") == "code")
    )


def _cell(text: str, number: int, kind: str, own: list[JsonString]) -> RawCell:
    value = "".join(json.loads(text[string.start : string.end]) for string in own)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unreadable(f"cell {number + 1} holds half of a surrogate pair") from None
    return RawCell(number + 1, kind == "code", value, tuple(own))


def cell_patches(json_text: MappedText, cell: RawCell, patches: Sequence[Patch]) -> list[Patch]:
    """Return patches of a cell's text (in UTF-8) as patches of the JSON."""
    text = json_text.text
    ascii_only = text.isascii() and "\\u" in text
    before = _units(text, cell)
    after = _changed(before, patches, ascii_only)
    old, new = [_written(each) for each in _lines(before)], [_written(each) for each in _lines(after)]
    if _is_single(cell):
        old, new = [_written(before)], [_written(after)]
    places = json_text.starts
    return [
        Patch(places[start], places[end], written.encode())
        for start, end, written in _line_patches(text, cell, old, new)
    ]


def _is_single(cell: RawCell) -> bool:
    return len(cell.strings[0].path) == 3


def _units(text: str, cell: RawCell) -> list[_Unit]:
    made = []
    for string in cell.strings:
        own = [(char, text[start:end]) for char, start, end in units(text, string.start, string.end)]
        made += [_Unit(c, w, begins=i == 0, ends=i == len(own) - 1) for i, (c, w) in enumerate(own)]
    return made


def _changed(before: list[_Unit], patches: Sequence[Patch], ascii_only: bool) -> list[_Unit]:
    offsets = [*accumulate((len(unit.char.encode()) for unit in before), initial=0)]
    after: list[_Unit] = []
    at = 0
    for patch in in_order(patches):
        start, end = bisect_left(offsets, patch.start), bisect_left(offsets, patch.end)
        after += before[at:start]
        after += [_Unit(char, escaped(char, ascii_only), new=True) for char in patch.data.decode()]
        at = end
    return after + before[at:]


def _lines(all_units: list[_Unit]) -> list[list[_Unit]]:
    """Part the characters as the JSON does: at the ends of its strings, and at new line ends."""
    lines: list[list[_Unit]] = [[]]
    for number, unit in enumerate(all_units):
        lines[-1].append(unit)
        following = all_units[number + 1] if number + 1 < len(all_units) else None
        breaks = unit.char == "\n" and (unit.new or unit.ends or (following is not None and following.new))
        if following is not None and (breaks or (unit.ends and following.begins)):
            lines.append([])
    return lines


def _written(line: list[_Unit]) -> str:
    return f'"{"".join(unit.written for unit in line)}"'


def _line_patches(text: str, cell: RawCell, old: list[str], new: list[str]) -> list[tuple[int, int, str]]:
    """Return what to replace, in characters of the JSON: strings one by one, or a run of them."""
    filled = [string for string in cell.strings if string.end - string.start > 2 or _is_single(cell)]
    places = [(string.start, string.end) for string in filled]
    if len(old) == len(new) == len(places):
        pairs = zip(places, old, new, strict=True)
        return [_shortest(place, before, after) for place, before, after in pairs if before != after]
    head, tail = same_ends(old, new)
    between = text[places[0][1] : places[1][0]] if len(places) > 1 else _between(text, places[0][0])
    middle = between.join(new[head : len(new) - tail])
    gone = places[head : len(places) - tail]
    if gone and middle:
        return [(gone[0][0], gone[-1][1], middle)]
    if gone:
        return [_without(places, head, len(places) - tail)]
    if head:
        return [(places[head - 1][1], places[head - 1][1], between + middle)]
    return [(places[0][0], places[0][0], middle + between)]


def _between(text: str, start: int) -> str:
    """Return what parts the strings of a list that has only one, as the text before that one suggests."""
    first = start
    while first and text[first - 1].isspace():
        first -= 1
    blank = text[first:start]
    return "," + (blank if "\n" in blank else " ")


def _without(places: list[tuple[int, int]], first: int, end: int) -> tuple[int, int, str]:
    if first:
        return places[first - 1][1], places[end - 1][1], ""
    if end < len(places):
        return places[0][0], places[end][0], ""
    return places[0][0], places[-1][1], '""'


def _shortest(place: tuple[int, int], before: str, after: str) -> tuple[int, int, str]:
    """Return the part of a string that changes, never cut inside an escape."""
    old = [before[start:end] for _, start, end in units(before, 0, len(before))]
    new = [after[start:end] for _, start, end in units(after, 0, len(after))]
    head, tail = same_ends(old, new)
    start = place[0] + 1 + sum(map(len, old[:head]))
    end = place[1] - 1 - sum(map(len, old[len(old) - tail :]))
    return start, end, "".join(new[head : len(new) - tail])


class JsonString(Struct, frozen=True):
    """A string that is a value: its path, and the indices of its first quote and after its last one."""

    path: Path
    start: int
    end: int


def strings(text: str) -> Iterator[JsonString]:
    """Yield the strings that are values of a JSON text, in order; raises `Unreadable` when it is none."""
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from None
    path: list[str | int] = []
    for match in _TOKEN.finditer(text):
        if match["key"]:
            path[-1] = str(json.loads(match["string"]))
        elif match["string"]:
            yield JsonString(tuple(path[:_DEEPEST]), match.start(), match.end())
        elif match[0] in "[{":
            path.append(0 if match[0] == "[" else "")
        elif match[0] in "]}":
            path.pop()
        else:
            last = path[-1]
            path[-1] = last + 1 if isinstance(last, int) else ""


def units(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yield each character that the string between two quotes stands for, with the indices of how it is written."""
    for match in _UNIT.finditer(text, start + 1, end - 1):
        written = match[0]
        yield (written if written[0] != "\\" else str(json.loads(f'"{written}"'))), match.start(), match.end()


def escaped(text: str, ascii_only: bool) -> str:
    """Return text as it is written between the quotes of a JSON string."""
    return json.dumps(text, ensure_ascii=ascii_only)[1:-1]
