"""How states look: a mark and a word for each, beside the colour."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from modal_wizard.migration.preview import Tally
from modal_wizard.session.decisions import SectionWritten, Status


class State(Struct, frozen=True):
    """A mark, a word, and the style that both are written in."""

    mark: str
    word: str
    style: str

    def __str__(self) -> str:
        return f"{self.mark} {self.word}".strip()


DECISIONS = {
    Status.PENDING: State("○", "undecided", "pending"),
    Status.ACCEPTED: State("✓", "accepted", "accepted"),
    Status.EDITED: State("✎", "edited", "edited"),
    Status.SKIPPED: State("–", "skipped", "skipped"),
}


def section_state(tally: Tally, landings: Iterable[SectionWritten], brief: bool = False) -> State:
    """Return how a section stands, in few words where there is little room."""
    done = list(landings)
    ready = tally.accepted + tally.edited
    if done and not ready and not tally.pending:
        commit = done[-1].commit[:7]
        word = "committed" if commit else "written"
        return State("●", word if brief else f"{word} {commit}".strip(), "landed")
    if ready and not tally.pending:
        return State("◉", "ready" if brief else "ready to commit", "ready")
    if tally.by_hand and not ready and tally.decided == tally.done == tally.total:
        return State("●", "done by hand", "landed")
    if not tally.decided:
        return State("○", "not started", "pending")
    if not tally.pending:
        return State("–", "skipped", "skipped")
    return State("◐", f"{tally.decided} of {tally.total}", "some")


def group_state(statuses: Iterable[Status]) -> State:
    """Return the mark of several findings together: none decided, some, all."""
    seen = list(statuses)
    decided = [status for status in seen if status is not Status.PENDING]
    if not decided:
        return DECISIONS[Status.PENDING]
    if len(decided) < len(seen):
        return State("◐", f"{len(decided):,} of {len(seen):,}", "some")
    only_skipped = all(status is Status.SKIPPED for status in decided)
    return DECISIONS[Status.SKIPPED] if only_skipped else State("✓", "decided", "accepted")
