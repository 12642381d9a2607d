"""The wizard's Textual application: what it was opened on, the scan, and the keys that work everywhere."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import work
from textual.app import SystemCommand
from textual.binding import Binding
from textual.events import Event, InputEvent
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import get_current_worker

from modal_wizard.git.permissions import Permissions
from modal_wizard.migration.options import RunOptions
from modal_wizard.process import hangup, shutdown, signals
from modal_wizard.process.crash_report import report_crash
from modal_wizard.scan.discover import ScanScope
from modal_wizard.tui.base import ScanMoved, WizardScreen, classes_for
from modal_wizard.tui.preload import load_review, load_rewriting
from modal_wizard.tui.scan_pacing import Pace
from modal_wizard.tui.screens.overview import Overview
from modal_wizard.tui.textual_ext.driver import driver
from modal_wizard.tui.textual_ext.themes import ThemedApp
from modal_wizard.tui.undo import possible, redo, undo
from modal_wizard.tui.widgets.key_bar import live_keys

if TYPE_CHECKING:
    from modal_transforms.requirements import Pin
    from modal_wizard.git.repository import Repository
    from modal_wizard.migration.migration import Migration
    from modal_wizard.scan.background import BackgroundScan
    from modal_wizard.session.drafts import Drafts

PROGRESS_EVERY = 0.1
"""Seconds between two looks at how far the scan is."""
SAVE_SOON = 0.5
"""Seconds after which what was typed is on the disk."""


class WizardApp(ThemedApp):
    """One repository on its way to 1.x, on the screen."""

    TITLE = "modal-wizard"
    CSS_PATH = Path(__file__).with_name("first.tcss")

    BINDINGS = [
        Binding("u", "undo", "undo", tooltip="Take the last decision back; again and again, without limit"),
        Binding("ctrl+r,U", "redo", "redo", key_display="U", tooltip="Make the decision again that was undone"),
        Binding("f", "problems", "files not read", tooltip="List the files that were not read, each with its reason"),
        Binding("ctrl+p", "command_palette", "commands", key_display="^p", tooltip="Find any action by its name"),
        Binding("question_mark", "help", "help", key_display="?", tooltip="Explain every key that works here"),
        Binding("q,ctrl+q", "leave", "quit", tooltip="Leave; every decision is kept and the next run goes on here"),
    ]

    def __init__(
        self, wanted: Migration | ScanScope, repository: Repository | None, consent: Permissions, theme: str = "dark"
    ) -> None:
        super().__init__(driver_class=driver())
        self._migration = None if isinstance(wanted, ScanScope) else wanted
        self.scope = wanted if isinstance(wanted, ScanScope) else wanted.scope
        self.repository = repository
        self.consent = consent
        self.wishes = RunOptions(consent)
        self.branch = ""
        self._drafts: Drafts | None = None
        self._saving: Timer | None = None
        self.head_text = ""
        self.progress = (0, 0)
        self._begun = self.scanned = False
        self.pins: tuple[Pin, ...] = ()
        """What the repository asks for of modal."""
        self.begin_with(theme)
        self.aside: BackgroundScan | None = None
        """What scans in a process of its own; without it, the scan is done here."""
        self._pace = Pace()
        self._own_loop: asyncio.AbstractEventLoop | None = None
        self._awake = ExitStack()

    def get_default_screen(self) -> Overview:
        """Begin with the overview; what is found fills it."""
        return Overview(classes=f"-empty {classes_for(self.size)}")

    @property
    def overview(self) -> Overview:
        """The first screen, whatever is above it."""
        return cast(Overview, self.screen_stack[0])

    @property
    def is_open(self) -> bool:
        """Whether the decisions of earlier runs were read, which comes after the first frame."""
        return self._migration is not None

    @property
    def migration(self) -> Migration:
        """What was found and decided; not to be asked for before it is open."""
        assert self._migration is not None
        return self._migration

    @property
    def drafts(self) -> Drafts:
        """What the person is typing or left half-typed: edits, and messages of commits."""
        from modal_wizard.session.drafts import drafts_beside

        if self._drafts is None:
            self._drafts = drafts_beside(self.migration.session.file)
        return self._drafts

    def keep_draft(self, key: str, text: str, about: str = "") -> None:
        """Keep what is being typed, soon on the disk as well."""
        self.drafts.keep(key, text, about)
        if self._saving is None:
            self._saving = self.set_timer(SAVE_SOON, self.save_drafts)

    def save_drafts(self) -> None:
        """Bring what was typed to the disk."""
        self._saving = None
        if self._drafts is not None:
            self._drafts.save()

    def on_mount(self) -> None:
        """Show the first screen at once; all else comes after it."""
        self._own_loop = asyncio.get_running_loop()
        self._awake.enter_context(hangup.awake(self._own_loop))
        if number := signals.asked():
            self.exit(128 + number)
        self.call_after_refresh(self.begin)

    def begin(self) -> None:
        """Go on when the first frame is drawn: look at the files, read the styles of the other screens."""
        if self._begun:
            return
        self._begun = True
        gc.freeze()
        gc.enable()
        self.scan()
        self.stylesheet.read(Path(__file__).with_name("app.tcss"))
        self.stylesheet.parse()
        for screen in self.screen_stack:
            self.stylesheet.update(screen)
        self.overview.call_later(self.overview.furnish)
        self.run_worker(load_review, thread=True, group="load")

    @work(thread=True, exclusive=True, group="scan")
    def scan(self) -> None:
        """Take in what is found in the files, in a thread, which a signal may end."""
        with suppress(signals.Halted):
            self._take_in()

    def _take_in(self) -> None:
        from modal_wizard.migration.open import open_repository, open_scope
        from modal_wizard.migration.requirements import pins

        if self._migration is None:
            self._migration = open_scope(self.scope)
        opened = open_repository(self.scope, self.repository)
        self.repository, self.head_text = opened.repository, opened.head_summary
        if opened.settled:
            self.call_from_thread(self.tell, opened.settled)
        if self.aside is not None:
            self._migration.looking = self.aside
            if opened.settled:
                self.aside.restart()
        last, total, some = time.monotonic(), 0, False
        worker = get_current_worker()
        with self._pace as pace:
            for progress in self.migration.scan():
                pace.rest()
                if worker.is_cancelled:
                    return
                total = progress.total
                first = not some and progress.report is not None and bool(progress.report.findings)
                if first or time.monotonic() - last > PROGRESS_EVERY:
                    self.call_from_thread(self.on_scan_moved, ScanMoved(progress.done, total))
                    last = time.monotonic()
                    if some and pace.is_idle:
                        load_rewriting()
                    some = some or first
            for note in self.migration.session.notes:
                self.call_from_thread(partial(self.notify, note, timeout=15, markup=False))
            self.pins = pins(self.scope, self.migration.scanned.requirement_files)
            self.call_from_thread(self.on_scan_moved, ScanMoved(total, total, over=True))
            load_rewriting()

    async def on_event(self, event: Event) -> None:
        """Have the scan wait while something that a person did is answered."""
        if isinstance(event, InputEvent):
            self._pace.key()
            if isinstance(self.screen, WizardScreen):
                self.screen.heard()
        await super().on_event(event)

    def on_scan_moved(self, message: ScanMoved) -> None:
        """Bring the visible screen up to date."""
        self.progress, self.scanned = (message.done, message.total), message.over
        self.show_all()

    def show_all(self) -> None:
        """Bring the visible screen up to date; the others follow when they are seen again."""
        if isinstance(self.screen, WizardScreen) and self.screen.is_mounted:
            self.screen.show()
            self.screen.offer_keys()
        else:
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
        from modal_wizard.tui.dialogs.problems import Problems

        self.push_screen(Problems(self.migration.problems, self.migration.scanned.skipped))

    def action_help(self) -> None:
        """Explain the keys of the current screen."""
        from modal_wizard.tui.dialogs.help import Help

        self.push_screen(Help(live_keys(self.screen, hidden=True)))

    def action_leave(self) -> None:
        """Leave; progress is kept."""
        self.exit(0)

    def on_unmount(self) -> None:
        """Keep the last letters that were typed; let signals be, and the scan end."""
        self.save_drafts()
        self._awake.close()
        if self.aside is not None:
            self.aside.close()

    def action_help_quit(self) -> None:
        """Leave at once, as Ctrl+C does elsewhere; every decision is kept."""
        self.exit(128 + signal.SIGINT)

    def stop_soon(self, number: int) -> None:
        """Leave because of a signal; may be called at any time and in any thread."""
        if self._own_loop is not None and not self._own_loop.is_closed():
            self._own_loop.call_soon_threadsafe(self.exit, 128 + number)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every key of the current screen in the command palette."""
        from modal_wizard.tui.dialogs.help import commands

        return commands(self, screen)

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()  # the terminal is left clean; ``run_wizard`` reports what happened


def run_wizard(scope: ScanScope, wishes: RunOptions, theme: str = "dark", aside: BackgroundScan | None = None) -> int:
    """Open the wizard on a scope and return its exit code."""
    app = WizardApp(scope, None, wishes.consent, theme)
    app.wishes, app.branch, app.aside = wishes, wishes.branch, aside
    with signals.telling(app.stop_soon):
        hangup.watch(signals.stop)
        code = app.run()
    if app._exception is not None:
        return report_crash(app._exception)
    if app.is_open and app.migration.session.steps:
        from modal_wizard.reports.account import farewell

        shutdown.say(farewell(app.migration), sys.stdout)
    if wishes.report is not None and app.is_open:
        from modal_wizard.reports.markdown import save_report

        save_report(app.migration, wishes.report)
    if number := signals.asked():
        return shutdown.stopped(number)
    return code or 0
