"""Draw the pictures of this folder: drive the real wizard over the demo repository and save each screen as SVG.

Run with ``python screenshots/make.py [FOLDER]``; a test runs it too and compares what it draws with what is kept here.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from textual.pilot import Pilot

from modal_wizard.app import WizardApp
from modal_wizard.demo import write_demo
from modal_wizard.landing import Consent
from modal_wizard.opening import open_migration

HERE = Path(__file__).parent
SIZES = {"": (120, 36), "-80x24": (80, 24)}
DEMO = "docsearch"


async def settled(pilot: Pilot[int], app: WizardApp) -> None:
    """Wait until the scan is over and the screen is still."""
    while not app.scanned:
        await pilot.pause(0.05)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause(0.3)


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Press keys one after another and let the screen come to rest."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause(0.1)
        await pilot.app.workers.wait_for_complete()
    await pilot.pause(0.3)


async def draw(repository: Path, folder: Path, size: tuple[int, int], suffix: str) -> None:
    """Save a picture of every screen at one size."""
    app = WizardApp(open_migration(repository), None, Consent())

    def save(name: str) -> None:
        (folder / f"{name}{suffix}.svg").write_text(app.export_screenshot(title="modal-wizard"), encoding="utf-8")

    async with app.run_test(size=size) as pilot:
        await settled(pilot, app)
        save("overview")
        await press(pilot, "down", "down", "enter")
        save("choices")
        await press(pilot, "o", "down", "down", "enter", "a", "a", "s")
        save("review")
        await press(pilot, "e")
        save("edit")
        await press(pilot, "escape", "question_mark")
        save("help")
        await press(pilot, "escape", "c")
        save("commit")
        await press(pilot, "c")
        await settled(pilot, app)
        save("committed")
    app = WizardApp(open_migration(repository), None, Consent())


def main(folder: Path) -> None:
    """Draw all pictures into a folder; each size starts from a fresh demo of the same name."""
    for suffix, size in SIZES.items():
        with tempfile.TemporaryDirectory() as parent, _standing_in(Path(parent)):
            write_demo(Path(DEMO))
            asyncio.run(draw(Path(DEMO), folder, size, suffix))


@contextmanager
def _standing_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.environ["HOME"] = str(folder)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
