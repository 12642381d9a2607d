"""The code around a finding that changes nothing: shown in place of a diff."""

from __future__ import annotations

from modal_transforms.core.model import Finding, Site
from modal_wizard.migration.migration import Migration
from modal_wizard.text.diff import Hunk, Mark, Row, split_lines

MOST = 8


def surroundings(migration: Migration, finding: Finding, context: int) -> list[Hunk]:
    """Return a hunk for each place of a finding, with ``context`` lines around it."""
    return [_around(migration, site, context) for site in finding.sites[:MOST]]


def spots(finding: Finding) -> frozenset[tuple[str, int]]:
    """Return the lines that a finding is about: path, and line from 1."""
    return frozenset((site.path, line) for site in finding.sites for line in site.text_lines)


def _around(migration: Migration, site: Site, context: int) -> Hunk:
    lines = split_lines(migration.source(site.path).text)
    first, last = max(1, site.text_lines[0] - context), min(len(lines), site.text_lines[-1] + context)
    numbers = range(first, last + 1)
    return Hunk(site.path, tuple(Row(Mark.SAME, number, number, lines[number - 1]) for number in numbers))
