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
from rich.style import Style
from support.pilot import LEGACY, PATIENCE, Wizard, make_repository, open_section, wizard
from textual.app import App
from textual.screen import Screen

from modal_transforms.core.model import Applicability, Finding, Site, Span
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.migration.migration import Migration
from modal_wizard.review import memo
from modal_wizard.session.decisions import DecidedFinding, Decision, ManualEdit, Status, decided_finding
from modal_wizard.session.log import Session
from modal_wizard.text.diff import Hunk
from modal_wizard.tui import base
from modal_wizard.tui.dialogs.choose import Menu
from modal_wizard.tui.screens.review import change_cache
from modal_wizard.tui.screens.review.counts import InSight
from modal_wizard.tui.screens.review.idle_work import PAUSE
from modal_wizard.tui.screens.review.prefetch import ReviewAhead
from modal_wizard.tui.textual_ext.frame_timing import ReadyScreen
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

    counted(Screen, "_refresh_layout")
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


async def test_a_decision_asks_for_no_layout_and_draws_only_the_rows_that_it_changes(
    tmp_path: Path, counts: Counter[str]
) -> None:
    async with wizard(make_repository(tmp_path / "shop", FILES)) as opened:
        await reviewed(opened)
        counts.clear()
        await opened.press("a", "s")
        assert counts["_refresh_layout"] == 0
        assert counts["render_line"] <= 2 * 4, "the finding, the next one, and the lines of their files"


async def test_the_hint_that_goes_and_comes_moves_nothing(tmp_path: Path, counts: Counter[str]) -> None:
    async with wizard(make_repository(tmp_path / "shop", FILES)) as opened:
        await reviewed(opened)
        height = opened.review.query_one(DiffView).size.height
        hints = set()
        counts.clear()
        for key in ("a", "a", "s", "a"):
            await opened.press(key)
            hints.add("at once" in opened.text)
            assert opened.review.query_one(DiffView).size.height == height
        assert hints == {True, False}
        assert counts["_refresh_layout"] == 0


@pytest.mark.parametrize("key", ["j", "a", "s", "n"])
async def test_a_key_shows_the_next_finding_in_its_first_frame(tmp_path: Path, frames: list[str], key: str) -> None:
    async with wizard(make_repository(tmp_path / "shop", FILES)) as opened:
        await reviewed(opened)
        before = str(opened.review.query_one(DiffView).border_title)
        frames.clear()
        await opened.press(key)
        assert before not in frames
        assert frames[0] == f"{opened.here.site.path}:{opened.here.site.label}"


async def test_beside_another_finding_never_stands_the_change_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = Event()
    make = change_cache.Drawings.make

    def held(self: change_cache.Drawings, *rest: object) -> list[Hunk] | CannotRewrite:
        go_on.wait(30)
        return make(self, *rest)  # type: ignore[arg-type]

    async with wizard(make_repository(tmp_path / "shop")) as opened:
        await open_section(opened, "autoscaler")
        monkeypatch.setattr(change_cache.Drawings, "make", held)
        monkeypatch.setattr("modal_wizard.tui.screens.review.panes.is_quick", lambda *_: False)
        monkeypatch.setattr("modal_wizard.tui.screens.review.prefetch.is_quick", lambda *_: False)
        opened.review.drawings = change_cache.Drawings()
        await opened.type_keys("j", "j")
        assert f"shop.py:{opened.here.site.line}" in opened.text
        assert "min_containers" not in opened.text
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
        assert change_cache.is_quick(opened.app.migration, last)


async def test_the_next_change_is_worked_out_before_its_key_is_pressed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    hunks, ahead, through = Migration.hunks, ReviewAhead._work_ahead, asyncio.Event()

    def counted(self: Migration, finding: Finding, *rest: object) -> object:
        made.append(finding.id)
        return hunks(self, finding, *rest)  # type: ignore[arg-type]

    def heard(review: ReviewAhead) -> Iterator[object]:
        through.clear()
        yield from ahead(review)
        through.set()

    monkeypatch.setattr(ReviewAhead, "_work_ahead", heard)
    async with wizard(make_repository(tmp_path / "shop", FILES)) as opened:
        await open_section(opened, "autoscaler")
        await asyncio.wait_for(through.wait(), PATIENCE)
        monkeypatch.setattr(Migration, "hunks", counted)
        monkeypatch.setattr(ReviewAhead, "go_ahead", lambda _: None)
        await opened.press("a")
        assert made == []
        await opened.press("j")
        assert made == [opened.here.id]


async def test_a_key_ends_the_work_ahead_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    begun, later = asyncio.Event(), asyncio.Event()

    def endless(_review: ReviewAhead) -> Iterator[object]:
        while True:
            done.append(1)
            begun.set()
            yield None

    monkeypatch.setattr(ReviewAhead, "_work_ahead", endless)
    async with wizard(make_repository(tmp_path / "shop")) as opened:
        await open_section(opened, "autoscaler")
        await asyncio.wait_for(begun.wait(), PATIENCE)
        monkeypatch.setattr(ReviewAhead, "go_ahead", lambda _: None)
        await opened.press("j")
        done.clear()
        asyncio.get_running_loop().call_later(2 * PAUSE, later.set)  # a piece that was still to come would come before
        await later.wait()
        assert done == []


Look = tuple[str, Style | None]


async def test_the_screen_below_a_dialog_looks_as_textual_dims_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drawn(root: Path) -> list[list[Look]]:
        async with wizard(make_repository(root)) as opened:
            await opened.press("enter", "a", "R")
            assert opened.shows(Menu)
            strips = opened.screen._compositor.render_strips()
            return [[(char, segment.style) for segment in strip for char in segment.text] for strip in strips]

    ours = await drawn(tmp_path / "one" / "shop")
    monkeypatch.delattr(base.WizardDialog, "render")
    assert ours == await drawn(tmp_path / "two" / "shop")


async def test_the_screen_below_a_dialog_is_dimmed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with wizard(make_repository(tmp_path / "shop")) as opened:
        await open_section(opened, "autoscaler")
        await opened.press("slash")
        below = opened.app.screen_stack[-2]
        assert isinstance(below, ReadyScreen)
        drawn = below.drawn
        await opened.press(*"keep")
        assert below.drawn == drawn


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


def test_counts_in_sight_follow_thousands_of_decisions_and_their_undoing() -> None:
    session, in_sight = Session(), InSight()
    several = [finding(number, f"rule-{number % 3}") for number in range(300)]
    session.decide({str(number): Decision(Status.SKIPPED) for number in range(0, 300, 2)})
    in_sight.follow(several, 0, session)
    assert (in_sight.pending, [in_sight.of_rule(f"rule-{rule}") for rule in range(3)]) == (150, [50, 50, 50])
    session.undo()
    assert in_sight.follow(several, 0, session).pending == 300


def test_what_is_asked_of_a_finding_is_worked_out_once() -> None:
    asked: list[str] = []

    @memo.remembered
    def name(each: Finding) -> str:
        asked.append(each.id)
        return each.id

    one, other = finding(1), finding(2)
    assert [name(one), name(other), name(one)] == ["1", "2", "1"]
    assert asked == ["1", "2"]
