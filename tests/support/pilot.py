"""The wizard on a real repository, driven by keys, its screen read as text."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import textual.app
import textual.pilot
from textual._context import active_app
from textual.app import App
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.message import Message
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen

import modal_wizard.tui.app
from modal_transforms.core.model import Finding
from modal_transforms.core.target import WHOLE_WAY, Goal
from modal_wizard.decisions.lookup import DecisionSet
from modal_wizard.git.permissions import Permissions
from modal_wizard.migration.open import open_scope
from modal_wizard.scan.discover import scope_of
from modal_wizard.session.decisions import Status
from modal_wizard.tui.app import WizardApp
from modal_wizard.tui.screens.review.screen import Review
from support.gitbox import QUICKLY, init

WIDE, NARROW, TINY = (120, 36), (80, 24), (40, 10)
SIZES = [WIDE, NARROW]

SHOP = """\
import modal

app = modal.App("shop")


@app.function(keep_warm=1, concurrency_limit=5)
def price(item):
    return item


@app.function(container_idle_timeout=60)
def stock(item):
    return item
"""
DESK = """\
import modal

price = modal.Function.lookup("shop", "price")
"""
LEGACY = {"desk.py": DESK, "shop.py": SHOP}
"""Three safe findings of section 5 in shop.py, one of section 8 in desk.py."""


def git(root: Path, *arguments: str) -> str:
    """Run git in a repository, with none of the machine's settings."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *arguments], cwd=root, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def make_repository(root: Path, files: Mapping[str, str] = LEGACY) -> Path:
    """Make a git repository with one commit of these files."""
    root.mkdir(parents=True, exist_ok=True)
    init(root)
    with (root / ".git" / "config").open("a", encoding="utf-8") as config:
        config.write("[user]\n\tname = Ada\n\temail = ada@example.com\n")
    write(root, files)
    git(root, "add", "--all")
    git(root, *QUICKLY, "commit", "--quiet", "--message", "Legacy")
    return root


PATIENCE = 60.0
"""Seconds after which a test fails, rather than wait on."""


async def settle(app: App[Any], workers: bool = True) -> None:
    """Return when nothing is left to be done: messages handled, threads over (unless told otherwise), frames drawn.

    No clock is asked. Each round has every message pump that is at work answer once, which it does after what was sent
    to it before, and draws the frame that is due. After two rounds in a row that left no message behind, none can be on
    its way.
    """
    await asyncio.wait_for(_settled(app, workers), PATIENCE)


def know_idle(replace: Callable[[object, str, object], None]) -> None:
    """Have Textual's pilot `settle` where it would watch how busy the processor is; ``replace`` sets an attribute.

    Nothing is done by the clock: a test that wants the disk looked at says so.
    """

    async def settled(min_sleep: float = 0) -> None:
        await settle(active_app.get(), workers=False)

    async def sent(min_sleep: float = 0) -> None:
        """A key is on its way; whoever pressed it waits."""

    async def answered(pilot: Pilot[Any], timeout: float = 0) -> bool:
        """Wait for those that are at work; Textual's own asks all."""
        await _answered(pilot.app)
        return pilot.app._exception is None

    replace(Pilot, "_wait_for_screen", answered)
    replace(textual.pilot, "wait_for_idle", settled)
    replace(textual.app, "wait_for_idle", sent)
    replace(modal_wizard.tui.app, "LOOK_EVERY", 1_000_000.0)


def parse_styles_once(replace: Callable[[object, str, object], None]) -> None:
    """Have each style sheet be parsed once a process, not once an app: what comes of it is only read."""
    known: dict[tuple[object, ...], list[RuleSet]] = {}
    parse = Stylesheet._parse_rules

    def parsed(sheet: Stylesheet, css: str, **how: Any) -> list[RuleSet]:
        what = (css, *how.items(), *sheet._variables.items())
        if what not in known:
            known[what] = parse(sheet, css, **how)
        return known[what]

    replace(Stylesheet, "_parse_rules", parsed)


async def _settled(app: App[Any], workers: bool) -> None:
    # a key comes by way of the loop, as from a driver's thread: what was sent before this is in its queue after it
    await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(_nothing(), asyncio.get_running_loop()))
    quiet = 0
    while quiet < 2 and app.is_running and not app._exit and app._exception is None:
        await _answered(app)
        running = [worker for worker in app.workers if not worker.is_finished] if workers else []
        await asyncio.gather(*(worker.wait() for worker in running), return_exceptions=True)
        await app.animator.wait_until_complete()
        if workers and isinstance(app, WizardApp) and app.is_open:
            app.migration.session.settle()
        if app.screen_stack:
            app.screen._on_timer_update()
        idle = all(map(_waits, _pumps(app)))
        quiet = quiet + 1 if idle and not running else 0


def _answer(answer: asyncio.Future[None]) -> None:
    """Say that all before this is handled; a function of ours, as Textual looks at a built-in one each time anew."""
    answer.set_result(None)


