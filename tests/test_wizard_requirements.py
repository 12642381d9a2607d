"""The pin of modal on the screens: what breaks with it, and raising it last."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.pilot import LEGACY, SIZES, git, make_repository, wizard

from modal_wizard.tui.dialogs.confirm import Question
from modal_wizard.tui.screens.summary import Summary

sizes = pytest.mark.parametrize("size", SIZES, ids=["120x36", "80x24"])


@sizes
@pytest.mark.parametrize(
    ("pin", "overview", "review"),
    [
        ("modal==0.77.0", "nothing that was found breaks", "modal==0.77.0 stays below that"),
        ("modal>=0.70", "breaks within that: 5, 8", "the next install may break it"),
        ("modal~=1.5.0", "breaks within that: 5, 8", "it fails already"),
    ],
    ids=["below", "open", "past"],
)
async def test_the_pin_is_told_and_what_breaks_with_it(
    tmp_path: Path, size: tuple[int, int], pin: str, overview: str, review: str
) -> None:
    root = make_repository(tmp_path / "shop", {**LEGACY, "requirements.txt": f"{pin}\n"})
    async with wizard(root, size) as opened:
        assert f"pinned {pin}" in opened.text
        assert overview in opened.text
        await opened.press("enter")
        explanation = opened.screen.query_one("#explanation").render()
        assert review in " ".join(str(explanation.lines(500)[n]) for n in range(len(explanation.lines(500))))  # type: ignore[union-attr]


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


async def test_p_is_not_offered_where_there_is_no_old_pin(tmp_path: Path) -> None:
    async with wizard(make_repository(tmp_path / "shop")) as opened:
        await opened.press("enter", "a", "o", "m")
        assert "raise the pin" not in opened.footer
