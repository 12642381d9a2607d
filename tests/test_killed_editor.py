"""What is in the person's own editor when the program ends, and what was refused, is there in the next run."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.lines import Lines
from support.pilot import SHOP, git, wizard
from textual.widgets import TextArea

from modal_wizard.session.drafts import NAME, Drafts
from modal_wizard.tui.dialogs.edit import EditLines

TYPED = "@app.function(min_containers=7, max_containers=5)"
WIZARD = (sys.executable, "-m", "modal_wizard")


def editor(folder: Path, program: str) -> str:
    """Return the command of an editor that has the text's file as ``file``, and ``folder`` for notes of its own."""
    script = folder / "editor.py"
    script.write_text(
        "import os, pathlib, signal, sys\n"
        f"file, folder = pathlib.Path(sys.argv[1]), pathlib.Path({str(folder)!r})\n{program}\n"
    )
    return shlex.join([sys.executable, str(script)])


def kept(root: Path) -> list[str]:
    """Return what is kept of texts: the lines of the file, and the files that editors had."""
    folder = root / ".git/modal-wizard"
    file = folder / NAME
    return [*(file.read_text().splitlines() if file.exists() else ()), *(each.name for each in folder.glob("draft-*"))]


ENDS = "file.write_text({typed!r} + '\\n'); os.kill(os.getppid(), {number})"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP], ids=["KILL", "TERM", "HUP"])
def test_line_by_line_what_was_saved_in_the_editor_is_in_it_again(
    repository: Path, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    command = editor(tmp_path, ENDS.format(typed=TYPED, number=int(number)))
    ended = subprocess.run(
        [*WIZARD, "--plain", str(repository)],
        input=b"e\ny\n",
        capture_output=True,
        check=False,
        env={**os.environ, "VISUAL": command},
    )
    assert ended.returncode in {-number, 128 + number}
    monkeypatch.setenv("VISUAL", editor(tmp_path, "(folder / 'seen').write_text(file.read_text())"))
    said = lines(repository, "e", "q")
    assert "The editor has what you had typed and not taken." in said
    assert "Taken as edited: shop.py, line 6." in said
    assert (tmp_path / "seen").read_text() == f"{TYPED}\n"
    assert kept(repository) == []


async def test_on_the_screen_what_was_saved_in_the_editor_is_in_the_edit_again(
    repository: Path, tmp_path: Path
) -> None:
    pytest.importorskip("pty", reason="needs a pseudo-terminal")
    from support.terminal import Terminal, environment

    command = editor(tmp_path, ENDS.format(typed=TYPED, number=int(signal.SIGKILL)))
    with Terminal([*WIZARD, str(repository)], environment(tmp_path, VISUAL=command)) as terminal:
        terminal.wait("looked at")
        terminal.press("\r")
        terminal.wait("0 of 3 decided")
        terminal.press("e")
        terminal.wait("^s take")
        terminal.press("\x05")
        terminal.ended()
    async with wizard(repository) as opened:
        await opened.press("enter", "e")
        assert opened.shows(EditLines)
        assert opened.screen.query_one(TextArea).text == TYPED
        assert "what you had typed and not taken" in opened.text
        await opened.press("ctrl+s")
    assert kept(repository) == []


def test_line_by_line_an_edit_that_was_refused_is_in_the_editor_of_the_next_run(
    repository: Path, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", editor(tmp_path, "file.write_text('@app.function(min_containers=(\\n')"))
    assert "Your text is kept: e goes on with it." in lines(repository, "e", "q")
    show = f"(folder / 'seen').write_text(file.read_text()); file.write_text({TYPED!r} + '\\n')"
    monkeypatch.setenv("VISUAL", editor(tmp_path, show))
    assert "Taken as edited: shop.py, line 6." in lines(repository, "e", "q")
    assert (tmp_path / "seen").read_text() == "@app.function(min_containers=(\n"
    assert kept(repository) == []


def test_line_by_line_a_message_that_a_hook_refused_is_there_in_the_next_run(
    repository: Path, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", editor(tmp_path, "file.write_text('Rename, said by me\\n')"))
    hook = repository / ".git/hooks/commit-msg"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    assert "a hook refused it" in lines(repository, "A", "c", "e", "y", "q")
    hook.unlink()
    assert "  | Rename, said by me" in lines(repository, "c", "y", "q")
    assert git(repository, "log", "-1", "--format=%s").strip() == "Rename, said by me"
    assert kept(repository) == []


def left_open(root: Path, folder: Path) -> Path:
    """End the wizard with an editor open that has saved nothing; return the file that the editor has."""
    command = editor(folder, "os.kill(os.getppid(), signal.SIGKILL)")
    environment = {**os.environ, "VISUAL": command}
    subprocess.run(
        [*WIZARD, "--plain", str(root)], input=b"e\n", stdout=subprocess.DEVNULL, check=False, env=environment
    )
    (place,) = (root / ".git/modal-wizard").glob("draft-*")
    return place


async def test_what_an_editor_saves_after_we_ended_is_offered_though_its_old_text_was_looked_at(
    repository: Path, lines: Lines, tmp_path: Path
) -> None:
    place = left_open(repository, tmp_path)
    assert "1 edit that you typed and did not take: shop.py:6. e there goes on with it." in lines(repository, "q")
    async with wizard(repository) as opened:
        assert any("did not take: shop.py:6" in note.text for note in opened.app.telling.told)
        await opened.press("enter", "e")
    place.write_text(f"{TYPED}\n")
    async with wizard(repository) as opened:
        await opened.press("enter", "e")
        assert opened.screen.query_one(TextArea).text == TYPED
        await opened.press("ctrl+s")
    assert kept(repository) == []
    assert "did not take" not in lines(repository, "q")


def test_what_an_editor_saves_when_its_edit_was_taken_is_named(
    repository: Path, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = left_open(repository, tmp_path)
    monkeypatch.setenv("VISUAL", editor(tmp_path, f"file.write_text({TYPED!r} + '\\n')"))
    assert "Taken as edited: shop.py, line 6." in lines(repository, "e", "q")
    assert not place.exists()
    place.write_text("later\n")
    assert f"An editor's text came too late, or is no UTF-8, and is in {place}." in lines(repository, "q")
    assert place.read_text() == "later\n"


def test_what_an_editor_saves_that_does_not_wait_is_named_before_the_commit(
    repository: Path, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = "first = folder / 'first'\n"
    saves = "pathlib.Path(first.read_text()).write_text('later') if first.exists() else first.write_text(str(file))"
    monkeypatch.setenv("VISUAL", editor(tmp_path, first + saves))
    said = lines(repository, "e", "e", "c", "n", "q")
    named = f"An editor's text came too late, or is no UTF-8, and is in {(tmp_path / 'first').read_text()}."
    assert named in said.partition("The files:")[0]
    assert named in said.partition("the section stays ready")[2]


def test_what_an_editor_left_that_is_no_utf_8_stays_whatever_is_done_next(
    repository: Path, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    latin = "seen = folder / 'seen'; seen.exists() or file.write_bytes(b'# typed \\xe9'); seen.touch()"
    monkeypatch.setenv("VISUAL", editor(tmp_path, latin))
    assert "What you typed is kept in" in lines(repository, "A", "c", "e", "y", "q")
    (place,) = (repository / ".git/modal-wizard").glob("draft-*")
    assert place.read_bytes() == b"# typed \xe9"
    assert f"An editor's text came too late, or is no UTF-8, and is in {place}." in lines(repository, "e", "q")


def test_a_commit_message_that_waits_is_announced(
    repository: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VISUAL", editor(tmp_path, "file.write_text('Said by me\\n')"))
    lines(repository, "A", "c", "e", "n", "q")
    assert "Your commit message is kept for: Autoscaler parameters." in lines(repository, "q")


@pytest.mark.parametrize("name", ["../../shop.py", "drafts.jsonl", "draft-0.py", "/etc/hostname"])
def test_a_name_that_came_with_the_repository_leads_to_no_other_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "shop.py").write_text("mine")
    file = tmp_path / "a/b" / NAME
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"key": "k", "about": "", "text": "typed", "file": name}) + "\n")
    drafts = Drafts(file)
    assert drafts.find("k") == "typed"
    drafts.drop("k")
    assert (tmp_path / "shop.py").read_text() == "mine"
    assert file.exists()


LEFT = ["file.unlink(); os.mkfifo(file)", "file.unlink(); file.symlink_to('/dev/zero')", "os.truncate(file, 1 << 40)"]


@pytest.mark.parametrize("program", LEFT, ids=["a pipe", "a link to a device", "a sparse file"])
def test_what_an_editor_leaves_that_is_no_text_is_neither_waited_for_nor_read(
    repository: Path, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setenv("VISUAL", editor(tmp_path, program))
    said = lines(repository, "e", "q")
    assert "Taken as edited" not in said
    assert "fault of ours" not in said
    assert (repository / "shop.py").read_text() == SHOP
