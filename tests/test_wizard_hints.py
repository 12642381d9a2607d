"""What helps a newcomer on: hints that come and go, going anywhere by words, what comes next."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.pilot import LEGACY, SHOP, SIZES, Wizard, git, make_repository, open_section, wizard
from textual.widgets import Input, TextArea

from modal_wizard.session.decisions import Status
from modal_wizard.tui.dialogs.choose import List, Menu
from modal_wizard.tui.dialogs.go_to import Finder
from modal_wizard.tui.dialogs.problems import Problems
from modal_wizard.tui.screens.overview import Overview
from modal_wizard.tui.screens.review.screen import Review

sizes = pytest.mark.parametrize("size", SIZES, ids=["120x36", "80x24"])

MANY = "import modal\n\napp = modal.App('many')\n" + "".join(
    f"\n\n@app.function(keep_warm={n})\ndef f{n}(): ...\n" for n in range(6)
)


def at(opened: Wizard, screen: type[object]) -> bool:
    return isinstance(opened.screen, screen)


def finder(opened: Wizard) -> Finder:
    assert isinstance(opened.screen, Finder)
    return opened.screen


async def search(opened: Wizard, text: str) -> None:
    opened.screen.query_one(Input).value = text
    await opened.settle()


@sizes
async def test_the_first_hints_go_away_with_the_first_decision(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        assert "nothing is written until" in opened.text
        await opened.press("enter")
        assert "takes the change that is shown" in opened.text
        await opened.press("a")
        assert "takes the change that is shown" not in opened.text
        await opened.press("o")
        assert "nothing is written until" not in opened.text


@sizes
async def test_after_two_of_a_rule_the_rest_of_it_is_offered_with_what_differs_first(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    root = make_repository(tmp_path / "many", {"a.py": MANY, "b.py": SHOP})
    async with wizard(root, size) as opened:
        await opened.press("enter", "a")
        assert "decides the other" not in opened.text
        await opened.press("a")
        assert "R decides the other 7 of autoscaler-rename at once (2 differ, shown first)." in opened.text
        await opened.press("R")
        assert at(opened, Menu)
        assert "accept all 7 left of rule autoscaler-rename (≠: 2 are another rewrite)" in opened.text
        marked = [line for line in opened.text.split("\n") if "≠ " in line]
        assert len(marked) == 2
        opened.screen.query_one(List).highlighted = 0
        await opened.press("enter")
        assert set(opened.statuses("autoscaler")) == {Status.ACCEPTED}


@sizes
async def test_a_finished_section_says_what_comes_next_and_n_goes_there(
    repository: Path, size: tuple[int, int]
) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "A")
        assert "c shows the commit, n goes on: 1 finding left in other sections." in opened.text
        assert "n next section" in opened.footer
        await opened.press("n")
        assert opened.review.section.slug == "lookup"


@sizes
async def test_n_says_that_the_undecided_are_elsewhere_when_a_filter_hides_them(
    repository: Path, size: tuple[int, int]
) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "slash", *"idle", "enter", "a")
        assert "n next undecided elsewhere" in opened.footer
        await opened.press("n")
        assert len(opened.review.findings.order) == 3
        assert opened.here.site.text == "keep_warm"


@sizes
@pytest.mark.parametrize(
    ("words", "slug", "line"),
    [("from_name", "lookup", 3), ("shop.py:11", "autoscaler", 11), ("idle", "autoscaler", 11), ("8", "lookup", 3)],
)
async def test_slash_on_the_overview_finds_sections_files_and_findings(
    repository: Path, size: tuple[int, int], words: str, slug: str, line: int
) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("slash")
        assert at(opened, Finder)
        await search(opened, words)
        menu = opened.screen.query_one("#menu")
        finder(opened).action_move(0 if words == "8" else len(menu.children) + 200)
        await opened.press("enter")
        assert at(opened, Review)
        assert (opened.review.section.slug, opened.here.site.line) == (slug, line)
        await opened.press("o")
        assert at(opened, Overview)


async def test_words_that_occur_nowhere_are_said_to(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("slash")
        await search(opened, "zebra")
        assert "These words occur nowhere." in opened.text
        assert "go there" not in opened.footer
        await opened.press("enter")
        assert at(opened, Finder)


async def test_g_goes_to_another_section_and_to_what_a_filter_hides(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "slash", *"idle", "enter", "g")
        await search(opened, "shop.py:6 keep_warm")
        finder(opened).action_move(200)
        await opened.press("enter")
        assert opened.here.site.text == "keep_warm"
        assert not opened.review.filter_bar.filter
        await opened.press("g")
        await search(opened, "desk.py:3")
        await opened.press("enter")
        assert opened.review.section.slug == "lookup"
        await opened.press("o")
        assert at(opened, Overview)


@sizes
async def test_files_that_are_not_looked_at_are_listed_with_their_reasons(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    root = make_repository(tmp_path / "shop", {**LEGACY, "gone.py": "import modal\n"})
    os.symlink("shop.py", root / "linked.py")
    git(root, "add", "linked.py")
    (root / "gone.py").unlink()
    async with wizard(root, size) as opened:
        assert "2 not looked at: f" in opened.text
        await opened.press("f")
        assert at(opened, Problems)
        for word in ("gone.py", "deleted, or left out by a sparse checkout", "linked.py", "a symbolic link"):
            assert word in opened.text


@sizes
async def test_that_decisions_are_not_kept_is_said_on_every_screen(repository: Path, size: tuple[int, int]) -> None:
    (repository / ".git" / "modal-wizard").write_text("in the way")
    async with wizard(repository, size) as opened:
        await opened.press("enter", "a")
        assert "Decisions are not kept when you leave" in opened.text
        await opened.press("o")
        assert "Decisions are not kept when you leave" in opened.text


async def test_words_of_a_commit_are_kept_until_it_is_made(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "A", "c", "e")
        opened.screen.query_one(TextArea).text = "Mine"
        await opened.press("escape", "o", "c")
        assert opened.screen.query_one(TextArea).text == "Mine"
        await opened.press("c")
    assert git(repository, "log", "-1", "--format=%B").strip() == "Mine"


@sizes
async def test_all_finished_sections_are_committed_one_by_one(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "A", "n", "A")
        assert "c shows the commit, C commits all 2 finished sections." in opened.text
        await opened.press("C", "escape")
        assert "2 sections are finished: C commits them" in opened.text
        await opened.press("C")
        assert "Commit 2 finished sections, a commit each" in opened.text
        await opened.press("c")
        assert "2 of 2 committed" in opened.text
        await opened.press("escape")
        assert at(opened, Overview)
    subjects = git(repository, "log", "--format=%s").split("\n")
    assert [subject.startswith("Modal 1.0: ") for subject in subjects if subject] == [True, True, False]
    assert git(repository, "status", "--porcelain") == ""


async def test_where_only_what_is_done_by_hand_is_left_it_says_so(tmp_path: Path) -> None:
    files = 'import modal\n\nfiles = modal.NetworkFileSystem.from_name("n")\n'
    async with wizard(make_repository(tmp_path / "shop", {**LEGACY, "files.py": files})) as opened:
        await open_section(opened, "network-file-system")
        assert "by hand: h" not in opened.text
        migration = opened.app.migration
        migration.accept_all(migration.findings())
        opened.app.show_all()
        await opened.sees("What is left has to be done by hand: h when it is done, s leaves it out; C commits all")
