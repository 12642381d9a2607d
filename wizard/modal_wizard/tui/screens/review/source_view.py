"""The code that a finding is about, shown where its change is not, or not yet."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from modal_transforms.core.model import Finding
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.migration.migration import Migration
from modal_wizard.review.context import spots, surroundings
from modal_wizard.text.diff import Hunk
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.widgets.diff_view import DiffView


def show_place(diff: DiffView, migration: Migration, finding: Finding, context: int, made: Sequence[Hunk] = ()) -> None:
    """Show the code that a finding is about, or why it cannot be shown.

    ``made`` are its files as what else is accepted would make them.
    """
    try:
        places = surroundings(migration, finding, context, made)
    except CannotRewrite as error:
        diff.say(Content.styled(visible(str(error)), ".warning"))
    else:
        diff.show(places, len(finding.paths) > 1, spots(finding))
