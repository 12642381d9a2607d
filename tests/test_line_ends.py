"""Taking an edit never changes how lines end that nobody touched."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from support.lines import Lines
from support.pilot import git, make_repository, wizard
from textual.widgets import TextArea

from modal_wizard.text.line_ends import with_line_ends

ODD = ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0c", "\x0b", "\x1c"]
MIXED = "".join(f"line {number}{end}" for number, end in enumerate(ODD * 2))


@pytest.mark.parametrize("text", [MIXED, MIXED + "no end", "", "\r\r\n\n", "one\r"])
def test_a_text_that_was_only_looked_at_stays_as_it_is(text: str) -> None:
    made_alike = "".join(f"{line}\n" for line in text.splitlines())
    assert with_line_ends(text, made_alike, "\n").rstrip("\n") == text.rstrip("\n")
    assert with_line_ends(text, text, "\r\n") == text


def test_only_what_was_typed_ends_as_the_file_does() -> None:
    lines = MIXED.splitlines()
    typed = [*lines[:3], "new", "newer", *lines[4:], "last"]
    whole = MIXED.splitlines(keepends=True)
    expected = "".join([*whole[:3], "new\r\n", "newer\r\n", *whole[4:], "last\r\n"])
    assert with_line_ends(MIXED, "".join(f"{line}\n" for line in typed), "\r\n") == expected


SHOP = (
    b"import modal\r\n\r\napp = modal.App('shop')\r\n\r\n\r\n@app.function(\r\n    # one\n    keep_warm=1,  # two\r"
    b"    timeout=3,\r\n)\r\ndef price():\r\n    return 1\r\n"
)


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    root = make_repository(tmp_path / "mixed")
    (root / "shop.py").write_bytes(SHOP)
    git(root, "commit", "--quiet", "--all", "-m", "mixed")
    return root


def test_line_by_line_an_edit_leaves_other_line_ends(
    mixed: Path, tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "editor.py"
    program.write_text(
        "import pathlib, sys\nfile = pathlib.Path(sys.argv[1])\n"
        "file.write_text(file.read_text().replace('min_containers=1', 'min_containers=2'))\n"
    )
    monkeypatch.setenv("VISUAL", shlex.join([sys.executable, str(program)]))
    said = lines(mixed, "e", "W", "y", "q", options=("--plain",))
    assert (mixed / "shop.py").read_bytes() == SHOP.replace(b"keep_warm=1", b"min_containers=2"), said


async def test_on_the_screen_an_edit_leaves_other_line_ends(mixed: Path) -> None:
    async with wizard(mixed) as opened:
        await opened.press("enter", "e")
        area = opened.screen.query_one(TextArea)
        area.load_text(area.text.replace("min_containers=1", "min_containers=2"))
        await opened.press("ctrl+s")
        files = [
            change
            for section in opened.app.migration.sections
            for change in opened.app.migration.preview(section).files
        ]
    assert [change.after for change in files] == [SHOP.replace(b"keep_warm=1", b"min_containers=2")]
