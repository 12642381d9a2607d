"""Small and poor terminals: every dialog at 40x10 and back, no colours, long names, a thousand findings in a file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.color import Color
from support.pilot import LEGACY, NARROW, TINY, WIDE, Wizard, make_repository, open_section, wizard
from textual.screen import ModalScreen

from modal_wizard.git.permissions import Permission
from modal_wizard.git.preflight import CommitRefused, FileBlocked
from modal_wizard.git.status import FileState
from modal_wizard.tui import dialogs
from modal_wizard.tui.dialogs.confirm import Question
from modal_wizard.tui.dialogs.edit import EditLines
from modal_wizard.tui.dialogs.failure import Failure
from modal_wizard.tui.dialogs.form import Values
from modal_wizard.tui.dialogs.go_to import Finder
from modal_wizard.tui.dialogs.help import Help
from modal_wizard.tui.dialogs.problems import Problems
from modal_wizard.tui.screens.overview import Overview
from modal_wizard.tui.widgets.diff_view import DiffView
from modal_wizard.tui.widgets.key_bar import KeyBar

BUILD = """\
import modal

app = modal.App("a")


@app.cls()
class Model:
    @modal.build()
    def load(self):
        from huggingface_hub import snapshot_download

        snapshot_download("org/model")
"""
WAYS = {
    "Help": "question_mark",
    "Finder": "g",
    "Problems": "f",
    "Menu": "j enter F",
    "Typing": "j enter slash",
    "EditLines": "j enter e",
    "Values": "enter a",
    "Question": "j enter A c c enter p",
    "Failure": "j enter a c c",
}
"""The keys that open each dialog from the overview, among the sections build and autoscaler."""


def kinds() -> Iterator[type]:
    """Every dialog that there is."""
    for found in pkgutil.iter_modules(dialogs.__path__, "modal_wizard.tui.dialogs."):
        module = importlib.import_module(found.name)
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, ModalScreen) and kind.__module__ == module.__name__:
                yield kind


def fits(opened: Wizard, size: tuple[int, int]) -> None:
    """The keys are in sight, and nothing sticks out."""
    lines = opened.text.split("\n")
    assert len(lines) == size[1]
    assert all(len(line) <= size[0] for line in lines)
    bar = opened.screen.query_one(KeyBar).region
    assert 0 <= bar.y < size[1], f"the keys are out of sight:\n{opened.text}"
    assert "esc" in opened.text or "n" in opened.footer


def drawn(opened: Wizard) -> list[str]:
    """What is seen of the dialog, without what is around it."""
    at = opened.screen.query_one(".dialog").region
    return [line[at.x : at.right] for line in opened.text.split("\n")[at.y : at.bottom]]


async def test_every_dialog_bears_40x10_and_goes_back_as_it_was(tmp_path: Path) -> None:
    files = {**LEGACY, "model.py": BUILD, "bad.py": "import modal\ndef (:\n", "requirements.txt": "modal==0.73.5\n"}
    seen: set[str] = set()
    for name, keys in WAYS.items():
        root = make_repository(tmp_path / name, files)
        if name == "Failure":
            hook = root / ".git" / "hooks" / "pre-commit"
            hook.parent.mkdir(exist_ok=True)
            hook.write_text("#!/bin/sh\necho no; exit 1\n")
            hook.chmod(0o755)
        async with wizard(root) as opened:
            await opened.press(*keys.split())
            if name == "Question":
                opened.app.push_screen(Question("Go on?", "why not\n" * 40))
                await opened.settle()
            assert type(opened.screen).__name__ == name, opened.text
            seen.add(name)
            before = drawn(opened)
            for size in (TINY, NARROW, TINY, WIDE):
                await opened.resize(*size)
                fits(opened, size)
            assert drawn(opened) == before
            await opened.press("escape")
            assert not isinstance(opened.screen, ModalScreen)
    assert {kind.__name__ for kind in kinds()} == seen
    assert {Help, Finder, Problems, EditLines, Values, Failure} <= set(kinds())


@pytest.mark.parametrize("term", ["vt100", "xterm-256color"])
async def test_without_colours_states_are_told_by_marks_and_words(
    repository: Path, monkeypatch: pytest.MonkeyPatch, term: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", term)
    async with wizard(repository, NARROW) as opened:
        await opened.press("enter", "a")
        assert "✓ 6" in opened.text or "✓ accepted" in opened.text or "1 of 3 decided" in opened.text
        await opened.press("up", "k")
        styles = [segment.style for strip in opened.screen._compositor.render_strips() for segment in strip]
        colours = [colour for style in styles if style for colour in (style.color, style.bgcolor) if colour]
        assert all(_is_grey(colour) for colour in colours)


def _is_grey(colour: Color) -> bool:
    return colour.triplet is None or len(set(colour.triplet)) == 1


async def test_a_name_of_300_characters_is_shortened_and_wraps_no_row(tmp_path: Path) -> None:
    folder = "/".join(["a" * 140, "b" * 140])
    root = make_repository(tmp_path / "long", {f"{folder}/shop_of_long_names.py": LEGACY["shop.py"]})
    for size in (NARROW, (60, 20), TINY):
        async with wizard(root, size) as opened:
            await opened.press("enter")
            top = opened.review.query_one(DiffView)
            assert len(str(top.border_title)) <= size[0]
            rows = [line for line in opened.text.split("\n") if "aaaa" in line]
            assert len(rows) <= 3, opened.text
            await opened.press("a", "c")
            assert all(len(line) <= size[0] for line in opened.text.split("\n"))
            named = [line for line in opened.text.split("\n") if "shop_of_long_names.py" in line]
            assert size == TINY or len(named) == 2, "in the list and above the diff"
            await opened.press("escape", "R")
            assert all(len(line) <= size[0] for line in opened.text.split("\n"))


async def test_a_thousand_findings_of_one_file_are_reviewed_like_three(tmp_path: Path) -> None:
    body = "".join(f"\n\n@app.function(keep_warm={n})\ndef f{n}(): ...\n" for n in range(1, 1001))
    root = make_repository(tmp_path / "many", {"app.py": f'import modal\n\napp = modal.App("a")\n{body}'})
    async with wizard(root, NARROW) as opened:
        await open_section(opened, "autoscaler")
        assert "0 of 1,000 decided" in opened.text
        await opened.press("a", "end")
        assert "keep_warm=1000" in opened.text
        await opened.press("s", "A", "y")
        assert not opened.app.migration.remaining() or opened.app.migration.tally("autoscaler").decided >= 2
        await opened.press("u", "o")
        assert opened.shows(Overview)


@pytest.mark.parametrize("size", [(79, 24), (60, 20), (50, 16), TINY], ids=str)
async def test_below_80_columns_rows_of_the_overview_lose_columns_and_never_wrap(
    repository: Path, size: tuple[int, int]
) -> None:
    async with wizard(repository, size) as opened:
        rows = [line for line in opened.text.split("\n") if "Autoscaler" in line or ".lookup" in line]
        assert len(rows) == 2
        assert all("○" in row for row in rows), opened.text


async def test_what_is_out_of_sight_is_scrolled_by_the_same_keys_in_every_dialog(repository: Path) -> None:
    async with wizard(repository, NARROW) as opened:
        await opened.press("question_mark")
        shown = opened.text
        assert "J/K scroll" in shown
        await opened.press("J")
        assert opened.text != shown
        await opened.press("K")
        assert opened.text == shown
        await opened.press("escape")
        blocked = FileBlocked("shop.py", FileState.MODIFIED, "it is modified", (Permission.DIRTY,))
        opened.app.push_screen(Failure(CommitRefused("Nothing was written, because of this file:", "", (blocked,))))
        await opened.press("J")
        assert "of this file:" in opened.text
        assert "shop.py: it is modified (D commits only our lines)" in opened.text
        assert "␊" not in opened.text
        assert "There is nothing to scroll here." in opened.text
