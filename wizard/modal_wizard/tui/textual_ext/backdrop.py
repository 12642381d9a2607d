"""The screen below a dialog, dimmed: each look is worked out once, not for every word on that screen.

Private: ``textual.renderables.background_screen``, which is not documented. Buys: 5 ms of every dialog that opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from rich.console import RenderableType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.renderables.background_screen import BackgroundScreen

_SOME = 4096


class Dimmed(BackgroundScreen):
    """What is seen of a screen below a dialog."""

    @classmethod
    def process_segments(cls, segments: Iterable[Segment], color: Color) -> Iterator[Segment]:
        """Yield segments as they look below a dialog."""
        for segment in segments:
            yield segment if segment.control else Segment(segment.text, _dimmed(segment.style, color))


def dimmed(shown: RenderableType) -> RenderableType:
    """Return what a dialog shows behind itself, to be drawn more quickly where that is another screen."""
    return Dimmed(shown.screen, shown.color) if type(shown) is BackgroundScreen else shown


@lru_cache(_SOME)
def _dimmed(style: Style | None, color: Color) -> Style | None:
    (looks,) = BackgroundScreen.process_segments([Segment("", style)], color)
    return looks.style
