"""The code that a finding is about, shown where its change is not, or not yet."""

from __future__ import annotations

from textual.content import Content

from modal_transforms.model import Finding
from modal_transforms.rewriting import CannotRewrite
from modal_wizard.display import visible
from modal_wizard.migration import Migration
from modal_wizard.surroundings import spots, surroundings
from modal_wizard.widgets.diff_view import DiffView


def show_place(diff: DiffView, migration: Migration, finding: Finding, context: int) -> None:
    """Show the code that a finding is about, unchanged; or why it cannot be shown."""
    try:
        places = surroundings(migration, finding, context)
    except CannotRewrite as error:
        diff.say(Content.styled(visible(str(error)), ".warning"))
    else:
        diff.show(places, len(finding.paths) > 1, spots(finding))