async def _nothing() -> None:
    """Be done in the order in which the loop was asked."""


async def _answered(app: App[Any]) -> None:
    """Wait until every message pump has handled what it was sent, or the app has failed.

    The app's is always asked, so that something is waited for; of the others only those that are at work.
    """
    loop = asyncio.get_running_loop()
    answers: list[asyncio.Future[None]] = []
    for pump in [each for each in _pumps(app) if each is app or not _waits(each)]:
        answer: asyncio.Future[None] = loop.create_future()
        if pump.call_later(_answer, answer):
            answers.append(answer)
    failed: asyncio.Task[Any] = asyncio.create_task(asyncio.Event.wait(app._exception_event))
    await asyncio.wait([asyncio.gather(*answers), failed], return_when=asyncio.FIRST_COMPLETED)
    failed.cancel()


def _waits(pump: MessagePump) -> bool:
    """Tell whether a message pump has handled all that it was sent, and waits for more."""
    for_more: Iterable[asyncio.Future[bool]] = pump._message_queue.ready_event._waiters
    return not pump.message_queue_size and not pump._next_callbacks and any(not each.done() for each in for_more)


def _pumps(app: App[Any]) -> Iterator[MessagePump]:
    yield app
    for screen in app.screen_stack:
        yield from screen.walk_children(with_self=True)


@dataclass
class Wizard:
    """The running app, and what a person sees of it."""

    app: WizardApp
    pilot: Pilot[int]
    heard: list[Callable[[], object]] = field(default_factory=list)
    """Called at every message of the app."""

    async def press(self, *keys: str) -> None:
        """Press keys one after another, waiting until each is dealt with."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type_keys(self, *keys: str) -> None:
        """Press keys without a wait between them, nor one for threads."""
        await self.pilot.press(*keys)
        await settle(self.app, workers=False)

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size, and wait until everything is laid out for it; no timer is waited for."""
        await self.pilot.resize_terminal(width, height)
        self.app._check_resize()
        await self.settle()

    async def settle(self) -> None:
        """Wait until threads and messages are done."""
        await settle(self.app)

    async def appears(self, kind: type[Screen[Any]]) -> None:
        """Wait for a screen that a thread asks for, which goes on waiting for the answer."""
        await self._comes(lambda: self.shows(kind))

    async def sees(self, words: str) -> None:
        """Wait for words that come while a thread is at work."""
        await self._comes(lambda: words in self.text)

    async def _comes(self, there: Callable[[], bool]) -> None:
        came = asyncio.Event()

        def look() -> None:
            if there():
                came.set()

        self.heard.append(look)
        look()  # it may be there already
        await asyncio.wait_for(came.wait(), PATIENCE)
        self.heard.pop()
        await settle(self.app, workers=False)

    @property
    def text(self) -> str:
        """What is on the screen, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def screen(self) -> Screen[object]:
        """The screen that has the keys."""
        return self.app.screen

    def shows(self, kind: type[Screen[Any]]) -> bool:
        """Tell whether a screen of some kind has the keys now."""
        return isinstance(self.app.screen, kind)

    @property
    def review(self) -> Review:
        """The review, which must be the screen."""
        assert isinstance(self.app.screen, Review)
        return self.app.screen

    @property
    def here(self) -> Finding:
        """The finding under the cursor."""
        assert self.review.here is not None
        return self.review.here

    @property
    def footer(self) -> str:
        """The lines of keys."""
        bar = self.app.screen.query_one("KeyBar")
        top = bar.region.y
        return "\n".join(self.text.split("\n")[top : top + bar.region.height])

    def statuses(self, section: str) -> list[Status]:
        """Where the findings of a section stand, in order."""
        migration = self.app.migration
        return [migration.decision(finding).status for finding in migration.findings(section)]


@asynccontextmanager
async def wizard(
    root: Path,
    size: tuple[int, int] = WIDE,
    consent: Permissions | None = None,
    scanned: bool = True,
    goal: Goal = WHOLE_WAY,
    decisions: DecisionSet | None = None,
) -> AsyncIterator[Wizard]:
    """Open the wizard on a folder."""
    app = WizardApp(open_scope(scope_of(root, goal)), None, consent or Permissions())
    app.decisions = decisions
    heard: list[Callable[[], object]] = []

    def called(_: Message) -> None:
        for hear in heard:
            hear()

    async with app.run_test(size=size, message_hook=called) as pilot:
        opened = Wizard(app, pilot, heard)
        if scanned:
            await opened.settle()
            assert app.scanned
        yield opened


async def open_section(opened: Wizard, slug: str) -> None:
    """Go to the review of a section from the overview."""
    from modal_wizard.tui.widgets.section_list import SectionList

    sections = opened.screen.query_one(SectionList)
    sections.go(slug)
    await opened.press("enter")
    assert opened.review.section.slug == slug
