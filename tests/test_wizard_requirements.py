"""The pin of modal on the screens: what breaks with it, and raising it last."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from support.pilot import LEGACY, SIZES, git, make_repository, wizard
from textual.screen import Screen

from modal_wizard.tui.dialogs.confirm import Question
from modal_wizard.tui.dialogs.failure import Failure
from modal_wizard.tui.screens.summary import Summary
from modal_wizard.tui.widgets.scrolled_text import ScrolledText

sizes = pytest.mark.parametrize("size", SIZES, ids=["120x36", "80x24"])


@sizes
@pytest.mark.parametrize(
    ("pin", "overview", "review"),
    [
        (
            "modal==0.77.0",
            "Works with modal 0.77.0; the first {}that breaks it is 1.2.0 (1 finding)",
            "modal==0.77.0 stays below that",
        ),
        ("modal>=0.70", "4 broken now with modal 1.6.4", "modal 1.6.4 is installed: it fails already"),
        ("modal~=1.5.0", "4 broken now with modal 1.5.5", "it fails already"),
    ],
    ids=["below", "open", "past"],
)
async def test_the_pin_is_told_and_what_breaks_with_it(
    tmp_path: Path, size: tuple[int, int], pin: str, overview: str, review: str
) -> None:
    root = make_repository(tmp_path / "shop", {**LEGACY, "requirements.txt": f"{pin}\n"})
    async with wizard(root, size) as opened:
        top = opened.text.split("\n")[1]
        wide = size[0] >= 120
        assert overview.format("upgrade " if wide or len(overview) < 60 else "") in top, "in one line, as much as fits"
        assert (f"· {pin} (requirements.txt)" in top) is (wide or len(overview) < 60)
        await opened.press("enter")
        said = opened.review.pane.query_one(ScrolledText).text.lines(500)
        assert review in " ".join(line.plain for line in said)


@sizes
async def test_p_raises_the_pin_as_the_last_commit(tmp_path: Path, size: tuple[int, int]) -> None:
    root = make_repository(tmp_path / "shop", {**LEGACY, "requirements.txt": "modal==0.77.0\n"})
    async with wizard(root, size) as opened:
        await opened.press("enter", "A", "c", "c", "m")
        assert isinstance(opened.screen, Summary)
        await opened.press("p")
        assert isinstance(opened.screen, Question)
        assert "-modal==0.77.0" in opened.text
        await opened.press("n")
        assert "require" not in git(root, "log", "-1", "--format=%s")
        await opened.press("p", "y")
        assert "raise the pin" not in opened.footer
    assert git(root, "log", "-1", "--format=%s").startswith("Modal 1.0: require modal 1.")
    assert git(root, "status", "--porcelain") == ""


@sizes
async def test_the_summary_ends_with_the_pins_that_are_too_old(tmp_path: Path, size: tuple[int, int]) -> None:
    app = "import modal\n\napp = modal.App()\n\n\n@app.function(keep_warm=1)\ndef f(): ...\n"
    root = make_repository(tmp_path / "shop", {"app.py": app, "requirements.txt": "modal==0.73.5\n"})
    async with wizard(root, size) as opened:
        await opened.press("enter")
        shown = " ".join(opened.text.split())
        assert "review" in shown
        assert "needs modal >= 0.73.76; requirements.txt:1 installs modal==0.73.5" in shown
        await opened.press("a", "c", "c", "m")
        assert isinstance(opened.screen, Summary)
        assert "1 pin is too old for what was written: press p." in opened.text
        assert "p raise the pin" in opened.footer
        await opened.press("p", "y")
        assert "too old for what was written" not in opened.text
    assert (root / "requirements.txt").read_text() == "modal==1.6.4\n"


async def test_p_is_not_offered_where_there_is_no_old_pin(tmp_path: Path) -> None:
    async with wizard(make_repository(tmp_path / "shop")) as opened:
        await opened.press("enter", "a", "o", "m")
        assert "raise the pin" not in opened.footer


REWRITING_HOOK = """\
#!/bin/sh
grep -q checked requirements.txt && exit 0
echo '# checked' >>requirements.txt
echo 'the hook marked requirements.txt'
exit 1
"""


@pytest.mark.parametrize("answer", ["y", "n"])
async def test_a_hook_that_rewrites_is_asked_about_for_the_pin_as_for_a_section(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    root = make_repository(tmp_path / "shop", {**LEGACY, "requirements.txt": "modal==0.77.0\n"})
    hook = root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(REWRITING_HOOK)
    hook.chmod(0o755)
    async with wizard(root) as opened:
        await opened.press("enter", "s", "o", "m", "p")
        shown, push = asyncio.Event(), opened.app.push_screen

        def watched(screen: Screen[object], *more: Any) -> object:
            shown.set()
            return push(screen, *more)

        monkeypatch.setattr(opened.app, "push_screen", watched)
        await opened.pilot.press("y")
        await asyncio.wait_for(shown.wait(), 60)
        await opened.pilot.pause()
        assert "A hook rewrote requirements.txt and refused." in opened.text
        await opened.press(answer)
        taken = answer == "y"
        assert opened.shows(Failure) is not taken
    assert ("# checked" in git(root, "show", "HEAD:requirements.txt")) is taken
    assert git(root, "status", "--porcelain") == ""


async def test_the_head_line_is_true_after_the_commit_of_the_pin(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop", {**LEGACY, "requirements.txt": "modal==0.77.0\n"})
    async with wizard(root) as opened:
        assert "main  ✓ clean" in opened.text
        opened.app.branch = "modal-1.0"
        await opened.press("enter", "s", "o", "m", "p", "y", "o")
        assert "modal-1.0  ✓ clean" in opened.text
