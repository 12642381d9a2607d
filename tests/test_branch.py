"""The whole migration on a branch of its own; the person's own branch stays where it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.lines import Lines
from support.pilot import SIZES, git, make_repository, open_section, wizard

from modal_wizard.cli.main import main
from modal_wizard.tui.dialogs.form import Values
from modal_wizard.tui.screens.commit.screen import Commit
from modal_wizard.tui.screens.overview import Overview

APPLY = ("apply", "--commit", "--all", "--branch")


def branch(root: Path) -> str:
    return git(root, "rev-parse", "--abbrev-ref", "HEAD").strip()


def count(root: Path, name: str) -> int:
    return int(git(root, "rev-list", "--count", name))


def branches(root: Path) -> list[str]:
    return git(root, "for-each-ref", "--format=%(refname:short)", "refs/heads").split()


def failing_hook(root: Path) -> None:
    hook = root / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)


def test_apply_makes_all_commits_on_the_new_branch(repository: Path) -> None:
    assert main([*APPLY, "team/modal-1.0", str(repository)]) == 0
    assert branch(repository) == "team/modal-1.0"
    assert (count(repository, "main"), count(repository, "HEAD")) == (1, 3)
    assert git(repository, "status", "--porcelain") == ""


def test_work_of_the_person_comes_along_untouched(repository: Path) -> None:
    (repository / "notes.txt").write_text("mine\n")
    git(repository, "add", "notes.txt")
    assert main([*APPLY, "fresh", str(repository)]) == 0
    assert git(repository, "status", "--porcelain") == "A  notes.txt\n"


@pytest.mark.parametrize("name", ["main", "bad name", "-x", "a..b", "@{-1}", "HEAD", "x.lock"])
def test_a_name_that_cannot_be_is_refused_before_anything_is_written(
    repository: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    git(repository, "switch", "--quiet", "--create", "here")
    assert main(["apply", "--commit", f"--branch={name}", str(repository)]) == 2
    said = capsys.readouterr().err
    assert ("There is a branch main already." if name == "main" else "is not a name that a branch can have") in said
    assert branches(repository) == ["here", "main"]
    assert git(repository, "status", "--porcelain") == ""


def test_the_wizard_refuses_the_name_before_it_opens(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(repository, "branch", "taken")
    assert main(["--plain", "--branch", "taken", str(repository)]) == 2
    assert "There is a branch taken already." in capsys.readouterr().err


def test_without_a_repository_there_is_no_branch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--branch", "x", str(tmp_path)]) == 2
    assert "needs a git repository" in capsys.readouterr().err


def test_nothing_to_migrate_makes_no_branch(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "new", {"app.py": "import modal\n"})
    assert main([*APPLY, "fresh", str(root)]) == 0
    assert branches(root) == ["main"]


def test_a_first_commit_that_fails_leaves_the_person_where_they_were(repository: Path) -> None:
    failing_hook(repository)
    assert main([*APPLY, "fresh", str(repository)]) == 2
    assert (branch(repository), branches(repository)) == ("main", ["main"])
    assert git(repository, "status", "--porcelain") == ""


def test_a_detached_head_is_come_back_to(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "--detach")
    failing_hook(repository)
    assert main([*APPLY, "fresh", str(repository)]) == 2
    assert (branch(repository), branches(repository)) == ("HEAD", ["main"])


def test_the_failing_hook_of_the_switch_itself_does_not_matter(repository: Path) -> None:
    hook = repository / ".git" / "hooks" / "post-checkout"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    assert main([*APPLY, "fresh", str(repository)]) == 0
    assert count(repository, "fresh") == 3


def test_branch_without_commits_is_a_usage_error(repository: Path) -> None:
    with pytest.raises(SystemExit) as left:
        main(["apply", "--branch", "x", str(repository)])
    assert left.value.code == 2


def test_line_by_line_the_option_and_the_command_do_the_same(tmp_path: Path, lines: Lines) -> None:
    one, two = make_repository(tmp_path / "one"), make_repository(tmp_path / "two")
    said = lines(one, "A", "c", "y", "A", "c", "y", "q", options=("--plain", "--branch", "fresh"))
    assert "on the new branch fresh" in said
    said = lines(two, "b", "b main", "b no good", "b fresh", "b", "A", "c", "y", "A", "c", "y", "q")
    assert "There is a branch main already." in said
    assert "no good is not a name that a branch can have." in said
    assert "Commits go to the new branch fresh." in said
    for root in (one, two):
        assert (branch(root), count(root, "main"), count(root, "fresh")) == ("fresh", 1, 3)


def test_a_second_run_goes_on_on_the_branch(repository: Path, lines: Lines) -> None:
    options = ("--plain", "--branch", "fresh")
    lines(repository, "A", "c", "y", "q", options=options)
    lines(repository, "A", "c", "y", "q", options=options)
    assert (count(repository, "main"), count(repository, "fresh")) == (1, 3)


@pytest.mark.parametrize("size", SIZES, ids=["120x36", "80x24"])
async def test_the_commit_screen_offers_it_before_the_first_commit(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await open_section(opened, "autoscaler")
        await opened.press("A", "c", "b")
        assert isinstance(opened.screen, Values)
        await opened.press("enter")
        assert isinstance(opened.screen, Commit)
        assert "modal-1.0" in opened.text
        assert branches(repository) == ["main"]
        await opened.press("c")
        assert isinstance(opened.screen, Overview)
        assert "modal-1.0" in opened.app.head_text
        await open_section(opened, "lookup")
        await opened.press("A", "c")
        assert "new branch" not in opened.footer
        await opened.press("c")
    assert (count(repository, "main"), count(repository, "modal-1.0")) == (1, 3)


async def test_a_name_that_is_taken_is_refused_on_the_screen(repository: Path) -> None:
    git(repository, "branch", "modal-1.0")
    async with wizard(repository) as opened:
        await opened.press("enter", "A", "c", "b", "enter")
        assert isinstance(opened.screen, Commit)
        assert opened.app.branch == ""
        await opened.press("b", "escape", "c")
    assert count(repository, "main") == 2
