"""The code around a finding that changes nothing: shown in place of a diff."""

from __future__ import annotations

from collections.abc import Iterable

from modal_transforms.core.model import Finding
from modal_wizard.migration.migration import Migration
from modal_wizard.text.diff import Hunk, Mark, Row, around, split_lines

MOST = 8


def surroundings(migration: Migration, finding: Finding, context: int, made: Iterable[Hunk] = ()) -> list[Hunk]:
    """Return the places of a finding with ``context`` lines around them; lines near two of them are there once.

    ``made`` are whole files as other changes would make them, where there are some.
    """
    known = {hunk.path: list(hunk.rows) for hunk in made}
    places = {
        site.path: [line for one in finding.sites[:MOST] if one.path == site.path for line in one.text_lines]
        for site in finding.sites[:MOST]
    }
    found: list[Hunk] = []
    for path, lines in places.items():
        all_rows = known.get(path) or _as_it_is(migration, path)
        wanted = [at for at, row in enumerate(all_rows) if row.old in set(lines)]
        found += around(path, all_rows, wanted, context)
    return found


def spots(finding: Finding) -> frozenset[tuple[str, int]]:
    """Return the lines that a finding is about: path, and line from 1."""
    return frozenset((site.path, line) for site in finding.sites for line in site.text_lines)


def _as_it_is(migration: Migration, path: str) -> list[Row]:
    lines = split_lines(migration.source(path).text)
    return [Row(Mark.SAME, number, number, line) for number, line in enumerate(lines, start=1)]
