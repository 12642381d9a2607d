"""What keeps the wizard quick, told by its structure: what is loaded when, what is drawn, what waits for what."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from threading import Event

import pytest
from support.pilot import LEGACY, NARROW, PATIENCE, TINY, WIDE, Wizard, make_repository, open_section, settle, wizard
from support.terminal import Terminal, environment
from textual.app import App, ComposeResult
from textual.content import Content
from textual.strip import Strip

from modal_transforms.core.model import Applicability, FileReport, Finding, Site, Span
from modal_wizard.git.permissions import Permissions
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.preview import NotApplicable
from modal_wizard.review.cursor import ReviewCursor, SectionFindings
from modal_wizard.scan.discover import scope_of
from modal_wizard.scan.result import Progress
from modal_wizard.session.decisions import Decision, Status
from modal_wizard.text.diff import hunks
from modal_wizard.tui.app import WizardApp
from modal_wizard.tui.screens.overview import Overview
from modal_wizard.tui.widgets import code
from modal_wizard.tui.widgets.diff_view import DiffView
from modal_wizard.tui.widgets.finding_tree import FindingTree

MANY = 10_000
FRAME = """
import gc
import sys
from modal_wizard.cli import main as cli
from modal_wizard.cli import open as wizard
from modal_wizard.tui import run

class First(run.WizardApp):
    def get_default_screen(self):
        assert not gc.isenabled()
        return super().get_default_screen()

    def scan(self):
        loaded = set(sys.modules)
        assert gc.isenabled()
        assert "Reading the files" in str(self.screen.query_one("#reading").render())
        kinds = ("libcst", "git.", "modal_transforms.")
        words = {"modal_transforms.core", "modal_transforms.core.patterns"}
        print(*sorted(name for name in loaded - words if name.startswith(kinds)))
        late = {"git", "pygments", "tree_sitter", "modal_wizard.migration.migration", "modal_wizard.session.log"}
        print(*sorted(late & loaded))
        ours = "files.transaction git.check_command git.command git.repository scan.scanner "
        ours += "tui.widgets.status_marks tui.widgets.section_list"
        print(*sorted({f"modal_wizard.{name}" for name in ours.split()} & loaded))
        self.exit(0)

    def run(self):
        return super().run(headless=True)

