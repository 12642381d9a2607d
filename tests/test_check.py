"""A command of the person's has to succeed between the writing and the commit."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from support.lines import Lines
from support.pilot import git, wizard

from modal_wizard.cli.main import main
from modal_wizard.errors import WizardError
from modal_wizard.git.check_command import CheckCommand
from modal_wizard.migration.options import RunOptions
from modal_wizard.tui.dialogs.failure import Failure
from modal_wizard.tui.screens.overview import Overview

SEES_NEW = "import sys; sys.exit('min_containers' not in open('shop.py').read())"
REFUSES = "import sys; print('no \\x1b[31mway'); sys.exit(3)"
MEDDLES = "open('shop.py', 'a').write('# formatted')"
WAITS_FOR_INPUT = "import sys; sys.exit(bool(sys.stdin.read()))"


def python(program: str) -> str:
    """Return a command line that runs a program."""
    return shlex.join([sys.executable, "-c", program])


def commits(root: Path) -> int:
    return int(git(root, "rev-list", "--count", "HEAD"))


def apply(root: Path, command: str, *options: str) -> int:
    return main(["apply", "--commit", "--section", "autoscaler", "--check", command, *options, str(root)])


def test_a_check_sees_the_files_as_they_will_be_committed(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert apply(repository, python(SEES_NEW)) == 0
    assert commits(repository) == 2
    assert "check passed (" in capsys.readouterr().out


def test_a_failing_check_commits_nothing_and_puts_the_files_back(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert apply(repository, python(REFUSES)) == 2
    said = capsys.readouterr().err
    assert "failed with status 3" in said
    assert said.count("  | no ␛[31mway") == 1
    assert commits(repository) == 1
    assert git(repository, "status", "--porcelain") == ""


def test_a_failing_check_leaves_no_branch(repository: Path) -> None:
    assert apply(repository, python(REFUSES), "--branch", "fresh") == 2
    assert git(repository, "branch", "--format=%(refname:short)") == "main\n"


@pytest.mark.parametrize("ending", ["", "; raise SystemExit(1)"], ids=["succeeds", "fails"])
def test_a_check_that_changes_our_files_is_taken_back(repository: Path, ending: str) -> None:
    assert apply(repository, python(MEDDLES + ending)) == 2
    assert commits(repository) == 1
    assert git(repository, "status", "--porcelain") == ""


@pytest.mark.parametrize("command", ["git reset -q --hard", "git stash -q", "sh -c 'git checkout -q -- .; exit 1'"])
def test_unstaged_work_that_a_check_throws_away_is_put_back(
    repository: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    theirs = (repository / "desk.py").read_text() + "# work of hours\n"
    (repository / "desk.py").write_text(theirs)
    assert apply(repository, command) == 2
    assert "put back: desk.py" in capsys.readouterr().err
    assert (repository / "desk.py").read_text() == theirs
    assert git(repository, "status", "--porcelain") == " M desk.py\n"


@pytest.mark.parametrize(
    ("command", "count", "said"),
    [
        ("git commit -qam theirs", 2, "the branch main has moved"),
        ("sh -c 'git commit -qam theirs; exit 1'", 2, "failed with status 1"),
        ("git commit -q --amend -am theirs", 1, "the branch main has moved"),
    ],
)
def test_a_commit_that_a_check_makes_is_not_ours_and_not_undone(
    repository: Path, capsys: pytest.CaptureFixture[str], command: str, count: int, said: str
) -> None:
    assert apply(repository, command) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert "Committed meanwhile, not by modal-wizard, and left as it is: shop.py." in shown.err
    assert "commit " not in shown.out.replace(command, "")
    assert (git(repository, "log", "-1", "--format=%s"), commits(repository)) == ("theirs\n", count)
    assert "min_containers" in (repository / "shop.py").read_text()
    assert git(repository, "status", "--porcelain") == ""
    assert not list((repository / ".git/modal-wizard").glob("*.json"))


def test_a_check_runs_in_the_root_and_in_the_persons_environment(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERSONS_OWN", "kept")
    program = f"import os; assert os.environ['PERSONS_OWN'] == 'kept' and os.getcwd() == {str(repository)!r}"
    assert apply(repository, python(program)) == 0


def test_a_check_gets_no_input(repository: Path) -> None:
    assert apply(repository, python(WAITS_FOR_INPUT)) == 0


def test_a_check_that_does_not_exist_is_said(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert apply(repository, "no-such-command-here") == 2
    assert "cannot be run" in capsys.readouterr().err
    assert git(repository, "status", "--porcelain") == ""


@pytest.mark.parametrize("command", ["'unclosed", "   "])
def test_what_is_no_command_is_refused_at_once(repository: Path, command: str) -> None:
    with pytest.raises(WizardError):
        CheckCommand(command)
    try:
        code: object = apply(repository, command)
    except SystemExit as left:  # an empty one is bad usage
        code = left.code
    assert code == 2
    assert commits(repository) == 1


def test_a_check_without_commits_is_a_usage_error(repository: Path) -> None:
    with pytest.raises(SystemExit) as left:
        main(["apply", "--check", "true", str(repository)])
    assert left.value.code == 2


def test_line_by_line_its_output_is_shown_and_the_section_stays_ready(repository: Path, lines: Lines) -> None:
    said = lines(repository, "A", "c", "y", "q", options=("--plain", "--check", python(REFUSES)))
    assert "  | no ␛[31mway" in said
    assert "failed with status 3" in said
    assert "the section stays ready" in said
    assert (commits(repository), git(repository, "status", "--porcelain")) == (1, "")
    said = lines(repository, "c", "y", "q", options=("--plain", "--check", python(SEES_NEW)))
    assert "Check passed (" in said
    assert commits(repository) == 2


async def test_the_screen_shows_what_a_failing_check_said(repository: Path) -> None:
    async with wizard(repository) as opened:
        opened.app.wishes = RunOptions(check=CheckCommand(python(REFUSES)))
        await opened.press("enter", "A", "c")
        assert "after " in opened.text
        await opened.press("c")
        assert isinstance(opened.screen, Failure)
        assert "failed with status 3" in opened.text
        assert "no ␛[31mway" in opened.text
        assert (commits(repository), git(repository, "status", "--porcelain")) == (1, "")
        opened.app.wishes = RunOptions(check=CheckCommand(python(SEES_NEW)))
        await opened.press("escape", "c")
        assert isinstance(opened.screen, Overview)
        assert any("check passed (" in note.text for note in opened.app.telling.told)
    assert commits(repository) == 2
