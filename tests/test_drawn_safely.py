"""Nothing in a text or in the name of the folder is obeyed by a terminal, and every byte of it stays what it is."""

from __future__ import annotations

import contextlib
import errno
import os
import unicodedata
from pathlib import Path

import pytest
from support.pilot import git, make_repository, wizard
from textual.widgets import TextArea

from modal_wizard.cli.main import main
from modal_wizard.process.crash_report import report_crash
from modal_wizard.text.sanitize import visible_each
from modal_wizard.tui.dialogs.edit import EditLines

EVIL = "\x1b]0;owned\x07\x9b31m\x7f\u202e\u2066"
"""What sets a title, colours, and turns the direction of a line around."""
CODE = (
    "import modal\n\napp = modal.App()\n\n\n"
    f'@app.function(keep_warm=1, image="{EVIL}")\ndef price() -> int:\n    return 1\n'
)
NAME = "shop\x1b]0;owned\x07\x9b31m\u202e"


def obeyed(text: str) -> set[str]:
    """Return what of a text a terminal would obey, line ends aside."""
    return {char for char in text if char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"}}


def drawn(area: TextArea) -> str:
    """Return what a text area writes to the terminal."""
    return "".join(segment.text for y in range(area.size.height) for segment in area.render_line(y))


async def test_the_edit_draws_escape_sequences_and_gives_back_the_exact_bytes(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop", {"shop.py": CODE})
    async with wizard(root) as opened:
        await opened.press("enter", "e")
        assert opened.shows(EditLines)
        area = opened.screen.query_one(TextArea)
        assert EVIL in area.text
        assert obeyed(drawn(area)) == set()
        assert "␛]0;owned␇" in drawn(area)
        await opened.press("end", "left", "space", "ctrl+s")
        assert not opened.shows(EditLines)
        await opened.press("c", "c")
    expected = CODE.replace("keep_warm=1", "min_containers=1").replace('")\n', '" )\n')
    assert (root / "shop.py").read_text() == expected
    assert git(root, "show", "HEAD:shop.py") == expected


async def test_a_commit_message_is_drawn_so_too(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "A", "c", "e")
        area = opened.screen.query_one(TextArea)
        area.load_text(f"Rename {EVIL}")
        await opened.settle()
        assert obeyed(drawn(area)) == set()
        assert area.text == f"Rename {EVIL}"


def test_each_character_is_drawn_as_one() -> None:
    every = "".join(map(chr, [*range(0x300), *range(0x2000, 0x2070), 0xD800, 0xFEFF, 0xE0001]))
    assert len(visible_each(every)) == len(every)
    assert obeyed(visible_each(every).replace("\u200c", "").replace("\u200d", "")) == {"\t"}


# --- the folder's own name -------------------------------------------------------------------------------------------


def no_repository(root: Path) -> list[str]:
    return ["apply", str(root)]


def taken_state_folder(root: Path) -> list[str]:
    make_repository(root)
    (root / ".git/modal-wizard").write_text("")
    return ["apply", str(root)]


def line_by_line(root: Path) -> list[str]:
    return ["--plain", *taken_state_folder(root)[1:]]


def broken_git_file(root: Path) -> list[str]:
    (root / "inside").mkdir()
    (root / ".git").write_text(f"gitdir: {root / 'inside'}\n")
    return ["apply", str(root)]


def broken_repository(root: Path) -> list[str]:
    make_repository(root)
    (root / ".git/config").write_text("[")
    return ["apply", str(root)]


def bare(root: Path) -> list[str]:
    git(root, "init", "--quiet", "--bare")
    return ["apply", str(root)]


def demo_in_a_folder_that_is_not_empty(root: Path) -> list[str]:
    (root / "mine").write_text("")
    return ["demo", str(root)]


def demo_in_a_file(root: Path) -> list[str]:
    (root / "mine").write_text("")
    return ["demo", str(root / "mine")]


def demo_below_a_file(root: Path) -> list[str]:
    (root / "mine").write_text("")
    return ["demo", str(root / "mine/demo")]


def nothing_there(root: Path) -> list[str]:
    return ["scan", str(root / "missing")]


def one_path_too_many(root: Path) -> list[str]:
    return ["apply", str(root), str(root)]


def no_terminal(root: Path) -> list[str]:
    return [str(root)]


def report_in_a_missing_folder(root: Path) -> list[str]:
    return ["apply", "--allow-no-vcs", "--report", str(root / "missing/report.md"), str(root)]


def nothing_to_restore(root: Path) -> list[str]:
    return ["restore", str(root)]


SITUATIONS = [
    no_repository,
    taken_state_folder,
    line_by_line,
    broken_git_file,
    broken_repository,
    bare,
    demo_in_a_folder_that_is_not_empty,
    demo_in_a_file,
    demo_below_a_file,
    nothing_there,
    one_path_too_many,
    no_terminal,
    report_in_a_missing_folder,
    nothing_to_restore,
]


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.__name__)
def test_the_folders_own_name_is_obeyed_in_no_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, situation: object
) -> None:
    assert callable(situation)
    root = tmp_path / NAME
    root.mkdir()
    arguments = situation(root)
    with open(os.devnull) as nothing, monkeypatch.context() as patch:
        patch.setattr("sys.stdin", nothing)
        with contextlib.suppress(SystemExit):
            main(arguments)
    said = capsys.readouterr()
    assert said.out + said.err
    assert obeyed(said.out + said.err) == set()
    assert "fault of ours" not in said.err


def test_a_temporary_folder_of_such_a_name_neither(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / NAME).mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / NAME))
    report_crash(OSError(errno.EIO, "no"))
    said = capsys.readouterr().err
    assert "A report is in " in said
    assert obeyed(said) == set()
