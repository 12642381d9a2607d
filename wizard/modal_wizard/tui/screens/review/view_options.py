"""How the review is looked at: lines around, whole files, two columns, panes put away, and the way to another place."""

from __future__ import annotations

from modal_transforms.core.model import Finding
from modal_wizard.tui.dialogs.go_to import find
from modal_wizard.tui.screens.review.prefetch import ReviewAhead
from modal_wizard.tui.widgets.diff_view import DiffView


class ReviewLooks(ReviewAhead):
    """What changes the view and decides nothing."""

    def go(self, finding: Finding | None) -> None:
        """Go to a finding."""
        self.findings.go(finding)

    def action_find(self) -> None:
        """Ask where to go, in this section or another."""
        find(self.wizard)

    def action_move(self, lines: int) -> None:
        """Move in the list, also when it is put away."""
        if lines > 0:
            self.findings.action_cursor_down()
        else:
            self.findings.action_cursor_up()

    def action_beside(self) -> None:
        """Old and new in two columns, or below each other."""
        diff = self.query_one(DiffView)
        diff.beside = not diff.beside

    def action_context(self, more: int) -> None:
        """Show more or fewer lines around the change."""
        self._around = max(0, min(200, self._shown_around + more))
        self._whole = False
        self.show_here()

    def action_whole(self) -> None:
        """Show the whole file around the change, or only some lines."""
        self._whole = not self._whole
        self.show_here()

    def action_scroll_diff(self, lines: int) -> None:
        """Scroll the diff from wherever the cursor is."""
        self.query_one(DiffView).scroll_relative(y=lines, animate=False)

    def action_put_away(self, pane: str) -> None:
        """Put a pane away, or bring it back."""
        self.toggle_class(f"-no-{pane}")
        if self.has_class("-no-tree"):
            self.set_focus(None)
        elif self.focused is None:
            self.findings.focus()