run.WizardApp = First
wizard.has_terminal = lambda: True
sys.exit(cli.main(sys.argv[1:]))
"""


def finding(number: int) -> Finding:
    path = f"file_{number // 10:04}.py"
    site = Site(path, Span(number, number + 1), number % 10 + 1, 1, number % 10 + 1, 5, "keep_warm")
    return Finding(str(number), "autoscaler", "rename", Applicability.SAFE, "old", (), (site,))


def test_the_first_frame_is_drawn_before_anything_of_the_work_is_loaded(tmp_path: Path) -> None:
    make_repository(tmp_path / "shop")
    done = subprocess.run(
        [sys.executable, "-c", FRAME, str(tmp_path / "shop")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


@pytest.mark.parametrize("size", [WIDE, NARROW, TINY])
async def test_what_comes_after_the_first_frame_moves_nothing_on_the_screen(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Overview.furnish
    before: list[str] = []

    async def watched(overview: Overview) -> None:
        before.append(opened.text)
        await whole(overview)

    monkeypatch.setattr(WizardApp, "scan", lambda _app: None)
    monkeypatch.setattr(Overview, "furnish", watched)
    app = WizardApp(scope_of(make_repository(tmp_path / "shop")), None, Permissions())
    async with app.run_test(size=size) as pilot:
        opened = Wizard(app, pilot)
        while not app.navigation.overview.furnished:
            await pilot.pause()
        await pilot.pause()
        assert "scanning" in before[0]
        assert "quit" in before[0]
        assert opened.text == before[0]
        assert app.focused is app.navigation.overview.sections


def test_a_key_that_is_pressed_before_the_first_frame_is_answered_and_holds_nothing_up(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    command = [sys.executable, "-m", "modal_wizard", str(root)]
    with Terminal(command, environment(tmp_path), size=NARROW) as terminal:
        terminal.press("?")
        terminal.wait("╭─ keys that work here")
        terminal.press("\x1b")
        terminal.wait("0 of 4 decided")
        terminal.press("\r")
        terminal.wait("findings")
        terminal.press("q")
        assert terminal.ended() == 0


class Listed(App[None]):
    """A tree of ten thousand findings."""

    def compose(self) -> ComposeResult:
        yield FindingTree()


async def test_only_the_rows_in_sight_are_drawn_of_ten_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: Counter[int] = Counter()
    draw = FindingTree.render_line

    def counted(tree: FindingTree, y: int) -> Strip:
        drawn[y] += 1
        return draw(tree, y)

    monkeypatch.setattr(FindingTree, "render_line", counted)
    app = Listed()
    async with app.run_test(size=(80, 24)) as pilot:
        tree = app.query_one(FindingTree)
        tree.fill([finding(number) for number in range(MANY)], lambda _: Status.PENDING)
        await pilot.pause()
        await pilot.press("end")
        await settle(app)
        assert tree.here is not None
        assert tree.here.id == str(MANY - 1)
        assert max(drawn) < 24
        drawn.clear()
        await pilot.press("k")
        await settle(app)
        assert sum(drawn.values()) <= 48


async def test_findings_that_come_in_join_the_tree_and_the_cursor_stays() -> None:
    app = Listed()
    several = [finding(number) for number in range(95)]
    async with app.run_test() as pilot:
        tree = app.query_one(FindingTree)
        tree.fill(several[:42], lambda _: Status.PENDING)
        tree.go(several[17])
        filled = tree.filled
        for count in (50, 73, 95):
            tree.fill(several[:count], lambda _: Status.PENDING)
            await pilot.pause()
        assert tree.here == several[17]
        assert tree.order == several
        assert tree.filled == filled


class Shown(App[None]):
    """A diff."""

    def compose(self) -> ComposeResult:
        yield DiffView()


async def test_of_a_diff_of_a_hundred_thousand_lines_only_a_few_are_coloured(monkeypatch: pytest.MonkeyPatch) -> None:
    coloured: list[int] = []
    whole = code.highlighted

    def counted(lines: Sequence[str], path: str) -> list[Content]:
        coloured.append(len(lines))
        return whole(lines, path)

    monkeypatch.setattr("modal_wizard.tui.widgets.diff_layout.highlighted", counted)
    before = "".join(f"a_{number} = {number}\n" for number in range(50_000))
    app = Shown()
    async with app.run_test(size=(80, 24)) as pilot:
        view = app.query_one(DiffView)
        view.show(hunks("a.py", before, before.replace("a_", "b_")))
        await pilot.pause()
        assert view.virtual_size.height > 100_000
        assert 0 < sum(coloured) < 1000


async def test_a_key_is_answered_before_the_scan_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, loop = Migration.scan, asyncio.get_running_loop()
    half, pressed = asyncio.Event(), threading.Event()

    def held(migration: Migration) -> Iterator[Progress]:
        for progress in whole(migration):
            yield progress
            if progress.report is not None and progress.report.path == "shop.py":
                loop.call_soon_threadsafe(half.set)
                assert pressed.wait(PATIENCE)

    monkeypatch.setattr(Migration, "scan", held)
    root = make_repository(tmp_path / "shop", LEGACY)
    async with wizard(root, scanned=False) as opened:
        await asyncio.wait_for(half.wait(), PATIENCE)
        await opened.type_keys("question_mark")
        shown = opened.text
        pressed.set()
        assert "keys that work here" in shown
        assert not opened.app.scanned
        await opened.settle()
        assert opened.app.scanned


async def test_the_review_counts_what_is_left_after_each_decision(tmp_path: Path) -> None:
    async with wizard(make_repository(tmp_path / "shop")) as opened:
        await open_section(opened, "autoscaler")
        counted = []
        for keys in ((), ("a",), ("u", "s")):
            await opened.press(*keys)
            left = opened.review.cursor.remaining()
            counted.append((left.pending, left.safe, left.taken))
        assert counted == [(3, 3, 0), (2, 2, 1), (2, 2, 0)]


def test_counts_follow_what_comes_in_and_what_is_decided(tmp_path: Path) -> None:
    migration = Migration(scope_of(tmp_path))
    session, findings = migration.session, SectionFindings(migration)
    cursor = ReviewCursor(migration, findings)
    several = [finding(number) for number in range(40)]
    for start in range(0, 40, 10):
        session.decide({str(start): Decision(Status.ACCEPTED, "rename"), str(start + 5): Decision(Status.SKIPPED)})
        if start == 20:
            session.undo()
        path = f"file_{start // 10:04}.py"
        report = FileReport(path, "", tuple(several[start : start + 10]))
        migration.scanned.reports[path] = report
        migration.found.add(report)
        tally = migration.tally("autoscaler")
        findings.section = migration.sections[0]
        stand = [session.decision(each.id).status for each in migration.findings()]
        assert (tally.pending, tally.accepted, tally.skipped) == tuple(
            map(stand.count, (Status.PENDING, Status.ACCEPTED, Status.SKIPPED))
        )
        left = cursor.remaining()
        assert (left.pending, left.safe, left.taken) == (tally.pending, tally.pending, tally.accepted)
        assert left.by_rule == {"rename": tally.pending}


async def test_many_changes_are_checked_aside_and_nothing_is_decided_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = Event()
    whole = Migration.refusals

    def held(migration: Migration, findings: Iterable[Finding]) -> list[NotApplicable]:
        go_on.wait(30)
        return whole(migration, findings)

    monkeypatch.setattr(Migration, "refusals", held)
    files = {f"shop_{number}.py": LEGACY["shop.py"] for number in range(6)}
    async with wizard(make_repository(tmp_path / "shops", files)) as opened:
        await open_section(opened, "autoscaler")
        await opened.type_keys("A", "s", "j")
        await opened.pilot.pause()
        assert opened.here == opened.review.findings.order[1]
        assert set(opened.statuses("autoscaler")) == {Status.PENDING}
        go_on.set()
        await opened.settle()
        assert set(opened.statuses("autoscaler")) == {Status.ACCEPTED}
        await opened.press("u")
        assert set(opened.statuses("autoscaler")) == {Status.PENDING}
