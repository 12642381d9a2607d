"""The end of a migration: raising the required version over what is left, and the closing checklist."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support.lines import Lines
from support.pilot import LEGACY, git, make_repository, wizard

from modal_wizard.cli.main import main
from modal_wizard.migration.open import open_scope
from modal_wizard.reports.account import Account, account, farewell
from modal_wizard.reports.markdown import as_markdown
from modal_wizard.scan.discover import scope_of
from modal_wizard.session.decisions import PinsRaised, SectionWritten
from modal_wizard.session.log import Session, load
from modal_wizard.tui.dialogs.confirm import Question
from modal_wizard.tui.screens.summary import Summary

MOVE = "requirements.txt: modal==0.77.0 → modal==1.6.4"
LOCK = '[[package]]\nname = "modal"\nversion = "0.77.0"\n'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Four findings, an old pin, and a lock file that holds it."""
    files = {**LEGACY, "requirements.txt": "modal==0.77.0\n", "uv.lock": LOCK}
    return make_repository(tmp_path / "shop", files)


def head(root: Path) -> str:
    return git(root, "log", "-1", "--format=%s").strip()


def told(root: Path) -> Account:
    """The account of a repository as another run gives it."""
    migration = open_scope(scope_of(root))
    for _ in migration.scan():
        pass
    return account(migration)


# --- raising over what is left ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["enter", "n", "escape"])
async def test_raising_over_undecided_findings_asks_with_their_number_and_no_is_the_default(
    shop: Path, answer: str
) -> None:
    async with wizard(shop) as opened:
        await opened.press("enter", "A", "c", "c", "m", "p")
        assert opened.shows(Question)
        said = " ".join(opened.text.replace("│", " ").split())
        assert "1 finding is undecided. Raise modal==0.77.0 to modal==1.6.4" in said
        assert "all the same?" in said
        await opened.press(answer)
        assert opened.shows(Summary)
        assert "raise the pin" in opened.footer
    assert head(shop) == "Modal 1.0: rename autoscaler parameters"


async def test_nobody_is_warned_where_all_is_decided(shop: Path) -> None:
    async with wizard(shop) as opened:
        await opened.press("enter", "A", "n", "S", "o", "m", "p")
        assert "undecided" not in opened.text.split("in one more commit?")[0].split("Summary")[-1]
        assert "Raise modal==0.77.0 to modal==1.6.4" in opened.text
        await opened.press("enter")
        assert opened.shows(Question)


def test_a_script_has_said_so_and_is_told_what_is_left(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["apply", "--section", "lookup", "--commit", "--raise-pin", str(shop)]) == 0
    said = capsys.readouterr()
    assert "raised modal==0.77.0 to modal==1.6.4 (requirements.txt), over 3 findings left, commit " in said.out
    assert "3 findings are undecided; modal 1.6.4 is required all the same, as --raise-pin asks." in said.err
    assert (shop / "requirements.txt").read_text() == "modal==1.6.4\n"


@pytest.mark.parametrize(("answer", "raised"), [("y", True), ("", False), ("no", False)])
def test_a_person_at_a_terminal_is_asked_by_apply(shop: Path, answer: str, raised: bool) -> None:
    pytest.importorskip("pty", reason="needs a pseudo-terminal")
    from support.terminal import Terminal, environment

    command = [sys.executable, "-m", "modal_wizard", "apply", "--section", "lookup", "--commit", "--raise-pin"]
    with Terminal([*command, str(shop)], environment(shop.parent)) as terminal:
        terminal.wait("3 findings are undecided. Require modal 1.6.4 all the same? [y/N]")
        terminal.press(f"{answer}\r")
        terminal.wait("Nothing is left to migrate in the asked sections.")
        assert terminal.ended() == 0
    assert ((shop / "requirements.txt").read_text() == "modal==1.6.4\n") is raised


def test_the_plain_wizard_raises_it_too(shop: Path, lines: Lines) -> None:
    said = lines(shop, "p", "n", "p", "y", "p")
    assert "4 findings are undecided. Raise modal==0.77.0 to modal==1.6.4 (requirements.txt) all the same?" in said
    assert said.count("\n-modal==0.77.0\n+modal==1.6.4\n") == 2, "the exact change, before each question"
    assert said.count("The pin stays as it is.") == 1
    assert "Raised modal==0.77.0 to modal==1.6.4 (requirements.txt), commit " in said
    assert "There is no pin of modal to raise." in said
    assert head(shop) == "Modal 1.0: require modal 1.6"
    assert "modal-wizard: 1 commit: " in said


