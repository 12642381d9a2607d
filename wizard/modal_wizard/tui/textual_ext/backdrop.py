"""The screen below a dialog, dimmed: its lines as they were drawn, each look dimmed once."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color
from textual.css.styles import RulesMap
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import Screen
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from modal_wizard.tui.textual_ext.frame_timing import ReadyScreen


class Dimmed(Visual):
    """What Textual shows below a dialog, without working out every line anew for every frame."""

    def __init__(self, below: ReadyScreen[object], color: Color) -> None:
        self._below, self._color = below, color
        self._lines: list[Strip] = []
        self._state: object = None
        """What the lines were drawn of."""

    def of(self, below: Screen[object], color: Color) -> bool:
        """Tell whether this dims a screen with a colour."""
        return (self._below, self._color) == (below, color)

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Render all lines, as the protocol of visuals asks; drawn anew only when the screen below was."""
        color, base, below = self._color, style.rich_style, self._below
        state = below.drawn, below.size, base
        if state != self._state:
            self._state = state
            self._lines = [
                Strip([Segment(text, _dimmed(look, color, base)) for text, look, _ in strip], strip.cell_length)
                for strip in below._compositor.render_strips()
            ]
        return list(self._lines)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Take all the width there is."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Take all the height there is."""
        return self._below.size.height


@lru_cache(2_000)
def _dimmed(look: RichStyle | None, color: Color, base: RichStyle) -> RichStyle:
    return base + next(iter(BackgroundScreen.process_segments([Segment(" ", look)], color))).style
