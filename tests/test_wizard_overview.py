"""The first screen: what awaits, what breaks when, and what is said when there is nothing to do."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from support.pilot import (
    DESK,
    LEGACY,
    NARROW,
    PATIENCE,
    SHOP,
    SIZES,
    TINY,
    git,
    make_repository,
    open_section,
    wizard,
    write,
)

from modal_transforms.core.model import Applicability
from modal_wizard.demo import write_demo
from modal_wizard.scan.discover import ScanScope, list_files
from modal_wizard.session.decisions import Status
from modal_wizard.tui.dialogs.help import Help
from modal_wizard.tui.dialogs.problems import Problems
from modal_wizard.tui.screens.commit.screen import Commit
from modal_wizard.tui.screens.overview import Overview
from modal_wizard.tui.screens.review.screen import Review
from modal_wizard.tui.screens.summary import Summary
from modal_wizard.tui.widgets.section_list import SectionList

sizes = pytest.mark.parametrize("size", SIZES, ids=["120x36", "80x24"])


@sizes
async def test_it_shows_the_sections_that_have_findings_with_counts_and_versions(
    repository: Path, size: tuple[int, int]
) -> None:
    async with wizard(repository, size) as opened:
        row = next(line for line in opened.text.split("\n") if "Autoscaler" in line)
        assert row.split()[-1] == "started"
        assert "3" in row
        assert "now" in row
        assert "○" in row
        assert "0 of 4 decided" in opened.text


@sizes
async def test_it_says_where_it_is(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        top = opened.text.split("\n")[0]
        assert "main" in top
        assert "✓ clean" in top
        assert "/shop" in top


async def test_the_guide_is_whole_and_what_has_nothing_is_passed_over(repository: Path) -> None:
    async with wizard(repository) as opened:
        lines = opened.text.split("\n")
        top = lines.index(" The guide")
        assert [int(line.split()[0]) for line in lines[top + 1 : top + 13]] == list(range(1, 13))
        assert "Image.copy_* → add_local_*" in lines[top + 1]
        await opened.press("up", "up", "down")
        assert isinstance(opened.screen, Overview)
        assert opened.screen.here is not None
        assert opened.screen.here.slug in {"autoscaler", "lookup"}


async def test_it_begins_at_the_first_section_that_has_findings(repository: Path) -> None:
    async with wizard(repository) as opened:
        assert isinstance(opened.screen, Overview)
        assert opened.screen.here is not None
        assert opened.screen.here.slug == "autoscaler"
        assert "3 places in 1 file" in opened.text


@pytest.mark.parametrize(("down", "up"), [("j", "k"), ("down", "up")], ids=["j k", "arrows"])
async def test_moving_tells_about_the_section_under_the_cursor(repository: Path, down: str, up: str) -> None:
    async with wizard(repository) as opened:
        await opened.press(down)
        assert isinstance(opened.screen, Overview)
        assert opened.screen.here is not None
        assert opened.screen.here.slug == "lookup"
        assert "1 place in 1 file" in opened.text
        await opened.press(up)
        assert opened.screen.here.slug == "autoscaler"


@sizes
async def test_enter_opens_the_section(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter")
        assert isinstance(opened.screen, Review)
        assert opened.screen.section.slug == "autoscaler"


async def test_a_click_opens_the_section(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.pilot.click("#sections", offset=(6, 8))
        await opened.settle()
        assert opened.review.section.slug == "lookup"


async def test_a_click_on_a_key_presses_it(repository: Path) -> None:
    async with wizard(repository) as opened:
        column = opened.footer.split("\n")[0].index("? help")
        await opened.pilot.click("KeyBar", offset=(column, 0))
        await opened.settle()
        assert isinstance(opened.screen, Help)


@sizes
async def test_only_keys_that_work_now_are_in_the_footer(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        assert "open" in opened.footer
        assert "quit" in opened.footer
        for absent in ("commit", "undo", "redo", "summary", "not read"):
            assert absent not in opened.footer
        await opened.press("enter", "a", "o")
        for present in ("commit", "undo", "summary"):
            assert present in opened.footer


@sizes
async def test_c_goes_to_the_commit_of_the_section(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("c")
        assert isinstance(opened.screen, Overview)
        await opened.press("enter", "a", "o", "c")
        assert isinstance(opened.screen, Commit)


@sizes
async def test_m_shows_the_summary(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "s", "o", "m")
        assert isinstance(opened.screen, Summary)
        assert "Left (4)" in opened.text


@sizes
async def test_f_lists_the_files_that_could_not_be_read(tmp_path: Path, size: tuple[int, int]) -> None:
    root = make_repository(tmp_path / "shop", {**LEGACY, "broken.py": "import modal\ndef (:\n"})
    async with wizard(root, size) as opened:
        assert "1 file not read" in opened.text
        await opened.press("f")
        assert isinstance(opened.screen, Problems)
        assert "broken.py" in opened.text
        await opened.press("escape")
        assert isinstance(opened.screen, Overview)


async def test_undo_and_redo_work_after_the_section_was_left(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "a", "o")
        assert "◐ 1 of 3" in opened.text
        await opened.press("u")
        assert "◐" not in opened.text
        await opened.press("U")
        assert "◐ 1 of 3" in opened.text


@sizes
async def test_a_repository_without_findings_is_told_that_it_is_ready(tmp_path: Path, size: tuple[int, int]) -> None:
    root = make_repository(tmp_path / "new", {"app.py": 'import modal\n\napp = modal.App("new")\n'})
    async with wizard(root, size) as opened:
        assert "This repository is ready for Modal 1.x." in opened.text
        assert "open" not in opened.footer


async def test_a_folder_without_python_is_told_so(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "none", {"README.md": "hello\n"})
    async with wizard(root) as opened:
        assert "no Python files here" in opened.text


async def test_the_first_screen_is_there_and_keys_work_before_the_scan_ends(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, release, loop = asyncio.Event(), threading.Event(), asyncio.get_running_loop()

    def slowly(scope: ScanScope) -> list[str]:
        loop.call_soon_threadsafe(begun.set)
        assert release.wait(PATIENCE)
        return list_files(scope)

    monkeypatch.setattr("modal_wizard.scan.analysis.list_files", slowly)
    async with wizard(repository, scanned=False) as opened:
        await asyncio.wait_for(begun.wait(), PATIENCE)
        await opened.pilot.pause()
        assert "scanning" in opened.text
        await opened.type_keys("question_mark")
        assert isinstance(opened.screen, Help)
        await opened.type_keys("escape")
        release.set()
        await opened.settle()
        assert "0 of 4 decided" in opened.text


async def test_q_leaves_and_the_next_run_goes_on_where_it_was(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "a", "s", "q")
        assert opened.app.return_value == 0
    assert (repository / "shop.py").read_text() == SHOP
    async with wizard(repository) as opened:
        assert opened.statuses("autoscaler") == [Status.ACCEPTED, Status.SKIPPED, Status.PENDING]
        await open_section(opened, "autoscaler")
        assert opened.here.site.line == 11


async def test_decisions_survive_a_change_of_the_file_elsewhere(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "a", "q")
    write(repository, {"desk.py": f"{DESK}# a remark\n"})
    async with wizard(repository) as opened:
        assert opened.statuses("autoscaler")[0] is Status.ACCEPTED
        assert "1 changed file" in opened.text


@pytest.mark.parametrize("size", [NARROW, TINY], ids=["80x24", "40x10"])
async def test_a_small_terminal_still_names_sections_and_keys(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        row = next(line for line in opened.text.split("\n") if "Autoscaler" in line)
        assert "○" in row
        assert "? help" in opened.footer
        assert all(len(line) <= size[0] for line in opened.text.split("\n"))


async def test_a_branch_name_and_a_detached_head_are_told(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "--detach")
    async with wizard(repository) as opened:
        assert "detached at" in opened.text


async def test_all_safe_of_all_sections_are_one_step_and_the_rest_is_walked_across_sections(tmp_path: Path) -> None:
    async with wizard(write_demo(tmp_path / "demo"), NARROW) as opened:
        assert "A all safe" in opened.footer
        await opened.press("A")
        assert opened.shows(Review)
        assert opened.here.applicability is Applicability.REVIEW
        assert len(opened.app.migration.session.steps) == 1
        assert "25 of 34 accepted" in opened.text, opened.text
        await opened.press("o")
        assert "A all safe" not in opened.footer
        await opened.press("u")
        assert "0 of " in opened.text
        assert "A all safe" in opened.footer


@sizes
async def test_who_comes_back_is_told_where_they_were_and_enter_goes_there(
    repository: Path, size: tuple[int, int]
) -> None:
    async with wizard(repository, size) as opened:
        assert "Welcome back" not in opened.text
        await opened.press("enter", "j", "a")
        next_one = opened.here.id
    async with wizard(repository, size) as opened:
        assert "Welcome back: 1 of 4 decided" in opened.text
        await opened.press("enter")
        assert opened.here.id == next_one
        await opened.press("o")
        assert "Welcome back" not in opened.text


async def test_at_80x24_the_cursor_is_in_sight_and_a_mark_says_that_there_is_more(tmp_path: Path) -> None:
    async with wizard(write_demo(tmp_path / "demo"), NARROW) as opened:
        sections = opened.screen.query_one(SectionList)
        lines = opened.text.split("\n")
        assert len(lines) == 24
        assert "0 of 34 decided" in opened.text
        for _ in range(len(sections.shown)):
            above, below = sections.out_of_sight
            assert (f"↑ {above} more" in opened.text) is bool(above)
            assert (f"↓ {below} more" in opened.text) is bool(below)
            row = (sections.highlighted or 0) - above
            assert 0 <= row < sections.content_size.height
            await opened.press("j")
