"""The code around a finding that changes nothing: what there is to look at when there is nothing to apply."""

from __future__ import annotations

from textual.content import Content

from modal_transforms.model import Finding, Site
from modal_transforms.rewriting import CannotRewrite
from modal_wizard.diff import Hunk, Mark, Row, split_lines
from modal_wizard.display import visible
from modal_wizard.migration import Migration
from modal_wizard.widgets.diff_view import DiffView

MOST = 8


def show_place(diff: DiffView, migration: Migration, finding: Finding, context: int) -> None:
    """Show the code that a finding is about, unchanged; or why it cannot be shown."""
    try:
        places = surroundings(migration, finding, context)
    except CannotRewrite as error:
        diff.say(Content.styled(visible(str(error)), ".warning"))
    else:
        diff.show(places, len(finding.paths) > 1, spots(finding))


def surroundings(migration: Migration, finding: Finding, context: int) -> list[Hunk]:
    """Return the places of a finding with the lines around them."""
    return [_around(migration, site, context) for site in finding.sites[:MOST]]


def spots(finding: Finding) -> frozenset[tuple[str, int]]:
    """Return the lines that a finding is about."""
    return frozenset((site.path, line) for site in finding.sites for line in site.text_lines)


def _around(migration: Migration, site: Site, context: int) -> Hunk:
    lines = split_lines(migration.source(site.path).text)
    first, last = max(1, site.text_lines[0] - context), min(len(lines), site.text_lines[-1] + context)
    numbers = range(first, last + 1)
    return Hunk(site.path, tuple(Row(Mark.SAME, number, number, lines[number - 1]) for number in numbers))
