"""Lines of code as coloured text: highlighted as a whole, shown line by line, inert."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from modal_wizard.text.sanitize import visible

TAB = "→   "


def inert(line: str) -> str:
    """Return a line of code as it is shown: tabs as arrows, control characters as glyphs."""
    return visible(line, tab=TAB)


def highlighted(lines: Sequence[str], path: str = "a.py") -> list[Content]:
    """Return lines of a file with their syntax coloured, each as its own text.

    Blank lines at both ends are left to us: the highlighter drops them.
    """
    shown = [inert(line) for line in lines]
    if not path.endswith((".py", ".pyi")):
        return [Content(line) for line in shown]
    from textual.highlight import highlight

    filled = [number for number, line in enumerate(shown) if line.strip()]
    first, end = (filled[0], filled[-1] + 1) if filled else (0, 0)
    coloured = highlight("\n".join(shown[first:end]), language="python", tab_size=1)
    made = coloured.split("\n", allow_blank=True)[: end - first]
    if [line.plain for line in made] != shown[first:end]:
        return [Content(line) for line in shown]
    return [*map(Content, shown[:first]), *made, *map(Content, shown[end:])]


def shown_range(line: str, start: int, end: int) -> tuple[int, int]:
    """Return where a range of a line's characters lies in the line as it is shown."""
    return len(inert(line[:start])), len(inert(line[:end]))


def folded(line: Content, width: int) -> list[Content]:
    """Return a line cut into pieces of at most ``width`` cells; nothing of it is lost."""
    cuts: list[int] = []
    taken = 0
    for index, char in enumerate(line.plain):
        cells = cell_len(char)
        if taken + cells > width:
            cuts.append(index)
            taken = 0
        taken += cells
    return line.divide(cuts) if cuts else [line]
