"""What the person has set, as the application uses it: colours, the view, keys; changes of it are kept in the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace
from textual.theme import Theme
from textual.timer import Timer

from modal_wizard.config.settings import PersonalSettings, ViewSettings, save
from modal_wizard.files.safe_io import UnsafePath
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.textual_ext.themes import PREFIX, ThemedApp

SOON = 0.5
"""Seconds after which a change is on the disk."""


class OwnSettings:
    """Takes the settings into an application, and writes what the person changes while it runs."""

    def __init__(
        self, app: ThemedApp, settings: PersonalSettings, theme: str, root: Path, tell: Callable[[str], None]
    ) -> None:
        """Take a ``theme`` before that of the settings, where one was asked for on the command line.

        ``root`` is the repository; ``tell`` says what could not be kept.
        """
        self._app, self._settings, self._root, self._tell = app, settings, root, tell
        self.view: ViewSettings = settings.view
        self.keys = settings.keys
        self.problems = [*settings.problems]
        """What could not be taken or kept, in sentences that were not told yet."""
        self._changed: dict[str, str | bool | int] = {}
        self._timer: Timer | None = None
        wanted = theme or settings.theme
        if not app.begin_with(wanted or "dark"):
            self.problems.append(f"There are no colours {visible(wanted)}; ^p and Colours lists them.")
        if settings.keys:
            app.set_keymap({**settings.keys})

    def follow(self) -> None:
        """Keep other colours from now on, when the person takes some."""
        self._app.theme_changed_signal.subscribe(self._app, self._take_theme)

    def _take_theme(self, theme: Theme) -> None:
        self._keep(theme=theme.name.removeprefix(PREFIX))

    def keep_view(self, **changed: bool | int) -> None:
        """Look at changes in another way, in the next run too."""
        self.view = replace(self.view, **changed)
        self._keep(**changed)

    def _keep(self, **changed: str | bool | int) -> None:
        self._changed.update(changed)
        if self._timer is None:
            self._timer = self._app.set_timer(SOON, self._soon)

    def _soon(self) -> None:
        self._timer = None
        if fault := self.flush():
            self._tell(fault)

    def flush(self) -> str:
        """Write what was changed; returns why it could not be, as a sentence."""
        changed, self._changed = self._changed, {}
        if not changed or self._settings.place is None:
            return ""
        try:
            save(self._settings, self._root, changed)
        except (OSError, UnsafePath, ValueError) as error:
            return f"How you look at changes is not kept: {visible(str(error))}."
        return ""
