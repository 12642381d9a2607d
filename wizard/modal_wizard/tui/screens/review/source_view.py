"""The code that a finding is about, shown where its change is not, or not yet."""

from __future__ import annotations

from textual.content import Content

from modal_transforms.core.model import Finding
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.migration.migration import Migration
from modal_wizard.review.context import spots, surroundings
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.widgets.diff_view import DiffView


def show_place(diff: DiffView, migration: Migration, finding: Finding, context: int) -> None:
    """Show the code that a finding is about, unchanged; or why it cannot be shown."""
    try:
        places = surroundings(migration, finding, context)
    except CannotRewrite as error:
        diff.say(Content.styled(visible(str(error)), ".warning"))
    else:
        diff.show(places, len(finding.paths) > 1, spots(finding))
