"""Lines that were drawn before are not drawn again: kept with their borders, colours and cuts, whatever moved them.

Private: ``Widget._styles_cache``, ``StylesCache``. Buys: what scrolls by a row, or comes back, is not drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from textual._styles_cache import StylesCache
from textual.color import Color
from textual.css.styles import StylesBase
from textual.geometry import Size, Spacing
from textual.strip import Strip
from textual.widget import Widget

MOST = 1_000
"""So many lines are kept at most."""


def keep_lines(widget: Widget) -> None:
    """Have a widget keep the lines that it drew."""
    widget._styles_cache = KeptLines()


class KeptLines(StylesCache):
    """Textual's own cache of a widget's lines goes by their place; this one by what they say."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[Hashable, Strip] = {}

    def render_line(
        self,
        styles: StylesBase,
        y: int,
        size: Size,
        content_size: Size,
        padding: Spacing,
        base_background: Color,
        background: Color,
        render_content_line: Callable[[int], Strip],
        *more: Any,
    ) -> Strip:
        """Return a line with padding and borders; those at the top and at the foot are drawn each time."""
        top, _, bottom, _ = styles.gutter
        if not top <= y < size.height - bottom or y - top >= content_size.height:
            return super().render_line(
                styles, y, size, content_size, padding, base_background, background, render_content_line, *more
            )
        content = render_content_line(y - top)
        around = size.width, content_size.width, padding, base_background, background, styles.border, more[2:]
        key = (*content, *around)
        if key not in self._kept:
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[key] = super().render_line(
                styles, y, size, content_size, padding, base_background, background, lambda _: content, *more
            )
        return self._kept[key]