# --- what is kept of it ----------------------------------------------------------------------------------------------


def test_that_it_was_raised_is_kept_with_the_session(tmp_path: Path) -> None:
    session = load(tmp_path / "session.jsonl")
    raised = PinsRaised("bbb", (MOVE,), 1)
    session.land(SectionWritten("gpu", commit="aaa"))
    session.note_raised(raised)
    session.land(SectionWritten("mount", commit="ccc"))
    again = load(tmp_path / "session.jsonl")
    assert again.raised == [raised]
    assert again.commits == ["aaa", "bbb", "ccc"]


def test_what_was_written_without_a_commit_is_no_commit() -> None:
    session = Session()
    session.note_raised(PinsRaised("", (MOVE,)))
    session.land(SectionWritten("gpu"))
    assert session.commits == []


# --- the checklist ---------------------------------------------------------------------------------------------------


def test_before_anything_is_written_only_what_is_to_be_decided_is_said(shop: Path) -> None:
    found = told(shop)
    assert found.steps == ("Finish the 4 findings that are left.",)
    assert found.way_back == ()


def test_the_checklist_before_and_after_the_version_is_raised(shop: Path, lines: Lines) -> None:
    lines(shop, "A", "c", "y", "o 8", "a", "c", "y")
    before = told(shop)
    first, second = git(shop, "log", "-2", "--format=%H").split()
    assert before.steps[0] == f"Raise the required version: {MOVE} (p on the summary, apply --raise-pin)."
    assert before.steps[1] == "Update uv.lock with its tool: uv lock --upgrade-package modal."
    assert before.steps[2] == "Install modal 1.6.4 and run your tests."
    assert before.steps[3].startswith("Deploy to a development environment")
    assert before.steps[4] == "Push 2 commits; nothing was pushed."
    assert before.way_back == (f"To take it all back: git revert --no-edit {first[:7]} {second[:7]}",)
    lines(shop, "p", "y")
    after = told(shop)
    (raised,) = git(shop, "log", "-1", "--format=%H").split()
    assert "Raise" not in " ".join(after.steps)
    assert after.steps[0].startswith("Update uv.lock")
    assert after.steps[3] == "Push 3 commits; nothing was pushed."
    assert after.written[-1].counts == MOVE
    assert after.written[-1].commit == raised
    text = as_markdown(after)
    assert "4 findings migrated in 3 commits" in text
    assert f"- `{raised[:7]}` The required version: {MOVE}" in text
    assert f"git revert --no-edit {raised[:7]} {first[:7]} {second[:7]}" in text
    assert "- [ ] To take it all back" not in text


def test_taking_it_all_back_by_the_line_that_is_shown(shop: Path, lines: Lines) -> None:
    lines(shop, "A", "c", "y", "p", "y")
    (line,) = told(shop).way_back
    git(shop, *line.split("git ")[1].split())
    assert git(shop, "diff", "--stat", "HEAD~4", "HEAD") == ""


def test_without_a_commit_and_without_a_pin(tmp_path: Path, lines: Lines) -> None:
    root = make_repository(tmp_path / "shop")
    lines(root, "A", "W", "y")
    found = told(root)
    assert "Finish the finding that is left, which is broken now." in found.steps
    assert "Ask for a version of modal in your requirements, such as modal~=1.6.4: none is asked for." in found.steps
    assert not any("Push" in step for step in found.steps)
    assert found.way_back == ("To take back what was written without a commit: modal-wizard restore",)


async def test_the_summary_is_the_checklist_and_counts_the_commit_of_the_pin(shop: Path) -> None:
    async with wizard(shop) as opened:
        await opened.press("enter", "A", "c", "c", "m", "p", "y")
        text = " ".join(opened.text.split())
        assert f"The required version: {MOVE}" in text
        assert "Push 2 commits; nothing was pushed." in text
        assert "To take it all back: git revert --no-edit" in text
        assert "2 commits" in farewell(opened.app.migration)
