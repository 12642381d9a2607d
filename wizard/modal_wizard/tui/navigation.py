"""Which screen follows which: the only module that knows the screens by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from textual.app import App

from modal_wizard.tui.screens.overview import Overview

if TYPE_CHECKING:
    from modal_transforms.core.model import Finding, Section
    from modal_wizard.review.search import Hit


def first_screen() -> Overview:
    """Return the screen to begin with; what is found fills it."""
    return Overview(classes="-empty")


class Navigator:
    """The ways between the screens of an application; screens are loaded when they are asked for."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app

    @property
    def overview(self) -> Overview:
        """The first screen, whatever is above it."""
        return cast(Overview, self._app.screen_stack[0])

    def open_review(self, section: Section, at: Finding | None = None, broken: bool = False) -> None:
        """Review a section, beginning at a finding or the first undecided one; or only what is ``broken`` now."""
        from modal_wizard.tui.screens.review.screen import Review

        self._app.push_screen(Review(section, at, broken))

    def next_review(self, section: Section, broken: bool = False) -> None:
        """Review a section in place of the screen that is shown; or only what of it is ``broken`` now."""
        from modal_wizard.tui.screens.review.screen import Review

        self._app.switch_screen(Review(section, broken=broken))

    def open_commit(self, section: Section) -> None:
        """Show what would be committed."""
        from modal_wizard.tui.screens.commit.screen import Commit

        self._app.push_screen(Commit(section))

    def open_commit_all(self) -> None:
        """List the finished sections, to be committed one after another, above the overview."""
        from modal_wizard.tui.screens.commit.all import CommitAll

        self.to_overview()
        self._app.push_screen(CommitAll())

    def open_summary(self) -> None:
        """Show what was done and what was left."""
        from modal_wizard.tui.screens.summary import Summary

        self._app.push_screen(Summary())

    def open_preview(self) -> None:
        """Show everything that is accepted and not written yet, file by file."""
        from modal_wizard.tui.screens.accepted import Accepted

        self._app.push_screen(Accepted())

    def open_look_alikes(self) -> None:
        """List what only reads like old code."""
        from modal_wizard.tui.screens.look_alikes import LeftAlone

        self._app.push_screen(LeftAlone())

    def open_verify(self) -> None:
        """Offer to import what uses Modal under the real SDK."""
        from modal_wizard.tui.screens.verify import Verify

        self._app.push_screen(Verify())

    def find(self) -> None:
        """Ask where to go, and go there."""
        from modal_wizard.tui.dialogs.go_to import Finder

        self._app.push_screen(Finder(), lambda hit: self.go_to(hit) if hit is not None else None)

    def go_to(self, hit: Hit) -> None:
        """Go to a section, a file or a finding; in the review of that section where it is shown."""
        from modal_wizard.tui.screens.review.screen import Review

        screen = self._app.screen
        if isinstance(screen, Review) and screen.section == hit.section:
            screen.go(hit.finding)
        else:
            self.to_overview()
            self.open_review(hit.section, hit.finding)

    def to_overview(self, onward: bool = False) -> None:
        """Close every screen above the overview; ``onward`` moves its cursor to what needs something next."""
        while len(self._app.screen_stack) > 1 and not isinstance(self._app.screen, Overview):
            self._app.pop_screen()
        if onward and isinstance(self._app.screen, Overview):
            self._app.screen.advance()
