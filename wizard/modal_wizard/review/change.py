"""How the change of one finding looks in its files, among the other changes there that are accepted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from modal_transforms.core.model import Finding
from modal_transforms.rewrite.rewrite import CannotRewrite, Rewritten
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.rewrites import with_blanks
from modal_wizard.review.moves import Moves, moves
from modal_wizard.session.decisions import Decision, Status
from modal_wizard.text.diff import Hunk, Mark, Row, rows
from modal_wizard.text.word_diff import Range, changed_words

TAKEN = frozenset({Status.ACCEPTED, Status.EDITED})
MOST = 60
"""Of more accepted changes in the files of a finding, only those near it are looked at."""
KEPT = 32
"""So many rewritten states are kept."""
NEAR = 30
"""Lines within which a change is near."""

Beside: TypeAlias = tuple[tuple[str, Decision], ...]
"""Other findings whose change is accepted, by identity, each with its decision."""
_Pair: TypeAlias = tuple[Finding, Decision]
_Words: TypeAlias = dict[int, tuple[Range, ...]]


def beside(migration: Migration, finding: Finding) -> Beside:
    """Return the other accepted changes in the files of a finding."""
    found, decided = migration.found, migration.session.latest
    others: dict[str, Decision] = {}
    for path in finding.paths:
        for other in found.touching(path):
            made = decided.get(other.id)
            if made is not None and made.status in TAKEN and other.id != finding.id:
                others[other.id] = made
    if len(others) > MOST:
        near = {other.id for other in migration.known(others) if _is_near(migration, finding, other)}
        others = {key: made for key, made in others.items() if key in near}
    return tuple(others.items())


def _is_near(migration: Migration, finding: Finding, other: Finding) -> bool:
    return any(
        abs(site.text_lines[0] - place.text_lines[0]) <= NEAR
        for site in finding.sites
        for place in other.sites
        if site.path == place.path
    )


class Rewrites:
    """Files as decisions make them; the latest are kept, as one change is looked at among others again and again."""

    def __init__(self, migration: Migration) -> None:
        self._migration = migration
        self._scan: object = None
        self._made: dict[object, dict[str, Rewritten]] = {}

    def has(self, finding: Finding, decision: Decision) -> bool:
        """Tell whether the files of one decision by itself were made."""
        made = (((finding.id, with_blanks(finding, decision)),), None)
        return self._scan is self._migration.scanned and made in self._made

    def files(self, pairs: Sequence[_Pair], only: Sequence[str] | None = None) -> dict[str, Rewritten]:
        """Return the files that decisions change, or some of them; raises `CannotRewrite`."""
        if self._scan is not self._migration.scanned:
            self._scan, self._made = self._migration.scanned, {}
        decided = tuple((finding.id, decision) for finding, decision in pairs)
        key, whole = (decided, only and tuple(only)), self._made.get((decided, None))
        if key not in self._made and only and whole is not None:
            return {path: whole[path] for path in only if path in whole}
        if key not in self._made:
            made = self._migration.rewritten_files(pairs, only)
            self._made[key] = made
            if len(self._made) > KEPT:
                del self._made[next(iter(self._made))]
        return self._made[key]


def change_of(
    migration: Migration, finding: Finding, decision: Decision, others: Beside, rewrites: Rewrites | None = None
) -> list[Hunk]:
    """Return the files of a finding, each as one hunk of all its lines, as a decision and ``others`` would make them.

    Rows of the others are marked as such. Raises `CannotRewrite`; what collides with the others is shown alone.
    """
    pair = finding, with_blanks(finding, decision)
    known = rewrites or Rewrites(migration)
    own = known.files([pair]) if decision.status in TAKEN else {}
    moved = moves(migration, finding, decision)
    paths = [*own] or [*dict.fromkeys(site.path for site in finding.sites)]
    decided = dict(others)
    several = [(other, decided[other.id]) for other in migration.known(decided)]
    without, together = _among(known, several, pair, own)
    return [
        Hunk(path, tuple(_marked(path, own.get(path), without.get(path), together[path], moved)))
        for path in paths
        if path in together
    ]


def _among(
    known: Rewrites, others: Sequence[_Pair], pair: _Pair, own: dict[str, Rewritten]
) -> tuple[dict[str, Rewritten], dict[str, Rewritten]]:
    """Return files as other decisions make them, and as one more does; that one alone where they collide."""
    if not others:
        return {}, own
    paths = [*own] or [*dict.fromkeys(site.path for site in pair[0].sites)]
    try:
        without = known.files(others, paths)
        return without, known.files([*others, pair], paths) if own else without
    except CannotRewrite:
        return {}, own


def _marked(path: str, own: Rewritten | None, without: Rewritten | None, whole: Rewritten, moved: Moves) -> list[Row]:
    """Return every row of a file, those of other changes and those that only change their place marked."""
    made = rows(whole.before.text, whole.after.text)
    if without is not None:
        made = _parted(made, own, without, whole)
    if not moved.all:
        return made
    return [replace(row, moved=True) if not row.other and moved.has(path, row) else row for row in made]


def _parted(made: list[Row], own: Rewritten | None, without: Rewritten, whole: Rewritten) -> list[Row]:
    """Tell the rows of one change from those of the others."""
    alone = rows(own.before.text, own.after.text) if own is not None else []
    others = rows(without.before.text, without.after.text)
    added = rows(without.after.text, whole.after.text)
    gone = {row.old for row in others if row.mark is Mark.OLD} - {row.old for row in alone if row.mark is Mark.OLD}
    ours = {row.new for row in added if row.mark is Mark.NEW}
    old_words, new_words = _words(alone, Mark.OLD), _words(added, Mark.NEW)
    parted: list[Row] = []
    for row in made:
        if row.mark is Mark.OLD:
            other, words = row.old in gone, old_words.get(row.old)
        elif row.mark is Mark.NEW:
            other, words = row.new not in ours, new_words.get(row.new)
        else:
            parted.append(row)
            continue
        parted.append(replace(row, other=other, words=None if other else words))
    return parted


def _words(made: Sequence[Row], mark: Mark) -> _Words:
    """Return the changed words of the old or the new lines of a diff, by the number of the line."""
    found = changed_words(made)
    lines = ((made[at], ranges) for at, ranges in found.items() if made[at].mark is mark)
    return {row.old if mark is Mark.OLD else row.new: tuple(ranges) for row, ranges in lines}


def shown_decision(migration: Migration, finding: Finding, choice: str) -> Decision:
    """Return the decision whose change is looked at with a choice: the one made of it, else to accept it."""
    decision = migration.decision(finding)
    if (decision.status is Status.EDITED and not choice) or (
        decision.status is Status.ACCEPTED and decision.choice == choice
    ):
        return decision
    return Decision(Status.ACCEPTED, choice) if choice else Decision()


def as_patch(hunks: Iterable[Hunk]) -> str:
    """Return hunks in the unified format, as ``git apply`` takes them."""
    lines: list[str] = []
    path = None
    for hunk in hunks:
        if hunk.path != path:
            path = hunk.path
            lines += [f"--- a/{path}", f"+++ b/{path}"]
        lines += [hunk.header, *(row.mark.value + row.text for row in hunk.rows)]
    return "\n".join(lines) + "\n" if lines else ""
