"""When a screen is drawn: soon after what changed it, and all that belongs together in one frame.

Private: ``Screen._update_timer``, ``_on_timer_update``, ``_compositor``, ``_compositor_refresh``, ``_dirty_widgets``;
``Widget._layout_required``, ``_check_refresh``, ``_repaint_regions``; ``App._batch_count``, ``_background_screens``.
Buys: a key is answered within 4 ms instead of two frames of Textual's (33 ms), no frame shows some of a screen old and
some new, a screen is not drawn empty before it is drawn, and one below a dialog is drawn once, not again and again.
"""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import constants
from textual.css.styles import RenderStyles
from textual.screen import Screen
from textual.timer import Timer

from modal_wizard.tui.textual_ext.component_styles import find_styles

T = TypeVar("T")

USUAL = 60
"""Frames a second that Textual draws when nobody asks for fewer."""
SOONEST = 1 / 250 if constants.MAX_FPS >= USUAL else 1 / constants.MAX_FPS
"""Seconds between two frames at least. Textual rests twice its usual time after a frame, which a key would wait for."""


class ReadyScreen(Screen[T]):
    """A screen that gets ready right before it is drawn, so that no frame shows some of it old and some new."""

    _frames: Timer | None = None
    _due = False
    _was_ready = False
    """Whether it was brought up to date since its widgets have a size."""

    WAITS: ClassVar[bool] = False
    """Whether it is not drawn before that: what it would show is empty, and takes as long."""
    STYLES_ON_DEMAND: ClassVar[frozenset[str]] = frozenset()
    """Names that texts are styled with, beside the component classes: each is looked up when it is first drawn."""

    @property
    def is_due(self) -> bool:
        """Whether a frame was asked for and not drawn yet."""
        return self._due

    def get_ready(self) -> None:
        """Bring what is shown up to date; called before each frame."""

    def was_drawn(self) -> None:
        """Go on with what waited for the frame; called after each."""

    def get_component_styles(self, *names: str) -> RenderStyles:
        """Return how a name looks."""
        find_styles(self, self.STYLES_ON_DEMAND.intersection(names))
        return super().get_component_styles(*names)

    def draw_soon(self) -> None:
        """Ask for a frame, also when nothing is to be drawn but what `get_ready` changes."""
        self._due = True
        self._update_timer.resume()

    @property
    def _update_timer(self) -> Timer:
        if self._frames is None:
            self._frames = self.set_interval(SOONEST, self._on_timer_update, name="screen_update", pause=True)
        return self._frames

    def _on_timer_update(self) -> None:
        if self.is_current and not self.app._batch_count:
            self._due = False
            self.get_ready()
            self._was_ready = self._was_ready or bool(self._compositor.size)
            if self._has_moved():
                self._update_timer.pause()
                return
        super()._on_timer_update()
        if self._was_ready or not self.WAITS:
            self.was_drawn()

    def _has_moved(self) -> bool:
        """Take in at once what has to be drawn; tell whether something wants another size, and a layout comes first."""
        seen = [widget for widget in self._compositor.visible_widgets if widget is not self]
        moved = [widget for widget in seen if widget._layout_required]
        for widget in moved:
            widget._check_refresh()
        if not moved:
            self._dirty_widgets.update(widget for widget in seen if widget._repaint_regions)
        return bool(moved)

    def _compositor_refresh(self) -> None:
        """Draw what changed; below a dialog, have the dialog's screen draw it, once (Textual would go on and on)."""
        dirty = self._compositor._dirty_regions
        if self.WAITS and not self._was_ready:
            self.draw_soon()
        elif self.app.is_inline or self not in self.app._background_screens:
            super()._compositor_refresh()
        elif dirty:
            self.app.screen.refresh(*dirty)
            dirty.clear()
            self._dirty_widgets.clear()
