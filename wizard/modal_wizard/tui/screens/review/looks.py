"""How the person looks at changes in the review, and keeps looking at them in the next run."""

from __future__ import annotations

from modal_wizard.tui.base import WizardScreen
from modal_wizard.tui.screens.review.change_pane import ChangePane


class WaysOfLooking:
    """Side by side or not, lines around, panes that are put away."""

    def __init__(self, screen: WizardScreen, pane: ChangePane) -> None:
        self._screen, self._pane = screen, pane

    def as_before(self) -> None:
        """Look as the person did last."""
        view = self._screen.wizard.view
        self._pane.diff.beside = view.side_by_side
        self._screen.set_class(not view.list, "-no-tree")
        self._screen.set_class(not view.reasons, "-no-why")

    def turn(self) -> None:
        """Put old and new in two columns, or below each other."""
        diff = self._pane.diff
        diff.beside = not diff.beside
        self._screen.wizard.keep_view(side_by_side=diff.beside)

    def more_lines(self, more: int) -> None:
        """Show more or fewer lines around the change."""
        self._screen.wizard.keep_view(context=self._pane.more_lines(more))
        self._screen.draw_soon()

    def put_away(self, pane: str) -> None:
        """Put the list (``tree``) or the reasons (``why``) away, or back."""
        self._screen.toggle_class(f"-no-{pane}")
        shown = not self._screen.has_class(f"-no-{pane}")
        self._screen.wizard.keep_view(**{"list" if pane == "tree" else "reasons": shown})
