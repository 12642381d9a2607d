"""Everything that is accepted and not written yet: the files as they would be."""

from __future__ import annotations

from itertools import starmap

from msgspec import Struct

from modal_wizard.migration.migration import Migration
from modal_wizard.migration.preview import NotApplicable
from modal_wizard.session.decisions import Status
from modal_wizard.text.diff import Mark, Row, rows


class FileToBe(Struct, frozen=True):
    """A file with all that is accepted of it."""

    path: str
    rows: tuple[Row, ...]
    """Every line of it, old and new, the unchanged ones included."""
    findings: int
    """How many accepted findings change it."""

    def count(self, mark: Mark) -> int:
        """Return how many lines come or go."""
        return sum(row.mark is mark for row in self.rows)


class AllAccepted(Struct, frozen=True):
    """All files that would be written, by path, and what stays out because it collides."""

    findings: int
    files: tuple[FileToBe, ...]
    refused: tuple[NotApplicable, ...]


def everything_accepted(migration: Migration) -> AllAccepted:
    """Work out what writing all that is accepted would do."""
    decided = migration.session.latest.items()
    taken = migration.known(key for key, made in decided if made.status in {Status.ACCEPTED, Status.EDITED})
    pairs = [(finding, migration.decision(finding)) for finding in taken]
    possible, refused = migration.possible(pairs)
    kept = {finding.id for finding in possible}
    files = migration.rewritten_files([pair for pair in pairs if pair[0].id in kept])
    made = tuple(
        FileToBe(
            path, tuple(rows(result.before.text, result.after.text)), sum(path in finding.paths for finding in taken)
        )
        for path, result in sorted(files.items())
        if result.patches
    )
    return AllAccepted(len(taken) - len(refused), made, tuple(starmap(NotApplicable, refused)))
