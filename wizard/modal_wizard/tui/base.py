"""What all screens of the wizard share: typed access to the app, and the styles of marks and states."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar, cast

from textual.app import RenderResult
from textual.css.styles import RenderStyles
from textual.dom import DOMNode
from textual.geometry import Size
from textual.message import Message
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen

from modal_wizard.tui.textual_ext.backdrop import Dimmed
from modal_wizard.tui.textual_ext.frame_timing import ReadyScreen

if TYPE_CHECKING:
    from modal_wizard.tui.app import WizardApp

T = TypeVar("T")

STYLES = {
    "label",
    "dim",
    "strong",
    "here",
    "key",
    "key-description",
    "safe",
    "review",
    "manual",
    "safe-badge",
    "review-badge",
    "manual-badge",
    "pending",
    "some",
    "ready",
    "accepted",
    "edited",
    "skipped",
    "landed",
    "warning",
    "hint",
    "bar",
    "bar-rest",
    "diff-old",
    "diff-new",
    "diff-same",
    "diff-here",
    "diff-old-word",
    "diff-new-word",
    "diff-old-number",
    "diff-new-number",
    "diff-number",
    "diff-header",
    "diff-file",
}
"""Names that text may be styled with; ``app.tcss`` says how each looks."""


WIDE, LOW, HIGH = 100, 16, 30
"""Sizes from which on a screen is laid out in another way."""


class ScanMoved(Message):
    """The scan has looked at more files, or at all of them."""

    def __init__(self, done: int, total: int, over: bool = False) -> None:
        super().__init__()
        self.done, self.total, self.over = done, total, over


def classes_for(size: Size) -> str:
    """Return the classes that the breakpoints give a screen of a size, so that its first frame is styled once."""
    width = "-wide" if size.width >= WIDE else "-narrow"
    return f"{width} {'-high' if size.height >= HIGH else '-low' if size.height >= LOW else '-tiny'}"


def _look_up(screen: DOMNode, names: Iterable[str]) -> None:
    """Find the styles of names that the screen does not know yet; a restyled screen has forgotten them."""
    for name in names:
        if name in STYLES and name not in screen._component_styles:
            node = DOMNode(classes=name)
            node._attach(screen)
            screen.app.stylesheet.apply(node, animate=False)
            screen._component_styles[name] = node.styles


class WizardScreen(ReadyScreen[None]):
    """A screen of the wizard; ``show`` brings it up to date with the migration."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (LOW, "-low"), (HIGH, "-high")]

    steps_back = True
    """Whether decisions may be undone while this screen is seen."""

    busy = False
    """Whether something is being written, which leaving would cut short."""

    def get_component_styles(self, *names: str) -> RenderStyles:
        """Return how a name looks; worked out when it is asked for, not with every change of the screen."""
        _look_up(self, names)
        return super().get_component_styles(*names)

    @property
    def wizard(self) -> WizardApp:
        """The app, by its own type."""
        return cast("WizardApp", self.app)

    def show(self) -> None:
        """Bring everything on the screen up to date; called after decisions, scans and commits."""

    def heard(self) -> None:
        """A person did something; called before it is answered."""

    def offer_keys(self) -> None:
        """Have the keys shown that work now."""
        self.refresh_bindings()

    def on_screen_resume(self) -> None:
        """Come back up to date."""
        self.show()
        self.refresh_bindings()


class WizardDialog(ModalScreen[T], ReadyScreen[T]):
    """A small screen over another one, dismissed with its answer."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (LOW, "-low"), (HIGH, "-high")]

    _below: Dimmed | None = None

    def render(self) -> RenderResult:  # type: ignore[override]  # as all other widgets may
        """Show the screen below, dimmed."""
        shown = super().render()
        if not isinstance(shown, BackgroundScreen) or not isinstance(shown.screen, ReadyScreen):
            return shown
        if self._below is None or not self._below.of(shown.screen, shown.color):
            self._below = Dimmed(shown.screen, shown.color)
        return self._below

    def get_component_styles(self, *names: str) -> RenderStyles:
        """Return how a name looks; worked out when it is asked for, not with every change of the screen."""
        _look_up(self, names)
        return super().get_component_styles(*names)

    @property
    def wizard(self) -> WizardApp:
        """The app, by its own type."""
        return cast("WizardApp", self.app)
