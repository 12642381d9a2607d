"""A commit goes where the person was shown that it goes: a branch that is switched meanwhile is asked about."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from support.lines import Lines
from support.pilot import SHOP, git, wizard

from modal_wizard.cli.main import main
from modal_wizard.tui.dialogs.confirm import Question
from modal_wizard.tui.dialogs.failure import Failure
from modal_wizard.tui.screens.overview import Overview

MOVES = {
    "another branch": ("checkout --quiet -b other", "now it is the branch other"),
    "no branch": ("checkout --quiet --detach", "now it is the commit"),
    "a commit of the person's": ("commit --quiet --allow-empty -m more", "the branch main has moved"),
    "a bisection": ("bisect start", "A bisect is in progress"),
}


def counted(root: Path, *more: str) -> int:
    return int(git(root, "rev-list", "--count", *(more or ("HEAD",))))


@pytest.mark.parametrize(("command", "words"), MOVES.values(), ids=MOVES)
def test_a_move_between_writing_and_committing_is_refused(
    repository: Path, command: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    check = ["--check", f"git {command}"]
    assert main(["apply", "--commit", "--section", "autoscaler", *check, str(repository)]) == 2
    assert words in capsys.readouterr().err
    assert "autoscaler" not in git(repository, "log", "--all", "--format=%s")
    assert (repository / "shop.py").read_text() == SHOP
    assert git(repository, "status", "--porcelain") == ""
    assert not (repository / ".git/index.lock").exists()


@pytest.mark.parametrize("answer", ["y", "n"])
def test_line_by_line_a_branch_switched_since_is_asked_about(
    repository: Path, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    program = tmp_path / "editor.py"
    program.write_text(
        f"import subprocess\nsubprocess.run(['git', '-C', {str(repository)!r}, 'checkout', '--quiet', '-b', 'other'])\n"
    )
    monkeypatch.setenv("EDITOR", shlex.join([sys.executable, str(program)]))
    said = lines(repository, "A", "c", "e", "y", answer, "q")
    assert "On the branch main." in said
    moved = "When this was shown, the branch main was checked out; now it is the branch other."
    assert f"{moved} Commit there all the same?" in said
    assert (counted(repository, "main"), counted(repository, "other")) == (1, 1 + (answer == "y"))
    assert git(repository, "status", "--porcelain") == ""


@pytest.mark.parametrize("answer", ["y", "n"])
async def test_on_the_screen_a_branch_switched_since_is_asked_about(repository: Path, answer: str) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "A", "c")
        assert "on the branch main" in opened.text
        git(repository, "checkout", "--quiet", "-b", "other")
        await opened.type_keys("c")
        await opened.appears(Question)
        assert "now it is the branch other" in opened.text
        await opened.press(answer)
        assert opened.shows(Overview if answer == "y" else Failure)
    assert (counted(repository, "main"), counted(repository, "other")) == (1, 1 + (answer == "y"))
    assert git(repository, "status", "--porcelain") == ""


def test_several_sections_are_committed_on_the_branch_that_was_there_at_first(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hook = repository / ".git/hooks/post-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ngit symbolic-ref HEAD refs/heads/other\ngit update-ref refs/heads/other main\n")
    hook.chmod(0o755)
    assert main(["apply", "--commit", "--all", str(repository)]) & 2
    assert counted(repository, "main") == 2
    assert counted(repository, "other") == 2
    assert "now it is the branch other" in capsys.readouterr().err
