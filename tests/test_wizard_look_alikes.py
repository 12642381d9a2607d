"""The list of what only reads like old code, on the screen and line by line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event

import pytest
from support.lines import Lines
from support.pilot import LEGACY, SIZES, TINY, make_repository, wizard

from modal_transforms.core.model import LookAlike
from modal_wizard.demo import write_demo
from modal_wizard.scan.analysis import Analysis
from modal_wizard.scan.discover import scope_of
from modal_wizard.tui.dialogs.choose import Typing
from modal_wizard.tui.screens.look_alikes import LeftAlone, Places
from modal_wizard.tui.screens.overview import Overview

STORE = 'import modal\n\nstore = {}\nstore.lookup("a")\n'
FILES = LEGACY | {
    "deep/store.py": STORE,
    "jobs.py": "import modal\n\n\ndef job(keep_warm): ...\n\n\njob(keep_warm=1)\n",
}

sizes = pytest.mark.parametrize("size", SIZES, ids=["120x36", "80x24"])


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "shop", FILES)


@sizes
async def test_l_lists_them_file_by_file_with_the_reason(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("l")
        assert isinstance(opened.screen, LeftAlone)
        assert "3 places in 2 files only read like old code" in opened.text
        shown = [line.strip() for line in opened.text.split("\n")]
        at = shown.index("deep/store.py")
        assert shown[at + 1 : at + 3] == ["4  store.lookup  lookup", "`store` is a dict made on line 3"]
        assert "`keep_warm` is a parameter of `job`, defined on line 4" in shown
        await opened.press("escape")
        assert isinstance(opened.screen, Overview)


@sizes
async def test_slash_searches_and_escape_shows_all_before_it_leaves(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("l", "slash")
        assert isinstance(opened.screen, Typing)
        await opened.press(*"dict", "enter")
        assert "1 place in 1 file" in opened.text
        assert "“dict”" in opened.text
        assert "job" not in opened.text
        await opened.press("slash", *"zebra", "enter")
        assert "No place holds these words. Press esc to see all." in opened.text
        await opened.press("escape")
        assert isinstance(opened.screen, LeftAlone)
        assert "3 places in 2 files" in opened.text
        await opened.press("escape")
        assert isinstance(opened.screen, Overview)


async def test_the_cursor_goes_over_the_places_and_skips_the_names_of_files(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("l")
        places = opened.screen.query_one(Places)
        seen = [places.highlighted]
        for _ in range(2):
            await opened.press("j")
            seen.append(places.highlighted)
        assert seen == [1, 3, 4]
        await opened.press("k")
        assert places.highlighted == 3


@pytest.mark.parametrize("key", ["escape", "l", "o"])
async def test_every_key_back_leads_to_the_overview(repository: Path, key: str) -> None:
    async with wizard(repository) as opened:
        await opened.press("l", key)
        assert isinstance(opened.screen, Overview)


async def test_a_long_list_scrolls_under_the_cursor(tmp_path: Path) -> None:
    many = "import modal\n\nstore = {}\n" + "".join(f'store.lookup("{number}")\n' for number in range(400))
    async with wizard(make_repository(tmp_path / "many", {"a.py": many})) as opened:
        await opened.press("l")
        assert "400 places in 1 file" in opened.text
        await opened.press("end")
        assert "403  store.lookup" in opened.text


async def test_nothing_alike_is_a_friendly_word_without_a_search(tmp_path: Path) -> None:
    async with wizard(make_repository(tmp_path / "new", {"a.py": "import modal\n"})) as opened:
        await opened.press("l")
        assert "Nothing else in this repository reads like old Modal code." in opened.text
        assert "search" not in opened.footer
        await opened.press("l")
        assert isinstance(opened.screen, Overview)


async def test_it_is_not_offered_before_the_scan_is_done(repository: Path) -> None:
    async with wizard(repository, scanned=False) as opened:
        opened.app.scanned = False
        opened.screen.refresh_bindings()
        assert opened.screen.check_action("left_alone", ()) is False


async def test_leaving_while_they_are_looked_for_breaks_nothing(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Event()
    found = Analysis(scope_of(repository)).look_alikes()

    def slow(_: Analysis) -> Sequence[LookAlike]:
        gate.wait(10)
        return found

    monkeypatch.setattr("modal_wizard.scan.analysis.Analysis.look_alikes", slow)
    async with wizard(repository) as opened:
        await opened.type_keys("l")
        await opened.pilot.pause()
        assert "Looking…" in opened.text
        await opened.type_keys("escape")
        await opened.pilot.pause()
        gate.set()
        await opened.settle()
        assert isinstance(opened.screen, Overview)
        gate.clear()
        await opened.type_keys("l")
        await opened.type_keys("q")
        gate.set()


async def test_nothing_of_the_repository_is_obeyed_or_taken_for_markup(tmp_path: Path) -> None:
    evil = "import modal\nstore = {}\nstore['[red]\x1b[31m'].lookup(1)\n"
    async with wizard(make_repository(tmp_path / "evil", {"[b]a.py": evil})) as opened:
        await opened.press("l")
        assert "store['[red]␛[31m'].lookup" in opened.text
        assert "[b]a.py" in opened.text
        assert "\x1b" not in opened.text


async def test_the_reasons_are_wrapped_anew_when_the_terminal_changes(tmp_path: Path) -> None:
    async with wizard(write_demo(tmp_path / "demo")) as opened:
        await opened.press("l")
        sentence = "`AnswerCache` is imported from .cache on line 5"
        assert sentence in opened.text
        await opened.resize(60, 24)
        await opened.settle()
        lines = opened.text.split("\n")
        assert all(line.startswith("  ") or not line.startswith(" on line") for line in lines)
        await opened.resize(*TINY)
        await opened.settle()
        assert "esc" in opened.footer


def test_line_by_line_l_lists_them(repository: Path, lines: Lines) -> None:
    said = lines(repository, "l", "q")
    assert "deep/store.py, line 4: store.lookup: `store` is a dict made on line 3 (lookup)." in said


def test_line_by_line_nothing_alike_is_said(tmp_path: Path, lines: Lines) -> None:
    said = lines(make_repository(tmp_path / "new", LEGACY), "l", "q")
    assert "Nothing else reads like old Modal code." in said


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lines:
    return Lines(monkeypatch, capsys)
