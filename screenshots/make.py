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
from textual.widgets import Input, TextArea

from modal_wizard.demo import write_demo
from modal_wizard.git.permissions import Permissions
from modal_wizard.migration.open import open_migration
from modal_wizard.tui.app import WizardApp

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from support.pilot import know_idle, settle  # noqa: E402

SIZES = {"": (120, 36), "-80x24": (80, 24)}
DEMO = "docsearch"
SAME_EVERYWHERE = {
    "GIT_AUTHOR_DATE": "2025-03-03T10:00:00+01:00",
    "GIT_COMMITTER_DATE": "2025-03-03T10:00:00+01:00",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "TZ": "UTC",
}
"""With these a commit has the same name on every machine."""


class Camera:
    """The running wizard, the keys that are pressed, the pictures that are taken."""

    def __init__(self, app: WizardApp, pilot: Pilot[int], folder: Path, suffix: str) -> None:
        self._app, self._pilot, self._folder, self._suffix = app, pilot, folder, suffix

    async def settled(self) -> None:
        """Wait until threads are done and the screen is still."""
        await settle(self._app)

    async def press(self, *keys: str) -> None:
        """Press keys one after another and let the screen come to rest."""
        for key in keys:
            await self._pilot.press(key)
            await self.settled()

    async def save(self, name: str, theme: str = "") -> None:
        """Save a picture, without notes that come and go and without a cursor that blinks."""
        before, self._app.theme = self._app.theme, theme or self._app.theme
        self._app.telling.told.clear()
        self._app.telling.show()
        await self.settled()
        for typed in [*self._app.screen.query(TextArea), *self._app.screen.query(Input)]:
            typed.cursor_blink = False
            typed.notify_style_update()  # forgets how the cursor's line looked while the cursor was out of sight
        await self.settled()
        picture = self._app.export_screenshot(title="modal-wizard")
        (self._folder / f"{name}{self._suffix}.svg").write_text(picture, encoding="utf-8")
        self._app.theme = before
        await self.settled()


async def draw(repository: Path, folder: Path, size: tuple[int, int], suffix: str) -> None:
    """Save a picture of every screen at one size."""
    app = WizardApp(open_migration(repository), None, Permissions())
    async with app.run_test(size=size) as pilot:
        camera = Camera(app, pilot, folder, suffix)
        await camera.settled()
        await camera.save("overview")
        await camera.press("l")
        await camera.save("left-alone")
        await camera.press("escape", "slash", *"keep")
        await camera.save("search")
        await camera.press("escape", "down", "down", "enter")
        await camera.save("choices")
        await camera.press("a")
        await camera.save("value")
        await camera.press("escape", "o", "down", "down", "enter", "a", "a", "s")
        await camera.save("review")
        await camera.save("review-light", "wizard-light")
        await camera.save("review-blue-orange", "wizard-blue-orange")
        await camera.press("w")
        await camera.save("whole-file")
        await camera.press("w", "d")
        await camera.save("side-by-side")
        await camera.press("d", "R")
        await camera.save("rest")
        await camera.press("escape", "F")
        await camera.save("filter")
        await camera.press("j", "enter")
        await camera.save("filtered")
        await camera.press("escape", "e")
        await camera.save("edit")
        await camera.press("escape", "question_mark")
        await camera.save("help")
        await camera.press("escape", "c")
        await camera.save("commit")
        await camera.press("c")
        await camera.save("committed")
        await camera.press("m")
        await camera.save("summary")
        await camera.press("Z")
        await camera.save("take-back")
        await camera.press("escape", "o", "A", "o", "C")
        await camera.save("commit-all")


def main(folder: Path) -> None:
    """Draw all pictures into a folder; each size starts from a fresh demo of the same name."""
    folder = folder.resolve()
    know_idle(setattr)
    for suffix, size in SIZES.items():
        with tempfile.TemporaryDirectory() as parent, _standing_in(Path(parent).resolve()):
            write_demo(Path(DEMO))
            asyncio.run(draw(Path(DEMO), folder, size, suffix))


@contextmanager
def _standing_in(folder: Path) -> Iterator[None]:
    before, environment = Path.cwd(), dict(os.environ)
    os.environ.update(SAME_EVERYWHERE, HOME=str(folder))
    os.environ.pop("NO_COLOR", None)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(environment)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
