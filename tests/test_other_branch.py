"""A commit goes where the person was shown that it goes: a branch that is switched meanwhile is asked about."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

import pytest
from support.lines import Lines
from support.pilot import SHOP, git, wizard

from modal_wizard.cli.front_end import Unattended
from modal_wizard.cli.main import main
from modal_wizard.git.preflight import CommitRefused
from modal_wizard.migration.open import open_migration, repository_of
from modal_wizard.migration.options import RunOptions
from modal_wizard.migration.write import SectionWriter
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


def test_a_branch_switched_while_the_files_are_looked_at_is_refused(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = shutil.which("git")
    script = f'case "$*" in *ls-files*) {real} -C {repository} checkout --quiet -b other 2> /dev/null;; esac'
    place = tmp_path / "bin/git"
    place.parent.mkdir()
    place.write_text(f'#!/bin/sh\n{script}\nexec {real} "$@"\n')
    place.chmod(0o755)
    monkeypatch.setenv("PATH", f"{place.parent}:{os.environ['PATH']}")
    assert main(["apply", "--commit", str(repository)]) == 2
    said = capsys.readouterr().err
    assert "When the files were looked at, main was checked out; now it is other. Nothing was written." in said
    assert (repository / "shop.py").read_text() == SHOP
    assert (counted(repository, "main"), counted(repository, "other")) == (1, 1)


def test_a_section_is_not_written_into_another_branch_than_was_shown(repository: Path) -> None:
    migration = open_migration(repository)
    for _ in migration.scan():
        pass
    migration.accept_all(migration.findings("autoscaler"))
    found = repository_of(migration.scope)
    assert found is not None
    found.show_head()
    writer = SectionWriter(migration, found, RunOptions(), Unattended())
    preview = migration.preview(migration.ready_sections()[0])
    git(repository, "checkout", "--quiet", "-b", "other")
    with pytest.raises(CommitRefused, match="now it is the branch other. Nothing was written"):
        writer.write(preview)
    assert (repository / "shop.py").read_text() == SHOP
    writer.write(preview)
    assert (repository / "shop.py").read_text() != SHOP


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


@pytest.mark.parametrize(("switch", "there"), [("other", "other"), ("--detach", "no branch")])
def test_a_commit_that_a_hook_took_to_another_branch_is_told_so(
    repository: Path, capsys: pytest.CaptureFixture[str], switch: str, there: str
) -> None:
    git(repository, "branch", "other")
    hook = repository / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ngit checkout --quiet {switch}\n")
    hook.chmod(0o755)
    assert main(["apply", "--commit", "--section", "lookup", "--all", str(repository)]) & 2
    assert f"A hook switched branches: the commit is on {there}, not on main." in capsys.readouterr().err
    assert (counted(repository, "main"), counted(repository, "HEAD")) == (1, 2)
