"""Taking back a section's commit: by a new commit with hooks, its findings open again, the decisions kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.pilot import NARROW, SHOP, git, make_repository, open_section, wizard, write

from modal_wizard.session.decisions import Status
from modal_wizard.tui.dialogs.choose import Menu
from modal_wizard.tui.dialogs.confirm import Question
from modal_wizard.tui.dialogs.failure import Failure
from modal_wizard.tui.screens.summary import Summary

BOTH = SHOP + '\nother = modal.Function.lookup("shop", "price")\n'
TAKEN = [Status.ACCEPTED, Status.SKIPPED, Status.ACCEPTED]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "shop", {"shop.py": BOTH, "requirements.txt": "modal==0.77.0\n"})


def subjects(root: Path) -> list[str]:
    return git(root, "log", "--format=%s").strip().split("\n")


async def test_a_section_and_the_pin_are_taken_back_with_hooks_and_can_be_committed_again(root: Path) -> None:
    hooked = root / ".git" / "hooks" / "commit-msg"
    hooked.parent.mkdir(exist_ok=True)
    hooked.write_text('#!/bin/sh\nhead -1 "$1" >> .git/hooked\n')
    hooked.chmod(0o755)
    write(root, {"mine.txt": "mine\n"})
    git(root, "add", "mine.txt")
    async with wizard(root, NARROW) as opened:
        await opened.press("enter", "a", "s", "a", "c", "c")
        await opened.press("enter", "a", "c", "c", "m", "p", "y")
        assert opened.shows(Summary)
        written = (root / "shop.py").read_text()
        await opened.press("Z")
        assert opened.shows(Menu)
        assert "The required version" in opened.text
        await opened.press("j", "j", "enter")
        assert opened.shows(Question)
        assert "Its findings are open again" in opened.text.replace("\n", " ")
        await opened.press("y")
        assert "takes back" in opened.text
        assert opened.statuses("autoscaler") == TAKEN
        back = (root / "shop.py").read_text()
        assert "keep_warm=1, concurrency_limit=5" in back
        assert "from_name" in back
    assert subjects(root)[0] == 'Revert "Modal 1.0: rename autoscaler parameters"'
    assert (root / ".git" / "hooked").read_text().split("\n")[-2] == subjects(root)[0]
    assert git(root, "status", "--porcelain") == "A  mine.txt\n"
    async with wizard(root, NARROW) as opened:
        assert opened.statuses("autoscaler") == TAKEN
        await opened.press("m", "Z", "enter", "y")
        assert (root / "requirements.txt").read_text() == "modal==0.77.0\n"
        await opened.press("o")
        await open_section(opened, "autoscaler")
        await opened.press("c", "c")
        assert (root / "shop.py").read_text() == written
    assert len(subjects(root)) == 7


async def test_what_was_changed_again_since_is_refused_and_nothing_is_touched(root: Path) -> None:
    async with wizard(root, NARROW) as opened:
        await opened.press("enter", "A", "c", "c", "m")
        text = (root / "shop.py").read_text().replace("min_containers=1", "min_containers=4")
        write(root, {"shop.py": text})
        git(root, "commit", "--quiet", "--all", "--message", "Four")
        await opened.press("Z", "enter")
        assert opened.shows(Failure)
        assert "was changed again since" in opened.text.replace("\n", " ")
    assert (root / "shop.py").read_text() == text
    assert subjects(root)[0] == "Four"
    assert git(root, "status", "--porcelain") == ""


async def test_what_was_written_without_a_commit_is_brought_back_whole_and_the_commits_that_stay_are_named(
    root: Path,
) -> None:
    write(root, {"desk.py": 'import modal\n\nprice = modal.Function.lookup("shop", "price")\n', "shop.py": SHOP})
    git(root, "commit", "--quiet", "--all", "--message", "Two")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Three")
    async with wizard(root, NARROW) as opened:
        await opened.press("enter", "a", "s", "a", "c", "c", "enter", "A", "c", "W", "m", "Z")
        assert "written without a commit" in opened.text
        await opened.press("enter")
        assert opened.shows(Question)
        assert "These commits stay" in opened.text
        assert "Autoscaler parameters" in opened.text
        await opened.press("y")
        assert git(root, "status", "--porcelain") == ""
        assert opened.statuses("lookup") == [Status.ACCEPTED]
        assert "written without a commit" not in opened.text
