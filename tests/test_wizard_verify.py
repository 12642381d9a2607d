"""Verifying from the screens: it says what it will do, waits to be told, shows what the SDKs say, and can be ended."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.pilot import settle, wizard
from support.sdk import NEW, OLD, sdk_python

from modal_wizard.cli.main import main
from modal_wizard.tui.screens.overview import Overview
from modal_wizard.tui.screens.summary import Summary
from modal_wizard.tui.screens.verify import Verify


@pytest.mark.parametrize(
    ("keys", "screen"), [((), Overview), (("j", "enter", "s", "o", "m"), Summary)], ids=["overview", "summary"]
)
async def test_v_says_what_it_would_do_and_does_nothing_yet(
    repository: Path, keys: tuple[str, ...], screen: type[Overview] | type[Summary]
) -> None:
    async with wizard(repository) as opened:
        await opened.press(*keys)
        await opened.press("v")
        assert isinstance(opened.screen, Verify)
        assert "It runs your code" in opened.text
        assert opened.screen.process is None
        await opened.press("escape")
        assert isinstance(opened.screen, screen)


async def test_enter_imports_and_shows_the_table(repository: Path) -> None:
    for version in (OLD, NEW):
        sdk_python(version)
    assert main(["apply", "--all", "--commit", str(repository)]) == 0
    async with wizard(repository) as opened:
        await opened.press("v", "enter")
        assert isinstance(opened.screen, Verify)
        assert opened.screen.process is None
        said = " ".join(opened.screen.lines)
        assert f"modal {NEW}: " in said
        assert "-> 0" in said
        assert f"modal {NEW}: " in opened.text


async def test_ctrl_c_ends_what_runs_and_what_it_said_stays(repository: Path) -> None:
    (repository / "endless.py").write_text("import modal\napp = modal.App()\nwhile True: ...\n", "utf-8")
    async with wizard(repository) as opened:
        await opened.press("v")
        screen = opened.screen
        assert isinstance(screen, Verify)
        screen.action_verify()
        assert screen.process is not None
        await settle(opened.app, workers=False)
        assert "importing under the SDKs" in opened.text
        await opened.press("ctrl+c")
        assert "Ended, as you asked." in opened.text
        await opened.press("escape")
        assert isinstance(opened.screen, Overview)
        assert all(worker.is_finished for worker in opened.app.workers)
