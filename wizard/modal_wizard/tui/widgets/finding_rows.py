"""The rows of the list of findings: a file with how much of it is decided, and a finding with its mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from modal_wizard.session.log import Status
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.widgets.file_group import FileGroup, name_of
from modal_wizard.tui.widgets.fit import shortened
from modal_wizard.tui.widgets.status_marks import DECISIONS, group_state


class Looks(Protocol):
    """How names look."""

    def __call__(self, *names: str, partial: bool = False) -> Style:
        """Return a style; alone, without what is below it, where it is ``partial``."""


def file_row(group: FileGroup, statuses: Sequence[Status], width: int, style: Style, looks: Looks) -> list[Segment]:
    """Return a file's own line."""
    state, decided = group_state(statuses), sum(status is not Status.PENDING for status in statuses)
    count = f" {state.mark} {decided}/{len(statuses)}"
    path = shortened(visible(group.path, "␉"), width - 2 - len(count))
    fold = "▾" if group.expanded else "▸"
    return [Segment(f"{fold} {path}", style), Segment(count, style + looks(state.style, partial=True))]


PROPOSED = "?"
"""The mark of an undecided finding for which a decision is proposed."""


def finding_row(
    group: FileGroup, number: int, status: Status, proposed: bool, width: int, style: Style, looks: Looks
) -> list[Segment]:
    """Return the line of one of a file's findings."""
    state = DECISIONS[status]
    mark = PROPOSED if proposed else state.mark
    name, room = name_of(group.findings[number]), max(8, width - 5)
    name = name if cell_len(name) <= room else set_cell_size(name, room - 1) + "…"
    branch = "└ " if number == len(group.findings) - 1 else "├ "
    return [
        Segment(branch, looks("tree--guides", partial=True)),
        Segment(f"{mark} ", style + looks("some" if proposed else state.style, partial=True)),
        Segment(set_cell_size(name, room), style),
    ]
