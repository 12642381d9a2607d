"""The rows of the list of findings: a file with how much of it is decided, and a finding with its mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from modal_wizard.session.decisions import Status
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.widgets.file_group import FileGroup, name_of
from modal_wizard.tui.widgets.fit import shortened
from modal_wizard.tui.widgets.status_marks import DECISIONS, group_state


class RowLooks(Protocol):
    """How names look."""

    def __call__(self, *names: str, partial: bool = False) -> Style:
        """Return a style; alone, without what is below it, where it is ``partial``."""


def file_row(
    group: FileGroup, statuses: Sequence[Status], width: int, style: Style, looks: RowLooks, *, is_dirty: bool = False
) -> list[Segment]:
    """Return a file's own line; ``is_dirty`` where it holds uncommitted changes of the person's."""
    state, decided = group_state(statuses), sum(status is not Status.PENDING for status in statuses)
    count = f"{' ± yours' if is_dirty else ''} {state.mark} {decided}/{len(statuses)}"
    indent = "  " * group.depth
    path = shortened(visible(group.name, "␉"), width - 2 - len(count) - len(indent))
    fold = "▾" if group.expanded else "▸"
    return [Segment(f"{indent}{fold} {path}", style), Segment(count, style + looks(state.style, partial=True))]


def folder_row(line: str, width: int, looks: RowLooks) -> list[Segment]:
    """Return the line of a folder that the files below it are in."""
    indent = len(line) - len(line.lstrip(" "))
    name = shortened(visible(line[indent:], "␉"), width - indent)
    return [Segment(f"{line[:indent]}{name}", looks("dim", partial=True))]


PROPOSED = "?"
"""The mark of an undecided finding for which a decision is proposed."""


def finding_row(
    group: FileGroup, number: int, status: Status, proposed: bool, width: int, style: Style, looks: RowLooks
) -> list[Segment]:
    """Return the line of one of a file's findings."""
    state = DECISIONS[status]
    mark = PROPOSED if proposed else state.mark
    name, room = name_of(group.findings[number]), max(8, width - 5 - 2 * group.depth)
    name = name if cell_len(name) <= room else set_cell_size(name, room - 1) + "…"
    branch = "  " * group.depth + ("└ " if number == len(group.findings) - 1 else "├ ")
    return [
        Segment(branch, looks("tree--guides", partial=True)),
        Segment(f"{mark} ", style + looks("some" if proposed else state.style, partial=True)),
        Segment(set_cell_size(name, room), style),
    ]
