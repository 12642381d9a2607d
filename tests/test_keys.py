"""What a key costs, told by counting frames, layouts, lines drawn and work done; no test asserts a time."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import msgspec
import pytest
from support.pilot import LEGACY, PATIENCE, Wizard, make_repository, open_section, wizard
from textual.app import App
from textual.screen import Screen

from modal_transforms.core.model import Applicability, Finding, Site, Span
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.migration.migration import Migration
from modal_wizard.review import memo
from modal_wizard.review.change import change_of
from modal_wizard.session.decisions import DecidedFinding, Decision, ManualEdit, Status, decided_finding
from modal_wizard.text.diff import Hunk
from modal_wizard.tui.dialogs.choose import Menu
from modal_wizard.tui.screens.review import change_cache
from modal_wizard.tui.screens.review.prefetch import PAUSE, Prefetcher
from modal_wizard.tui.widgets.diff_view import DiffView
from modal_wizard.tui.widgets.finding_tree import FindingTree

FILES = {f"shop_{number}.py": LEGACY["shop.py"] for number in range(12)}


def finding(number: int, rule: str = "rename") -> Finding:
    site = Site("shop.py", Span(number, number + 1), number + 1, 1, number + 1, 5, "keep_warm")
    return Finding(str(number), "autoscaler", rule, Applicability.SAFE, "old", (), (site,))


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What is done on the screen from now on."""
    made: Counter[str] = Counter()

    def counted(kind: type, name: str) -> None:
        whole = getattr(kind, name)

        def once_more(self: object, *rest: object, **named: object) -> object:
            made[name] += 1
            return whole(self, *rest, **named)

        monkeypatch.setattr(kind, name, once_more)

    counted(FindingTree, "render_line")
    return made


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The place that stands above the diff in each frame that shows something new."""
    shown: list[str] = []
    display = App._display

    def noted(self: App[object], screen: Screen[object], update: object) -> None:
        if update is not None and screen is self.screen and (views := list(screen.query(DiffView))):
            shown.append(str(views[0].border_title))
        display(self, screen, update)  # type: ignore[arg-type]

    monkeypatch.setattr(App, "_display", noted)
    return shown


async def reviewed(opened: Wizard) -> None:
    """Open a long section, and have behind us what comes with the first decisions only."""
    await open_section(opened, "autoscaler")
    await opened.press("a", "a", "s", "j")


async def test_a_decision_draws_only_the_rows_that_it_changes(tmp_path: Path, counts: Counter[str]) -> None:
    async with wizard(make_repository(tmp_path / "shop", FILES)) as opened:
        await reviewed(opened)
        counts.clear()
        await opened.press("a", "s")
        assert counts["render_line"] <= 2 * 4, "the finding, the next one, and the lines of their files"


async def test_the_hint_that_goes_and_comes_moves_nothing(tmp_path: Path) -> None:
    async with wizard(make_repository(tmp_path / "shop", FILES)) as opened:
        await reviewed(opened)
        height = opened.review.query_one(DiffView).size.height
        hints = set()
        for key in ("a", "a", "s", "a"):
            await opened.press(key)
            hints.add("decides the other" in opened.text)
            assert opened.review.query_one(DiffView).size.height == height
        assert hints == {True, False}


@pytest.mark.parametrize("key", ["j", "a", "s", "n"])
async def test_a_key_shows_the_next_finding_in_its_first_frame(tmp_path: Path, frames: list[str], key: str) -> None:
    async with wizard(make_repository(tmp_path / "shop", FILES)) as opened:
        await reviewed(opened)
        await opened.press("s", "u")
        assert opened.app.telling.told, "what goes with the next key, and has no frame of its own"
        before = str(opened.review.query_one(DiffView).border_title)
        frames.clear()
        await opened.press(key)
        assert before not in frames
        assert not opened.app.telling.told
        assert frames[0] == f"{opened.here.site.path}:{opened.here.site.label}"


async def test_beside_another_finding_never_stands_the_change_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = Event()
    make = change_cache.ChangeCache.make

    def held(self: change_cache.ChangeCache, *rest: object) -> list[Hunk] | CannotRewrite:
        go_on.wait(30)
        return make(self, *rest)  # type: ignore[arg-type]

    async with wizard(make_repository(tmp_path / "shop")) as opened:
        await open_section(opened, "autoscaler")
        monkeypatch.setattr(change_cache.ChangeCache, "make", held)
        monkeypatch.setattr("modal_wizard.tui.screens.review.change_pane.is_quick", lambda *_: False)
        monkeypatch.setattr("modal_wizard.tui.screens.review.prefetch.is_quick", lambda *_: False)
        opened.review.pane.changes = change_cache.ChangeCache()
        await opened.type_keys("j", "j")
        assert f"shop.py:{opened.here.site.line}" in opened.text
        assert "+ @app.function(min_containers" not in opened.text
        assert "▶ @app.function(container_idle_timeout=60)" in opened.text
        go_on.set()
        await opened.settle()
        assert "+ @app.function(scaledown_window=60)" in opened.text


async def test_a_file_that_is_gone_is_told_of_beside_its_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_repository(tmp_path / "shop", FILES)
    async with wizard(root) as opened:
        await open_section(opened, "autoscaler")
        for path in FILES:
            (root / path).unlink()
        opened.app.migration.scanned.sources.clear()
        await opened.press("end")
        assert "cannot be read" in opened.text
        await opened.press("home", "j")
        assert opened.app._exception is None


async def test_small_files_that_were_not_read_yet_are_shown_at_once(tmp_path: Path) -> None:
    async with wizard(make_repository(tmp_path / "shop", FILES)) as opened:
        await open_section(opened, "autoscaler")
        opened.app.migration.scanned.sources.clear()
        last = opened.review.findings.order[-1]
        assert change_cache.is_quick(opened.app.migration, last, ())


async def test_the_next_change_is_worked_out_before_its_key_is_pressed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    change, ahead, through = change_of, Prefetcher._likely_changes, asyncio.Event()

    def counted(migration: Migration, finding: Finding, *rest: object) -> object:
        made.append(finding.id)
        return change(migration, finding, *rest)  # type: ignore[arg-type]

    def heard(prefetcher: Prefetcher, scanned: bool) -> Iterator[object]:
        through.clear()
        yield from ahead(prefetcher, scanned)
        through.set()

    monkeypatch.setattr(Prefetcher, "_likely_changes", heard)
    async with wizard(make_repository(tmp_path / "shop", FILES)) as opened:
        await open_section(opened, "autoscaler")
        await asyncio.wait_for(through.wait(), PATIENCE)
        monkeypatch.setattr("modal_wizard.tui.screens.review.change_cache.change_of", counted)
        monkeypatch.setattr(Prefetcher, "begin", lambda *_: None)
        await opened.press("a")
        assert made == []
        await opened.press("j")
        assert made == [opened.here.id]


async def test_a_key_ends_the_work_ahead_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    begun, later = asyncio.Event(), asyncio.Event()

    def endless(_prefetcher: Prefetcher, _scanned: bool) -> Iterator[object]:
        while True:
            done.append(1)
            begun.set()
            yield None

    monkeypatch.setattr(Prefetcher, "_likely_changes", endless)
    async with wizard(make_repository(tmp_path / "shop")) as opened:
        await open_section(opened, "autoscaler")
        await asyncio.wait_for(begun.wait(), PATIENCE)
        monkeypatch.setattr(Prefetcher, "begin", lambda *_: None)
        await opened.press("j")
        done.clear()
        asyncio.get_running_loop().call_later(2 * PAUSE, later.set)  # a piece that was still to come would come before
        await later.wait()
        assert done == []


async def test_below_a_dialog_nothing_is_drawn_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[object] = []
    display = App._display

    def noted(self: App[object], screen: Screen[object], update: object) -> None:
        drawn.append(update)
        display(self, screen, update)  # type: ignore[arg-type]

    async with wizard(make_repository(tmp_path / "shop")) as opened:
        await open_section(opened, "autoscaler")
        await opened.press("F")
        assert opened.shows(Menu)
        monkeypatch.setattr(App, "_display", noted)
        for _ in range(20):
            await opened.pilot.pause()
        assert drawn == []
        await opened.press("j")
        assert drawn


def test_a_decision_is_written_as_it_is_read() -> None:
    several = [
        Decision(),
        Decision(Status.ACCEPTED, "rename", (("name", "x"),), bulk=True),
        Decision(Status.EDITED, "rename", typed=ManualEdit("a.py", 1, 2, "x")),
        Decision(Status.SKIPPED, reason="why"),
    ]
    for decision in several:
        written = json.dumps(msgspec.to_builtins(decided_finding("one", decision)))
        assert msgspec.convert(json.loads(written), DecidedFinding).pair == ("one", decision)


def test_what_is_asked_of_a_finding_is_worked_out_once() -> None:
    asked: list[str] = []

    @memo.remembered
    def name(each: Finding) -> str:
        asked.append(each.id)
        return each.id

    one, other = finding(1), finding(2)
    assert [name(one), name(other), name(one)] == ["1", "2", "1"]
    assert asked == ["1", "2"]
