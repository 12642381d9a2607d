"""The wizard's Textual application: what it was opened on, and the keys that work everywhere."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.app import SystemCommand
from textual.events import Event, InputEvent, Key, MouseDown
from textual.screen import Screen
from textual.timer import Timer

from modal_wizard.config.settings import PersonalSettings, ViewSettings
from modal_wizard.errors import WizardError
from modal_wizard.git.permissions import Permissions
from modal_wizard.migration.options import RunOptions
from modal_wizard.process import hangup, signals
from modal_wizard.scan.discover import ScanScope
from modal_wizard.text.grammar import counted
from modal_wizard.tui.answering import Answering
from modal_wizard.tui.base import WizardScreen
from modal_wizard.tui.disk_watch import LOOK_EVERY, DiskWatch
from modal_wizard.tui.garbage import GarbageSearch
from modal_wizard.tui.host import RepositoryOpened, ScanEnded, ScanMoved
from modal_wizard.tui.navigation import Navigator, first_screen
from modal_wizard.tui.own_settings import OwnSettings
from modal_wizard.tui.preload import load_review
from modal_wizard.tui.scan_feed import ScanFeed
from modal_wizard.tui.telling import NOTE, Telling, why_silent
from modal_wizard.tui.textual_ext.driver import driver
from modal_wizard.tui.textual_ext.themes import ThemedApp
from modal_wizard.tui.undo import possible, redo, undo
from modal_wizard.tui.widgets.bindings import bound
from modal_wizard.tui.widgets.key_bar import live_keys
from modal_wizard.tui.widgets.page import page_of

if TYPE_CHECKING:
    from modal_transforms.requirements import Pin
    from modal_wizard.decisions.lookup import DecisionSet
    from modal_wizard.decisions.proposals import Proposals
    from modal_wizard.git.repository import Repository
    from modal_wizard.git.status import FileState
    from modal_wizard.migration.horizon import Forecast
    from modal_wizard.migration.migration import Migration
    from modal_wizard.scan.background import BackgroundScan
    from modal_wizard.session.drafts import Drafts

SAVE_SOON = 0.5
"""Seconds after which what was typed is on the disk."""
WRITE_SOON = 0.1
"""Seconds after which decisions are written at the latest; before that, the screen shows them."""


class WizardApp(ThemedApp):
    """One repository on its way to 1.x, on the screen; the `Host` of its screens."""

    TITLE = "modal-wizard"
    CSS_PATH = Path(__file__).with_name("first.tcss")

    BINDINGS = [
        bound("undo", "undo", "Take the last decision back; again and again, without limit"),
        bound("redo", "redo", "Make the decision again that was undone"),
        bound("not-read", "problems", "List the files that were not read, each with its reason"),
        bound("palette", "command_palette", "Find any action by its name", show=False),
        bound("help", "help", "Explain every key that works here"),
        bound("quit", "leave", "Leave; every decision is kept and the next run goes on here"),
    ]

    def __init__(
        self,
        wanted: Migration | ScanScope,
        repository: Repository | None,
        consent: Permissions,
        theme: str = "",
        settings: PersonalSettings | None = None,
    ) -> None:
        super().__init__(driver_class=driver())
        self._migration = None if isinstance(wanted, ScanScope) else wanted
        self.scope = wanted if isinstance(wanted, ScanScope) else wanted.scope
        self.repository = repository
        self.consent = consent
        self.wishes = RunOptions(consent)
        self.branch = self.head_text = ""
        self.progress = (0, 0)
        self.scanned = self._begun = False
        self.dirty: Mapping[str, FileState] = {}
        self.pins: tuple[Pin, ...] = ()
        self.navigation = Navigator(self)
        self.telling = Telling(self)
        self.answering = Answering()
        self.aside: BackgroundScan | None = None
        """What scans in a process of its own; without it, the scan is done here."""
        self.decisions: DecisionSet | None = None
        """The file of decisions that are proposed."""
        self.refusal: WizardError | None = None
        """Why the wizard ended without a word of the person's: a file of decisions that does not fit."""
        self._proposals: Proposals | None = None
        self._drafts: Drafts | None = None
        self._forecast: tuple[object, Forecast | None] = None, None
        """The latest forecast, and what it was made of."""
        self._disk = DiskWatch(self, self._is_home)
        self._garbage = GarbageSearch()
        self._saving: Timer | None = None
        self._own_loop: asyncio.AbstractEventLoop | None = None
        self._awake = ExitStack()
        self.own = OwnSettings(
            self, settings or PersonalSettings(), theme, self.scope.root, partial(self.tell, bad=True)
        )

    def get_default_screen(self) -> Screen[None]:
        """Begin with the overview; what is found fills it."""
        return first_screen()

    # --- the state that screens ask for --------------------------------------------------------------------------

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
    def proposals(self) -> Proposals:
        """The decisions of a file that the person may take."""
        from modal_wizard.decisions.proposals import NOTHING, Proposals

        if self._proposals is None:
            self._proposals = Proposals(self.migration, self.decisions or NOTHING)
        return self._proposals

    @property
    def drafts(self) -> Drafts:
        """What the person is typing or left half-typed: edits, and messages of commits."""
        from modal_wizard.session.drafts import drafts_beside

        if self._drafts is None:
            self._drafts = drafts_beside(self.migration.session.file)
        return self._drafts

    @property
    def forecast(self) -> Forecast:
        """When what was found breaks; worked out again when the scan or the requirements are others."""
        from modal_wizard.migration.horizon import forecast

        findings = self.migration.findings()
        state = (self.pins, id(self.migration.scanned), len(findings))
        if self._forecast[0] != state:
            self._forecast = state, forecast((*self.pins, *self.migration.scanned.pins_elsewhere), findings)
        assert self._forecast[1] is not None
        return self._forecast[1]

    @property
    def view(self) -> ViewSettings:
        """How the person looks at changes."""
        return self.own.view

    def keep_view(self, **changed: bool | int) -> None:
        """Look at changes in another way from now on, in the next run too."""
        self.own.keep_view(**changed)

    def keep_draft(self, key: str, text: str, about: str = "") -> None:
        """Keep what is being typed, soon on the disk as well."""
        self.drafts.keep(key, text, about)
        if self._saving is None:
            self._saving = self.set_timer(SAVE_SOON, self._save_drafts)

    def _save_drafts(self) -> None:
        self._saving = None
        if self._drafts is not None:
            self._drafts.save()

    # --- from the first frame to the end of the scan -------------------------------------------------------------

    def on_mount(self) -> None:
        """Show the first screen at once; all else comes after it."""
        self._own_loop = asyncio.get_running_loop()
        self.own.follow()
        self._awake.enter_context(hangup.awake(self._own_loop))
        if number := signals.asked():
            self.exit(128 + number)
        self.call_after_refresh(self.begin)

    def begin(self) -> None:
        """Go on when the first frame is drawn: look at the files, read the styles of the other screens."""
        if self._begun:
            return
        self._begun = True
        self._garbage.begin()
        self.scan()
        self.stylesheet.read(Path(__file__).with_name("app.tcss"))
        self.stylesheet.parse()
        for screen in self.screen_stack:
            self.stylesheet.update(screen)
        overview = self.navigation.overview
        overview.call_later(overview.furnish)
        self.run_worker(load_review, thread=True, group="load")

    def scan(self) -> None:
        """Have a thread look at the files; it tells of what it finds by messages."""
        feed = ScanFeed(self.scope, self._migration, self.repository, self.aside, self, self.call_from_thread)
        self.run_worker(feed.run, thread=True, exclusive=True, group="scan")

    def on_repository_opened(self, message: RepositoryOpened) -> None:
        """Take in the decisions of earlier runs and how the repository stands."""
        self._migration, opened = message.migration, message.opened
        self._migration.session.write_behind(self._write_soon, lambda: self.call_later(self.show_all))
        self.repository, self.head_text = opened.repository, opened.head_summary
        if opened.settled:
            self.telling.tell(opened.settled, keys=NOTE)

    def _write_soon(self) -> None:
        """Have decisions written when they are shown, or soon; may be called in any thread."""
        if self._own_loop is not None:
            self._own_loop.call_soon_threadsafe(self._own_loop.call_later, WRITE_SOON, self.migration.session.go_on)

    def on_scan_moved(self, message: ScanMoved) -> None:
        """Bring the visible screen up to date."""
        self.progress = message.done, message.total
        self.show_all()

    def on_scan_ended(self, message: ScanEnded) -> None:
        """Bring the visible screen up to date, and tell what became of earlier decisions and what waits."""
        from modal_wizard.review.waiting import waiting

        for note in (*self.own.problems, *self.migration.session.notes, *waiting(self.migration, self.drafts)):
            self.telling.tell(note, keys=NOTE)
        self.progress, self.scanned, self.pins = (message.total, message.total), True, message.pins
        self._check_decisions()
        self.show_all()
        self.navigation.overview.welcome()
        self.set_interval(LOOK_EVERY, self.look_at_disk)
        if self.repository is not None:
            self.run_worker(self._look_for_own_changes, thread=True, group="own changes")

    def look_at_disk(self) -> None:
        """Have a thread see whether files changed, while the overview is seen and nothing else is done."""
        self._garbage.pause(self.telling.last_key[1])
        if self._is_home():
            self.run_worker(self._disk.look, thread=True, exclusive=True, group="disk")

    def _is_home(self) -> bool:
        overview = self.navigation.overview
        return self.screen is overview and not overview.busy

    def _look_for_own_changes(self) -> None:
        """Ask git, in a thread, which files with findings the person is at work on."""
        paths = {path for finding in self.migration.findings() for path in finding.paths}
        with suppress(WizardError):
            found = self.repository.uncommitted([*paths]) if self.repository is not None else {}
            self.call_from_thread(self._take_own_changes, found)

    def _take_own_changes(self, found: Mapping[str, FileState]) -> None:
        self.dirty = found
        if found:
            self.show_all()

    def commit_only_ours(self, allowed: bool) -> None:
        """Commit our lines of files that hold uncommitted changes of the person's, or refuse to."""
        self.consent = replace(self.consent, dirty=allowed, staged=allowed)
        self.wishes = replace(self.wishes, consent=self.consent)

    def _check_decisions(self) -> None:
        """End when the file of decisions does not fit what was found; else say how much is proposed."""
        if not self.proposals:
            return
        try:
            self.proposals.check()
        except WizardError as error:
            self.refuse(error)
            return
        count = len(self.proposals.among(self.migration.findings()))
        self.tell(f"{counted(count, 'decision')} proposed (?): a takes one, s a proposed skip, F shows them alone.")

    def refuse(self, error: WizardError) -> None:
        """End, and have why said on standard error."""
        self.refusal = error
        self.exit(2)

    async def on_event(self, event: Event) -> None:
        """Have the screen leave what nobody waits for when a person does something."""
        if isinstance(event, InputEvent) and isinstance(self.screen, WizardScreen):
            self.screen.heard()
        if isinstance(event, (Key, MouseDown)) and not event.is_forwarded:
            self.answering.begin()
            self.telling.heard(event)
        await super().on_event(event)

    def was_shown(self) -> None:
        """Have what was decided written, and threads that waited go on, now that it is on the screen."""
        self.answering.end()
        if self.is_open:
            self.migration.session.go_on()

    def show_all(self) -> None:
        """Bring the visible screen up to date; the others follow when they are seen again."""
        if isinstance(self.screen, WizardScreen) and self.screen.is_mounted:
            self.screen.show()
            self.screen.offer_keys()
        else:
            self.screen.refresh_bindings()

    def tell(self, text: str, bad: bool = False) -> None:
        """Say something in the line above the keys, until the next key."""
        self.telling.tell(text, bad)

    def unanswered(self, key: str) -> None:
        """Say why a key does nothing."""
        if said := why_silent(self, key, self.own.keys):
            self.tell(said)

    def answered(self) -> None:
        """Leave out what was told before the key."""
        self.telling.answered()

    # --- the keys that work everywhere ---------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        return page_of(self.screen) is not None if action == "scroll_page" else possible(self, action)

    def action_scroll_page(self, lines: int) -> None:
        """Scroll the text of the screen."""
        if (page := page_of(self.screen)) is not None:
            page.scroll_relative(y=lines, animate=False)

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

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every key of the current screen in the command palette."""
        from modal_wizard.tui.dialogs.help import commands

        return commands(self, screen)

    # --- the end -------------------------------------------------------------------------------------------------

    def action_leave(self) -> None:
        """Leave; progress is kept."""
        self.exit(0)

    def action_help_quit(self) -> None:
        """Leave at once, as Ctrl+C does elsewhere; every decision is kept."""
        self.exit(128 + signal.SIGINT)

    def stop_soon(self, number: int) -> None:
        """Leave because of a signal; may be called at any time and in any thread."""
        if self._own_loop is not None and not self._own_loop.is_closed():
            self._own_loop.call_soon_threadsafe(self.exit, 128 + number)

    def on_unmount(self) -> None:
        """Keep the last letters that were typed; let signals be, and the scan end."""
        self._garbage.end()
        self._save_drafts()
        self.own.flush()
        self._awake.close()
        if self.is_open:
            self.migration.session.settle()
        if self.aside is not None:
            self.aside.close()
