"""What stands in the way is called by its name: a date, a git directory that is gone, git itself, a lock."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.lines import Lines
from support.pilot import SHOP, git, wizard
from textual.widgets import Static

from modal_wizard.cli.main import main


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run `apply` that is refused; return what it says on standard error."""
    assert main(["apply", *arguments]) & 2
    return capsys.readouterr().err


@pytest.mark.parametrize("name", ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"])
def test_a_date_that_git_cannot_read_is_named(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "no\x1bdate")
    said = refused(capsys, "--commit", str(repository))
    assert f"{name} is no date that git can read: no␛date; nothing was written." in said
    assert f"unset {name}" in said
    assert git(repository, "status", "--porcelain") == ""


def test_a_missing_name_is_still_a_missing_name(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    git(repository, "config", "user.useConfigOnly", "true")
    git(repository, "config", "--unset", "user.email")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "nonsense")
    for name in ("EMAIL", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"):
        monkeypatch.delenv(name, raising=False)
    assert "Git does not know who you are" in refused(capsys, "--commit", str(repository))


def test_settings_of_the_person_that_git_cannot_read_are_named(repository: Path, tmp_path: Path) -> None:
    settings = tmp_path / "gitconfig"
    settings.write_text("[core\n")
    hook = repository / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nenv | grep GIT_PYTHON\ntest $? = 1\n")
    hook.chmod(0o755)
    command = [sys.executable, "-m", "modal_wizard", "apply", "--commit", str(repository)]
    for setting, named in (
        ({"GIT_CONFIG_GLOBAL": str(settings)}, f"fatal: bad config line 1 in file {settings}. Repair what that names"),
        ({"GIT_CONFIG_COUNT": "many"}, "bogus count in GIT_CONFIG_COUNT"),
    ):
        done = subprocess.run(command, env={**os.environ, **setting}, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert f"In {repository} git cannot be used: " in done.stderr
        assert named in done.stderr
    assert subprocess.run(command, capture_output=True, check=False).returncode in {0, 1}


def test_a_filter_that_hides_our_change_from_git_is_named(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / ".git/info/attributes").write_text("*.py filter=back\n")
    git(repository, "config", "filter.back.clean", "git show HEAD:%f")
    before = {place.name: place.read_bytes() for place in repository.glob("*.py")}
    said = refused(capsys, "--all", "--commit", str(repository))
    assert "The commit was not made: git sees no change in the files. A filter of .gitattributes" in said
    assert {place.name: place.read_bytes() for place in repository.glob("*.py")} == before


def test_git_that_is_not_installed_is_named(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = refused(capsys, "--commit", str(repository))
    assert f"{repository} is a git repository, and git was not found. Install git or put it on PATH" in said
    assert "Repair" not in said


@pytest.mark.parametrize("key", ["c", "W"])
def test_a_git_directory_that_is_deleted_underneath_is_named(
    repository: Path, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    program = tmp_path / "editor.py"
    program.write_text(f"import shutil\nshutil.rmtree({str(repository / '.git')!r}, ignore_errors=True)\n")
    monkeypatch.setenv("VISUAL", shlex.join([sys.executable, str(program)]))
    said = lines(repository, "A", "c", "e", *("y" if key == "c" else ["n", "W", "y"]), "q")
    assert f"{repository}/.git is no git directory any more; nothing was changed." in said
    assert "no commit yet" not in said
    assert (repository / "shop.py").read_text() == SHOP


def test_a_git_directory_that_the_check_deletes_leaves_the_files_as_they_were(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept"
    check = f"mv {shlex.quote(str(repository / '.git'))} {shlex.quote(str(kept))}"
    said = refused(capsys, "--commit", "--section", "autoscaler", "--check", check, str(repository))
    assert "is no git directory any more" in said
    assert "fault of ours" not in said
    assert (repository / "shop.py").read_text() == SHOP
    shutil.rmtree(repository / ".git", ignore_errors=True)
    kept.rename(repository / ".git")
    assert git(repository, "status", "--porcelain") == ""


@pytest.mark.parametrize("detached", [False, True], ids=["branch", "detached"])
def test_a_lock_leaves_no_new_branch_behind(
    repository: Path, capsys: pytest.CaptureFixture[str], detached: bool
) -> None:
    if detached:
        git(repository, "checkout", "--quiet", "--detach")
    before = git(repository, "rev-parse", "--symbolic-full-name", "HEAD")
    hook = repository / ".git/hooks/post-checkout"
    hook.write_text("#!/bin/sh\n: > .git/index.lock\n")
    hook.chmod(0o755)
    said = refused(capsys, "--commit", "--branch", "modal", "--section", "autoscaler", str(repository))
    assert "index.lock; nothing was written" in said
    hook.unlink()
    (repository / ".git/index.lock").unlink()
    assert git(repository, "rev-parse", "--symbolic-full-name", "HEAD") == before
    assert "modal" not in git(repository, "branch", "--list")
    assert git(repository, "status", "--porcelain") == ""


@pytest.mark.parametrize("back", ["reset --quiet --hard HEAD~1", "checkout --quiet -b again HEAD~1"])
def test_a_commit_of_an_earlier_run_that_was_taken_back_is_not_taken_for_this_one(
    repository: Path, capsys: pytest.CaptureFixture[str], back: str
) -> None:
    arguments = ("--commit", "--section", "autoscaler", str(repository))
    assert main(["apply", *arguments]) == 0
    git(repository, *back.split())
    hook = repository / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    assert "The commit was not made: a hook refused it." in refused(capsys, *arguments)
    assert (repository / "shop.py").read_text() == SHOP
    assert git(repository, "status", "--porcelain") == ""


@pytest.mark.parametrize("before", [[], ["enter"], ["enter", "A"], ["enter", "A", "c"]], ids=len)
async def test_on_the_screens_a_git_directory_that_is_deleted_is_named(repository: Path, before: list[str]) -> None:
    keys = ["enter", "A", "c", "c"]
    async with wizard(repository) as opened:
        await opened.press(*before)
        shutil.rmtree(repository / ".git")
        await opened.press(*keys[len(before) :])
        said = " ".join(str(each.render()) for each in opened.screen.query(Static))
        assert "is no git directory any more; nothing was changed" in said
        assert f"your decisions are {'kept' if 'A' in before else 'in memory only'}." in said
        await opened.press("escape", "W")
        assert not (repository / ".git").exists()
        assert (repository / "shop.py").read_text() == SHOP
        await opened.press("escape", "o")
        if "A" not in before:
            assert "Decisions are not kept when you leave" in opened.text


@pytest.mark.parametrize("name", ["garbage", "1" * 40], ids=["garbage", "an object that is not there"])
def test_a_last_commit_that_cannot_be_read_is_not_taken_for_none(
    repository: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (repository / ".git/refs/heads/main").write_text(f"{name}\n")
    assert main(["apply", "--commit", str(repository)]) == 2
    said = capsys.readouterr().err
    assert "is damaged or not there; nothing was written. See what git fsck says." in said
    assert (repository / "shop.py").read_text() == SHOP


def test_a_work_tree_that_the_settings_put_elsewhere_is_named(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(repository, "config", "core.worktree", str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere").mkdir()
    assert main(["apply", "--commit", str(repository)]) == 2
    assert "is outside of the work tree that core.worktree names" in capsys.readouterr().err
    git(repository, "config", "core.worktree", str(tmp_path))
    assert main(["apply", "--commit", str(repository)]) == 2
    assert f"Git takes {tmp_path} for the work tree" in capsys.readouterr().err
    assert (repository / "shop.py").read_text() == SHOP


def test_decisions_that_cannot_be_read_are_not_taken_for_none(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / ".git/modal-wizard/session.jsonl").mkdir(parents=True)
    assert main(["decisions", str(repository)]) == 2
    shown = capsys.readouterr()
    assert "session.jsonl cannot be read or written" in shown.err
    assert shown.out == ""
