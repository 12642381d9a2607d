"""The wizard on a real repository, driven by keys, its screen read as text."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

from modal_transforms.core.model import Finding
from modal_wizard.git.permissions import Permissions
from modal_wizard.migration.open import open_migration
from modal_wizard.session.log import Status
from modal_wizard.tui.app import WizardApp
from modal_wizard.tui.screens.commit.screen import Commit
from modal_wizard.tui.screens.review.screen import Review

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
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "config", "user.name", "Ada")
    git(root, "config", "user.email", "ada@example.com")
    write(root, files)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Legacy")
    return root


@dataclass
class Wizard:
    """The running app, and what a person sees of it."""

    app: WizardApp
    pilot: Pilot[int]

    async def press(self, *keys: str) -> None:
        """Press keys one after another, waiting until each is dealt with."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def settle(self) -> None:
        """Wait until threads and messages are done."""
        await self.pilot.pause()
        await self.app.workers.wait_for_complete()
        await self.pilot.pause()
        while isinstance(self.app.screen, Review) and not self.app.screen.at_rest:
            await asyncio.sleep(0.005)
        while isinstance(self.app.screen, Commit) and self.app.screen.busy:
            await self.app.workers.wait_for_complete()
            await self.pilot.pause()
        await self.pilot.pause()

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
    root: Path, size: tuple[int, int] = WIDE, consent: Permissions | None = None, scanned: bool = True
) -> AsyncIterator[Wizard]:
    """Open the wizard on a folder."""
    app = WizardApp(open_migration(root), None, consent or Permissions())
    async with app.run_test(size=size) as pilot:
        opened = Wizard(app, pilot)
        if scanned:
            await pilot.pause()
            await opened.settle()
            assert app.scanned
        yield opened


async def open_section(opened: Wizard, slug: str) -> None:
    """Go to the review of a section from the overview."""
    from modal_wizard.tui.widgets.section_list import SectionList

    sections = opened.screen.query_one(SectionList)
    sections.highlighted = [section.slug for section in sections.shown].index(slug)
    await opened.press("enter")
    assert opened.review.section.slug == slug
