"""Search, filters, reasons, and deciding the rest at once in the review."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.pilot import SHOP, SIZES, Wizard, make_repository, wizard

from modal_wizard.session.decisions import Status
from modal_wizard.tui.dialogs.choose import List, Menu, Typing
from modal_wizard.tui.dialogs.confirm import Question
from modal_wizard.tui.screens.review.screen import Review

A, S, P = Status.ACCEPTED, Status.SKIPPED, Status.PENDING

FILES = {
    "shop.py": SHOP,
    "till.py": "import modal\n\napp = modal.App('till')\n\n\n@app.function(keep_warm=2)\ndef pay(): ...\n",
    "yard.py": "import modal\n\nWARM = 3\napp = modal.App('yard')\n\n\n@app.function(keep_warm=WARM)\ndef go(): ...\n",
}
"""keep_warm in three files, concurrency_limit and container_idle_timeout in one."""

sizes = pytest.mark.parametrize("size", SIZES, ids=["120x36", "80x24"])


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "shop", FILES)


def shown(opened: Wizard) -> list[str]:
    return [f"{finding.site.path} {finding.site.text}" for finding in opened.review.findings.order]


async def pick(opened: Wizard, word: str) -> None:
    """Take the entry of the menu that contains a word."""
    menu = opened.screen.query_one(List)
    menu.highlighted = next(i for i, option in enumerate(menu.options) if word in str(option.prompt))
    await opened.press("enter")


@sizes
async def test_slash_shows_what_the_words_occur_in_and_escape_shows_all(
    repository: Path, size: tuple[int, int]
) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "slash")
        assert isinstance(opened.screen, Typing)
        await opened.press(*"warm", "enter")
        assert shown(opened) == ["shop.py keep_warm", "till.py keep_warm", "yard.py keep_warm"]
        assert "“warm”" in opened.text
        assert "3 of 5 shown, esc shows all" in opened.text
        await opened.press("escape")
        assert isinstance(opened.screen, Review)
        assert len(shown(opened)) == 5
        assert "esc shows all" not in opened.text


async def test_words_that_occur_nowhere_leave_a_way_out(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "slash", *"zebra", "enter")
        assert shown(opened) == []
        assert "Press esc to see all" in opened.text
        assert "accept" not in opened.footer
        await opened.press("escape")
        assert len(shown(opened)) == 5


@sizes
@pytest.mark.parametrize(
    ("word", "count"), [("undecided", 4), ("safe", 5), ("rule ", 5), ("file shop.py", 3)], ids=lambda v: str(v)
)
async def test_F_shows_only_what_is_asked_for(repository: Path, size: tuple[int, int], word: str, count: int) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "a", "F")
        assert isinstance(opened.screen, Menu)
        await pick(opened, word)
        assert len(shown(opened)) == count
        assert "esc shows all" in opened.text


async def test_filters_add_up_and_are_taken_off_one_by_one(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "a", "F")
        await pick(opened, "undecided")
        await opened.press("F")
        await pick(opened, "file shop.py")
        assert shown(opened) == ["shop.py concurrency_limit", "shop.py container_idle_timeout"]
        assert "undecided · shop.py" in opened.text
        await opened.press("F")
        await pick(opened, "✓ undecided")
        assert len(shown(opened)) == 3


async def test_what_is_decided_leaves_the_undecided_and_comes_back_by_undo(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "F")
        await pick(opened, "undecided")
        await opened.press("j", "a")
        assert "concurrency_limit" not in " ".join(shown(opened))
        assert opened.here.site.text == "container_idle_timeout"
        await opened.press("u")
        assert opened.here.site.text == "concurrency_limit"


@sizes
async def test_r_skips_with_a_reason_that_is_shown(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "r", *"later", "enter")
        assert opened.statuses("autoscaler")[0] is S
        await opened.press("k")
        assert opened.app.migration.decision(opened.here).reason == "later"


async def test_r_and_escape_decides_nothing(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "r", "escape")
        assert opened.statuses("autoscaler") == [P] * 5


@sizes
async def test_R_accepts_the_rest_of_a_file_as_one_step(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "s", "R")
        await pick(opened, "accept all 2 left of shop.py")
        assert opened.statuses("autoscaler") == [S, A, A, P, P]
        await opened.press("u")
        assert opened.statuses("autoscaler") == [S, P, P, P, P]


@pytest.mark.parametrize(
    ("entry", "after"),
    [
        ("skip all 3 left of shop.py", [S, S, S, P, P]),
        ("skip all 5 left of this section", [S] * 5),
        ("accept all 5 left of this section", [A] * 5),
        ("mute rule", [S] * 5),
    ],
    ids=["file", "section", "accept section", "mute"],
)
async def test_R_decides_the_rest(repository: Path, entry: str, after: list[Status]) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "R")
        await pick(opened, entry)
        assert opened.statuses("autoscaler") == after
        await opened.press("u")
        assert opened.statuses("autoscaler") == [P] * 5


async def test_what_differs_is_shown_first(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "R")
        await pick_only(opened, "accept all 5 left of this section (≠: 2 are another rewrite)")
        places = [line for line in opened.text.split("\n") if "≠ " in line]
        assert len(places) == 2
        assert "concurrency_limit" in places[0]


async def pick_only(opened: Wizard, word: str) -> None:
    """Move to the entry of the menu that contains a word."""
    menu = opened.screen.query_one(List)
    menu.highlighted = next(i for i, option in enumerate(menu.options) if word in str(option.prompt))
    await opened.settle()


async def test_review_findings_are_asked_about_before_they_are_accepted_together(tmp_path: Path) -> None:
    root = make_repository(
        tmp_path / "weights",
        {
            "a.py": "import modal\n\napp = modal.App()\n\n\n@app.cls()\nclass Model:\n    @modal.build()\n"
            "    def download(self): ...\n\n    @modal.enter()\n    def load(self): ...\n"
        },
    )
    async with wizard(root) as opened:
        await opened.press("enter")
        slug = opened.review.section.slug
        assert {finding.applicability.value for finding in opened.review.findings.order} == {"review"}
        await opened.press("R")
        await pick(opened, "accept the one left of this section")
        assert isinstance(opened.screen, Question)
        await opened.press("n")
        assert opened.statuses(slug) == [P]
        await opened.press("R")
        await pick(opened, "accept the one left of this section")
        await opened.press("y")
        assert opened.statuses(slug) == [A]
