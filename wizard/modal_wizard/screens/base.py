"""What all screens of the wizard share: typed access to the app, and the styles of marks and states."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from textual.message import Message
from textual.screen import ModalScreen, Screen

if TYPE_CHECKING:
    from modal_wizard.app import WizardApp

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


class ScanMoved(Message):
    """The scan has looked at more files, or at all of them."""

    def __init__(self, done: int, total: int, over: bool = False) -> None:
        super().__init__()
        self.done, self.total, self.over = done, total, over


class WizardScreen(Screen[None]):
    """A screen of the wizard; ``show`` brings it up to date with the migration."""

    COMPONENT_CLASSES = STYLES

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (16, "-low"), (30, "-high")]

    steps_back = True
    """Whether decisions may be undone while this screen is seen."""

    busy = False
    """Whether something is being written, which leaving would cut short."""

    @property
    def wizard(self) -> WizardApp:
        """The app, by its own type."""
        return cast("WizardApp", self.app)

    def show(self) -> None:
        """Bring everything on the screen up to date; called after decisions, scans and commits."""

    def on_screen_resume(self) -> None:
        """Come back up to date."""
        self.show()
        self.refresh_bindings()


class WizardDialog(ModalScreen[T]):
    """A small screen over another one, dismissed with its answer."""

    COMPONENT_CLASSES = STYLES

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (16, "-low"), (30, "-high")]

    @property
    def wizard(self) -> WizardApp:
        """The app, by its own type."""
        return cast("WizardApp", self.app)
