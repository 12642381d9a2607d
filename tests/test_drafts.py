"""What somebody has typed and not taken is there again, whatever ended the program."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from support.pilot import SHOP, Wizard, git, wizard
from textual.widgets import TextArea

from modal_wizard.session.drafts import NAME, Drafts
from modal_wizard.tui.dialogs.edit import EditLines
from modal_wizard.tui.screens.commit.screen import Commit

MINE = "@app.function(min_containers=7, max_containers=5)"


def kept(root: Path) -> str:
    file = root / ".git/modal-wizard" / NAME
    return file.read_text() if file.exists() else ""


async def edit(opened: Wizard) -> TextArea:
    """Open the edit of the first finding; return its editor."""
    await opened.press("enter", "e")
    assert opened.shows(EditLines)
    return opened.screen.query_one(TextArea)


async def begin(root: Path, text: str = MINE) -> None:
    """Type something into the edit of the first finding, and leave the wizard from there."""
    async with wizard(root) as opened:
        (await edit(opened)).load_text(text)
        await opened.settle()


# --- edits -----------------------------------------------------------------------------------------------------------


async def test_a_text_that_was_not_taken_is_there_when_the_edit_is_opened_in_the_next_run(repository: Path) -> None:
    await begin(repository)
    async with wizard(repository) as opened:
        assert (await edit(opened)).text == MINE
        assert "what you had typed and not taken" in opened.text
        await opened.press("ctrl+s")
        assert not opened.shows(EditLines)
    assert kept(repository) == ""
    assert git(repository, "status", "--porcelain") == ""


async def test_it_is_still_there_after_going_back_to_the_wizard_without_a_change(repository: Path) -> None:
    await begin(repository)
    async with wizard(repository) as opened:
        await edit(opened)
    async with wizard(repository) as opened:
        assert (await edit(opened)).text == MINE


async def test_a_text_that_is_given_up_does_not_come_back(repository: Path) -> None:
    await begin(repository)
    async with wizard(repository) as opened:
        await edit(opened)
        await opened.press("escape")
        assert opened.shows(EditLines)
        await opened.press("escape")
        assert not opened.shows(EditLines)
        await opened.press("e")
        assert opened.screen.query_one(TextArea).text.startswith("@app.function(min_containers=1")
    assert kept(repository) == ""


async def test_a_text_for_lines_that_changed_since_does_not_come_back_over_them(repository: Path) -> None:
    await begin(repository)
    (repository / "shop.py").write_text(SHOP.replace("keep_warm=1,", "keep_warm=1, timeout=9,"))
    async with wizard(repository) as opened:
        text = (await edit(opened)).text
    assert "timeout=9" in text
    assert "min_containers=7" not in text


TELLING = """
import os
from modal_wizard import __main__
from modal_wizard.tui.app import WizardApp
save, told = WizardApp._save_drafts, os.open(os.environ["SAVED"], os.O_RDWR)
def save_drafts(app):
    save(app)
    os.write(told, b"saved\\n")
WizardApp._save_drafts = save_drafts
__main__.main()
"""
"""The wizard, telling whenever it has brought to the disk what was typed."""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP], ids=["KILL", "TERM", "HUP"])
def test_a_killed_wizard_has_kept_what_was_typed(repository: Path, tmp_path: Path, number: int) -> None:
    pytest.importorskip("pty", reason="needs a pseudo-terminal")
    from support.processes import Mark
    from support.terminal import Terminal, environment

    saved = Mark(tmp_path / "saved")
    with Terminal(
        [sys.executable, "-c", TELLING, str(repository)], environment(tmp_path, SAVED=str(saved.path))
    ) as terminal:
        terminal.wait("looked at")
        terminal.press("\r")
        terminal.wait("0 of 3 decided")
        terminal.press("e")
        terminal.wait("^s take")
        terminal.press("# mine ")
        while number == signal.SIGKILL and "# mine " not in kept(repository):
            saved.wait()
        terminal.wait("# mine ")
        os.kill(terminal.pid, number)
        terminal.ended()
    assert "# mine " in kept(repository)
    assert git(repository, "status", "--porcelain") == ""


# --- messages of commits ---------------------------------------------------------------------------------------------


async def test_a_message_is_there_in_the_next_run_until_its_commit_is_made(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "A", "c")
        assert opened.shows(Commit)
        await opened.press("e")
        opened.screen.query_one(TextArea).load_text("Rename, said by me")
        await opened.settle()
    async with wizard(repository) as opened:
        await opened.press("enter", "c")
        assert opened.screen.query_one(TextArea).text == "Rename, said by me"
        await opened.press("c")
    assert git(repository, "log", "-1", "--format=%s").strip() == "Rename, said by me"
    assert kept(repository) == ""


# --- the file --------------------------------------------------------------------------------------------------------


def test_two_wizards_keep_each_its_own_texts(tmp_path: Path) -> None:
    one, other = Drafts(tmp_path / NAME), Drafts(tmp_path / NAME)
    one.keep("a", "text of a \u2028 \ud800")
    one.save()
    other.keep("b", "text of b", about="lines")
    other.save()
    one.drop("a")
    left = Drafts(tmp_path / NAME)
    assert (left.find("a"), left.find("b", "lines"), left.find("b")) == ("", "text of b", "")


@pytest.mark.parametrize("damage", [b"\xff\xfe", b"[]\n{}\nnull\n", b'{"key": 1', b"[" * 100_000])
def test_a_file_that_is_no_list_of_texts_is_no_obstacle(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / NAME).write_bytes(damage)
    drafts = Drafts(tmp_path / NAME)
    assert drafts.find("a") == ""
    drafts.keep("a", "text")
    drafts.save()
    assert Drafts(tmp_path / NAME).find("a") == "text"


def test_a_link_in_its_place_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / NAME).symlink_to(tmp_path / "mine")
    drafts = Drafts(tmp_path / NAME)
    drafts.keep("a", "text")
    drafts.save()
    assert (tmp_path / "mine").read_text() == "mine"
    assert drafts.find("a") == "text"


def test_without_a_place_texts_last_as_long_as_the_program() -> None:
    drafts = Drafts(None)
    drafts.keep("a", "text")
    drafts.save()
    assert drafts.find("a") == "text"
