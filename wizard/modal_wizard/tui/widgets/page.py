"""A text to be read, which keys scroll from wherever the cursor is."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.screen import Screen

from modal_wizard.tui.widgets.bindings import bound

SCROLLING = (
    bound("scroll-down", "app.scroll_page(3)", "Scroll down", words="scroll", display="J/K"),
    bound("scroll-up", "app.scroll_page(-3)", "Scroll up", show=False),
)
"""The keys of a screen with a text on it."""
STEPS = (
    *SCROLLING,
    bound("down", "app.scroll_page(1)", "Scroll down", show=False),
    bound("up", "app.scroll_page(-1)", "Scroll up", show=False),
)
"""The keys of a screen on which nothing but the text moves."""


class Page(VerticalScroll):
    """A text of any length; where it finds no room, the screen offers the keys that scroll it."""

    def watch_show_vertical_scrollbar(self) -> None:
        """Have the keys offered that work now."""
        self.screen.refresh_bindings()


def page_of(screen: Screen[object]) -> Page | None:
    """Return the text of a screen of which some is out of sight; ``None`` where all of it is seen."""
    return next((page for page in screen.query(Page) if page.show_vertical_scrollbar and page.size.height), None)
