"""What all screens of the wizard share: typed access to the app, and the styles of marks and states."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import TypeVar, cast

from rich.console import RenderableType
from textual.geometry import Size
from textual.screen import ModalScreen, Screen

from modal_wizard.tui.host import Host
from modal_wizard.tui.textual_ext.backdrop import dimmed
from modal_wizard.tui.textual_ext.frame_timing import ReadyScreen
from modal_wizard.tui.widgets.page import SCROLLING

T = TypeVar("T")

STYLES = frozenset(
    {
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
        "diff-moved",
        "diff-other",
        "diff-other-word",
        "diff-old-word",
        "diff-new-word",
        "diff-old-number",
        "diff-new-number",
        "diff-number",
        "diff-header",
        "diff-file",
    }
)
"""Names that text may be styled with; ``app.tcss`` says how each looks."""


WIDE, LOW, HIGH = 100, 16, 30
"""Sizes from which on a screen is laid out in another way."""


def classes_for(size: Size) -> str:
    """Return the classes that the breakpoints give a screen of a size, so that its first frame is styled once."""
    width = "-wide" if size.width >= WIDE else "-narrow"
    return f"{width} {'-high' if size.height >= HIGH else '-low' if size.height >= LOW else '-tiny'}"


def begin_sized(screen: Screen[T]) -> None:
    """Give a new screen the classes of the terminal's size: taken on at its first layout, all would be styled twice.

    One that a thread makes, which knows no application, takes them on then.
    """
    with suppress(RuntimeError):
        screen.add_class(*classes_for(screen.app.size).split(), update=False)


class WizardScreen(ReadyScreen[None]):
    """A screen of the wizard; ``show`` brings it up to date with the migration."""

    STYLES_ON_DEMAND = STYLES
    BINDINGS = [*SCROLLING]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (LOW, "-low"), (HIGH, "-high")]

    def __init__(self, *, classes: str | None = None) -> None:
        """Begin with the classes of the terminal's size."""
        super().__init__(classes=classes)
        begin_sized(self)

    @property
    def steps_back(self) -> bool:
        """Whether decisions may be undone while this screen is seen."""
        return True

    @property
    def may_commit_all(self) -> bool:
        """Whether there is a finished section, and a repository to commit it to."""
        return self.wizard.repository is not None and bool(self.wizard.migration.ready_sections())

    busy = False
    """Whether something is being written, which leaving would cut short."""

    @property
    def wizard(self) -> Host:
        """The app, as screens know it."""
        return cast(Host, self.app)

    def show(self) -> None:
        """Bring everything on the screen up to date; called after decisions, scans and commits."""

    def point_at(self, findings: Collection[str]) -> bool:
        """Go to one of some findings, by identity; tell whether there is one here, where findings are shown."""
        return True

    def heard(self) -> None:
        """A person did something; called before it is answered."""

    def was_drawn(self) -> None:
        """Have what was decided written, and what waited go on, now that it is shown."""
        if self.is_current:
            self.wizard.was_shown()

    def offer_keys(self) -> None:
        """Have the keys shown that work now."""
        self.refresh_bindings()

    def action_find(self) -> None:
        """Ask where to go, on this screen or another."""
        self.wizard.navigation.find()

    def action_preview(self) -> None:
        """Show everything that is accepted, file by file."""
        self.wizard.navigation.open_preview()

    def action_commit_all(self) -> None:
        """List the finished sections, to be committed one after another."""
        self.wizard.navigation.open_commit_all()

    def on_screen_resume(self) -> None:
        """Come back up to date."""
        self.show()
        self.refresh_bindings()
        self.wizard.telling.show()


class WizardDialog(ModalScreen[T], ReadyScreen[T]):
    """A small screen over another one, dismissed with its answer."""

    STYLES_ON_DEMAND = STYLES
    BINDINGS = [*SCROLLING]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (LOW, "-low"), (HIGH, "-high")]

    def __init__(self, *, classes: str | None = None) -> None:
        """Begin with the classes of the terminal's size."""
        super().__init__(classes=classes)
        begin_sized(self)

    @property
    def wizard(self) -> Host:
        """The app, as screens know it."""
        return cast(Host, self.app)

    def render(self) -> RenderableType:
        """Show the screen below, dimmed."""
        return dimmed(super().render())

    def on_screen_resume(self) -> None:
        """Tell here what is told."""
        self.wizard.telling.show()
