"""What screens, dialogs and undo know of the application: its state, what it tells, and where one can go from here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from textual.message import Message

if TYPE_CHECKING:
    from textual.screen import Screen

    from modal_transforms.core.model import Finding, Section
    from modal_transforms.requirements import Pin
    from modal_wizard.config.settings import ViewSettings
    from modal_wizard.decisions.proposals import Proposals
    from modal_wizard.errors import WizardError
    from modal_wizard.git.permissions import Permissions
    from modal_wizard.git.repository import Repository
    from modal_wizard.git.status import FileState
    from modal_wizard.migration.horizon import Forecast
    from modal_wizard.migration.migration import Migration
    from modal_wizard.migration.open import Opened
    from modal_wizard.migration.options import RunOptions
    from modal_wizard.review.search import Hit
    from modal_wizard.scan.discover import ScanScope
    from modal_wizard.session.drafts import Drafts
    from modal_wizard.tui.answering import Answering

T = TypeVar("T")


class Navigation(Protocol):
    """The ways from one screen to another."""

    def open_review(self, section: Section, at: Finding | None = None, broken: bool = False) -> None:
        """Review a section, beginning at a finding or the first undecided one; or only what is ``broken`` now."""

    def next_review(self, section: Section, broken: bool = False) -> None:
        """Review a section in place of the screen that is shown; or only what of it is ``broken`` now."""

    def open_commit(self, section: Section) -> None:
        """Show what would be committed."""

    def open_commit_all(self) -> None:
        """List the finished sections, to be committed one after another, above the overview."""

    def open_summary(self) -> None:
        """Show what was done and what was left."""

    def open_preview(self) -> None:
        """Show everything that is accepted and not written yet, file by file."""

    def open_look_alikes(self) -> None:
        """List what only reads like old code."""

    def open_verify(self) -> None:
        """Offer to import what uses Modal under the real SDK."""

    def find(self) -> None:
        """Ask where to go, and go there."""

    def go_to(self, hit: Hit) -> None:
        """Go to a section, a file or a finding."""

    def to_overview(self, onward: bool = False) -> None:
        """Close every screen above the overview; ``onward`` moves its cursor to what needs something next."""


class Teller(Protocol):
    """What tells things in the line above the keys."""

    last_key: tuple[str, float]
    """The key that was pressed last, and when: seconds of the clock that events have."""

    def show(self) -> None:
        """Bring the screen that is current up to date."""

    def forget(self, text: str) -> None:
        """Stop telling something."""


class Host(Protocol):
    """The application as its screens know it. Its state changes on its own thread only."""

    scope: ScanScope
    repository: Repository | None
    consent: Permissions
    wishes: RunOptions
    branch: str
    """The new branch that commits go to; empty for the one that is checked out."""
    head_text: str
    """Branch and state of the repository, as they are shown."""
    progress: tuple[int, int]
    """How many files the scan has looked at, of how many."""
    scanned: bool
    """Whether the scan is over."""
    dirty: Mapping[str, FileState]
    """The files with findings that hold uncommitted changes of the person's."""
    pins: tuple[Pin, ...]
    """What the repository asks for of modal."""

    @property
    def view(self) -> ViewSettings:
        """How the person looks at changes."""

    @property
    def telling(self) -> Teller:
        """What tells things in the line above the keys."""

    def keep_view(self, **changed: bool | int) -> None:
        """Look at changes in another way from now on, in the next run too: parts of a `ViewSettings` by their names."""

    @property
    def is_open(self) -> bool:
        """Whether the decisions of earlier runs were read, which comes after the first frame."""

    @property
    def forecast(self) -> Forecast:
        """When what was found breaks; not to be asked for before the scan is over."""

    @property
    def migration(self) -> Migration:
        """What was found and decided; not to be asked for before it is open."""

    @property
    def proposals(self) -> Proposals:
        """The decisions of a file that the person may take; not to be asked for before it is open."""

    @property
    def drafts(self) -> Drafts:
        """What the person is typing or left half-typed: edits, and messages of commits."""

    @property
    def navigation(self) -> Navigation:
        """The ways to other screens."""

    @property
    def screen(self) -> Screen[object]:
        """The screen that has the keys."""

    @property
    def is_running(self) -> bool:
        """Whether the application has not ended."""

    def begin(self) -> None:
        """Begin the work that waits for the first frame, unless it has begun."""

    def was_shown(self) -> None:
        """Take note that what was done last is on the screen."""

    def keep_draft(self, key: str, text: str, about: str = "") -> None:
        """Keep what is being typed, soon on the disk as well."""

    def commit_only_ours(self, allowed: bool) -> None:
        """Commit our lines of files that hold uncommitted changes of the person's, or refuse to."""

    def tell(self, text: str, bad: bool = False) -> None:
        """Say something in the line above the keys, until the next key."""

    def show_all(self) -> None:
        """Bring the visible screen up to date; the others follow when they are seen again."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell whether one of the keys that work everywhere works now."""

    def push_screen(self, screen: Screen[T], callback: Callable[[T | None], None] | None = None) -> object:
        """Show a screen above the others; the callback gets its answer."""

    def suspend(self) -> AbstractContextManager[None]:
        """Give the terminal back for the block; raises `SuspendNotSupported`."""

    def call_from_thread(self, callback: Callable[..., Any], *args: Any) -> Any:
        """Call something on the application's thread, and wait for what it returns."""


class RepositoryOpened(Message):
    """The decisions of earlier runs were read, and git was asked how the repository stands."""

    def __init__(self, migration: Migration, opened: Opened) -> None:
        super().__init__()
        self.migration, self.opened = migration, opened


class ScanMoved(Message):
    """The scan has looked at more files."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__()
        self.done, self.total = done, total


class ScanEnded(Message):
    """The scan has looked at all files; ``pins`` is what they ask for of modal."""

    def __init__(self, total: int, pins: Collection[Pin]) -> None:
        super().__init__()
        self.total, self.pins = total, tuple(pins)


class ScanListener(Protocol):
    """What takes in a scan, on the application's thread."""

    answering: Answering
    """Tells whether a key waits for its answer."""

    def on_repository_opened(self, message: RepositoryOpened) -> None:
        """Take in the decisions of earlier runs and how the repository stands."""

    def on_scan_moved(self, message: ScanMoved) -> None:
        """Take in how far the scan is."""

    def on_scan_ended(self, message: ScanEnded) -> None:
        """Take in that the scan is over."""

    def refuse(self, error: WizardError) -> None:
        """End, and say why: there is nothing to go on with."""
