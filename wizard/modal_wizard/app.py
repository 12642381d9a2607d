"""The wizard's Textual application: what it was opened on, the scan, and the keys that work everywhere."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from modal_wizard.crash import report_crash
from modal_wizard.landing import Consent
from modal_wizard.migration import Migration
from modal_wizard.opening import open_migration, open_repository
from modal_wizard.pinned import pins
from modal_wizard.reports.account import farewell
from modal_wizard.reports.markdown import save_report
from modal_wizard.screens.base import ScanMoved, WizardScreen
from modal_wizard.screens.help import Help, commands
from modal_wizard.screens.overview import Overview
from modal_wizard.screens.problems import Problems
from modal_wizard.screens.stepping import possible, redo, undo
from modal_wizard.widgets.keys import live_keys
from modal_wizard.widgets.themes import PREFIX, THEMES, variables
from modal_wizard.wishes import Wishes

if TYPE_CHECKING:
    from modal_transforms.pins import Pin
    from modal_wizard.repository import Repository

PROGRESS_EVERY = 0.05


class WizardApp(App[int]):
    """One repository on its way to 1.x, on the screen."""

    TITLE = "modal-wizard"
    CSS_PATH = "app.tcss"

    BINDINGS = [
        Binding("u", "undo", "undo", tooltip="Take the last decision back; again and again, without limit"),
        Binding("ctrl+r,U", "redo", "redo", key_display="U", tooltip="Make the decision again that was undone"),
        Binding("f", "problems", "files not read", tooltip="List the files that were not read, each with its reason"),
        Binding("ctrl+p", "command_palette", "commands", key_display="^p", tooltip="Find any action by its name"),
        Binding("question_mark", "help", "help", key_display="?", tooltip="Explain every key that works here"),
        Binding("q,ctrl+q", "leave", "quit", tooltip="Leave; every decision is kept and the next run goes on here"),
    ]

    def __init__(
        self, migration: Migration, repository: Repository | None, consent: Consent, theme: str = "dark"
    ) -> None:
        super().__init__()
        self.migration = migration
        self.repository = repository
        self.consent = consent
        self.wishes = Wishes(consent)
        self.branch = ""
        self.messages: dict[str, str] = {}
        """Messages that the person wrote for commits not made yet, by section."""
        self.standing = ""
        self.progress = (0, 0)
        self.scanned = False
        self.pins: tuple[Pin, ...] = ()
        """What the repository asks for of modal."""
        for known in THEMES:
            self.register_theme(known)
        self.theme = f"{PREFIX}{theme}"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Add the colours of diffs to every theme."""
        return variables()

    def on_mount(self) -> None:
        """Show the first screen at once; the scan fills it."""
        self.push_screen(Overview())
        self.call_after_refresh(self.scan)

    @work(thread=True, exclusive=True, group="scan")
    def scan(self) -> None:
        """Look at every file, in a thread; the screens hear of it by messages."""
        opened = open_repository(self.migration.scope, self.repository)
        self.repository, self.standing = opened.repository, opened.standing
        if opened.settled:
            self.call_from_thread(self.tell, opened.settled)
        last, total = 0.0, 0
        for progress in self.migration.scan():
            total = progress.total
            if (now := time.monotonic()) - last > PROGRESS_EVERY:
                last = now
                self.post_message(ScanMoved(progress.done, total))
        for note in self.migration.session.notes:
            self.call_from_thread(partial(self.notify, note, timeout=15, markup=False))
        self.pins = pins(self.migration.scope)
        self.post_message(ScanMoved(total, total, over=True))
        import modal_transforms.layout  # noqa: F401  loads LibCST, so that the first diff need not wait for it

    def on_scan_moved(self, message: ScanMoved) -> None:
        """Bring the visible screen up to date."""
        self.progress, self.scanned = (message.done, message.total), message.over
        self.show_all()

    def show_all(self) -> None:
        """Bring the visible screen up to date; the others follow when they are seen again."""
        if isinstance(self.screen, WizardScreen) and self.screen.is_mounted:
            self.screen.show()
        self.screen.refresh_bindings()

    def to_overview(self) -> None:
        """Close every screen above the overview."""
        while len(self.screen_stack) > 1 and not isinstance(self.screen, Overview):
            self.pop_screen()

    def tell(self, text: str, bad: bool = False) -> None:
        """Say something in a corner of the screen."""
        self.notify(text, severity="error" if bad else "information", timeout=8 if bad else 3, markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        return possible(self, action)

    def action_undo(self) -> None:
        """Take the last decision back."""
        undo(self)

    def action_redo(self) -> None:
        """Make the decision again that was undone."""
        redo(self)

    def action_problems(self) -> None:
        """List the files that were not read."""
        self.push_screen(Problems(self.migration.problems, self.migration.scanned.skipped))

    def action_help(self) -> None:
        """Explain the keys of the current screen."""
        self.push_screen(Help(live_keys(self.screen, hidden=True)))

    def action_leave(self) -> None:
        """Leave; progress is kept."""
        self.exit(0)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every key of the current screen in the command palette."""
        return commands(self, screen)

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()  # the terminal is left clean; ``run_wizard`` reports what happened


def run_wizard(path: Path, wishes: Wishes, theme: str = "dark") -> int:
    """Open the wizard on a path and return its exit code."""
    app = WizardApp(open_migration(path), None, wishes.consent, theme)
    app.wishes, app.branch = wishes, wishes.branch
    code = app.run()
    if app._exception is not None:
        return report_crash(app._exception)
    if app.migration.session.steps:
        print(farewell(app.migration))
    if wishes.report is not None:
        save_report(app.migration, wishes.report)
    return code or 0
