"""Judging a change: its choices, the other changes around it, editing it with what is around it, handing it over."""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
from pathlib import Path

import cases
import msgspec
import pytest
from support.cases import Case, report, sources
from support.pilot import NARROW, SHOP, SIZES, TINY, WIDE, Wizard, make_repository, open_section, wizard, write
from textual.app import App
from textual.geometry import Size
from textual.widgets import TextArea

from modal_transforms.core.model import Choice
from modal_wizard.demo import write_demo
from modal_wizard.process.editor import at_line, editor
from modal_wizard.review import judgement
from modal_wizard.session.decisions import Status
from modal_wizard.text.diff import Mark
from modal_wizard.tui.dialogs.edit import EditLines
from modal_wizard.tui.screens.accepted import Accepted
from modal_wizard.tui.screens.overview import Overview
from modal_wizard.tui.widgets.choices import Choices
from modal_wizard.tui.widgets.diff_view import DiffView
from modal_wizard.tui.widgets.finding_tree import FindingTree

A, E, P = Status.ACCEPTED, Status.EDITED, Status.PENDING
sizes = pytest.mark.parametrize("size", SIZES, ids=["120x36", "80x24"])

CROWDED = """\
import modal

app = modal.App("shop")


@app.function(keep_warm=1, concurrency_limit=5, allow_concurrent_inputs=16)
def price(item):
    return item


@app.function(container_idle_timeout=60)
def stock(item):
    return item
"""
BY_HAND = """\
import modal

Model = modal.Cls.from_name("shop", "Model").with_options(keep_warm=2)
"""
MODEL = """\
import modal

app = modal.App("shop")


@app.cls()
class Model:
    def __init__(self, size: int):
        self.size = size
"""
CALLER = """\
from model import Model

small = Model(1)
"""


def rows(opened: Wizard) -> list[str]:
    """What the diff shows: a mark for where a row comes from, its own, and its text."""
    shown = [row for block in opened.screen.query_one(DiffView)._blocks for row in block.rows]
    return [f"{'✓' * row.other}{'↷' * row.moved}{row.mark.value}{row.text}" for row in shown]


def said(opened: Wizard) -> str:
    """What was told in the corner."""
    return "\n".join(note.text for note in opened.app.telling.told)


# --- choices ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("judged") / "demo")


@sizes
async def test_a_judgement_call_shows_all_that_it_needs_at_once(demo: Path, size: tuple[int, int]) -> None:
    async with wizard(demo, size) as opened:
        await open_section(opened, "build")
        first, second = opened.here.choices
        for word in (
            "1  recommended  a Volume at MODEL_CACHE",
            f"2  {second.label}",
            "Effect",
            "Why 1    it is the guide's",
        ):
            assert word in opened.text
        assert "Decides  line 27: sentence_transformers" in opened.text
        assert "image no longer holds the files" in opened.text, "the effect of the first"
        assert "1-2 choose" in opened.footer
        await opened.press("question_mark")
        assert "1-2" in opened.text
        assert "Show what choice 2 would do" not in opened.text
        await opened.press("escape")
        assert not opened.screen.query_one(FindingTree).display, "one finding needs no list"
        await opened.press("7")
        assert opened.review.cursor.choice == first
        assert "There is no choice 7 here: there are 2." in said(opened)
        before = rows(opened)
        await opened.press("2")
        assert "▸ 2" in opened.text
        assert "each cold start does the work" in opened.text, "the effect of the second"
        assert rows(opened) != before
        await opened.press("y")
        assert opened.app.migration.decision(opened.here).choice == second.key
        await opened.press("1")
        assert "accepted: 2; looking at 1, a switches" in opened.text
        await opened.press("u")


async def test_enter_and_arrows_go_into_the_choices_and_out(demo: Path) -> None:
    async with wizard(demo, NARROW) as opened:
        await open_section(opened, "lookup")
        opened.review.findings.go(next(each for each in opened.review.findings.order if len(each.choices) > 1))
        await opened.settle()
        choices = opened.screen.query_one(Choices)
        for key, back in (("enter", "left"), ("right", "escape")):
            await opened.press(key)
            assert choices.has_focus
            await opened.press(back)
            assert opened.review.findings.has_focus
        await opened.press("o")
        await open_section(opened, "build")
        await opened.press("down", "down")
        assert opened.screen.query_one(Choices).has_focus, "with one finding, arrows go into its choices"
        assert "▸ 2" in opened.text
        assert opened.app.migration.decision(opened.here).status is P


@sizes
async def test_forty_choices_and_a_choice_of_forty_lines_leave_the_screen_whole(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with wizard(make_repository(tmp_path / "shop"), size) as opened:
        await opened.press("enter")
        long = "\n".join(f"line {number} of what it means" for number in range(40))
        many = tuple(Choice(f"c{number}", f"choice {number}\nand more", long, ()) for number in range(40))
        scanned = opened.app.migration.scanned
        found = scanned.reports["shop.py"]
        findings = tuple(msgspec.structs.replace(each, choices=many) for each in found.findings)
        scanned.reports = {"shop.py": msgspec.structs.replace(found, findings=findings)}
        opened.review.show()
        await opened.settle()
        assert "choice 0 and more" in opened.text
        assert opened.review.pane.diff.size.height >= 4
        assert "1-9 choose" in opened.footer
        await opened.press("enter", "end")
        assert "▸ 40" in opened.text, "it scrolls to the one that is looked at"
        for other in (TINY, size):
            await opened.resize(*other)
        assert "▸ 40" in opened.text


def test_every_rule_that_lets_choose_says_why_its_first_choice_is_recommended() -> None:
    asked = {
        (finding.section, finding.choices[0].key)
        for module in pkgutil.iter_modules(cases.__path__)
        for case in getattr(importlib.import_module(f"cases.{module.name}"), "CASES", ())
        if isinstance(case, Case)
        for finding in report(sources(case.path, case.before, case.files), case.path).findings
        if len(finding.choices) > 1
    }
    assert len(asked) > 20
    assert asked - set(judgement._WHY) == set()


# --- the diff --------------------------------------------------------------------------------------------------------


@pytest.fixture
def crowded(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "crowded", {"shop.py": CROWDED})


async def test_the_diff_shows_what_else_is_accepted_and_what_moves(crowded: Path) -> None:
    async with wizard(crowded) as opened:
        await open_section(opened, "autoscaler")
        await opened.press("a")
        assert "+@app.function(min_containers=1, max_containers=5, allow_concurrent_inputs=16)" in rows(opened)
        await opened.press("j", "a", "o")
        await open_section(opened, "concurrent")
        shown = rows(opened)
        assert "↷-@app.function(keep_warm=1, concurrency_limit=5, allow_concurrent_inputs=16)" in shown
        assert "↷+@modal.concurrent(max_inputs=16)" in shown
        assert "✓-@app.function(container_idle_timeout=60)" in shown, "another accepted change, told apart"
        assert "✓+@app.function(scaledown_window=60)" in shown
        assert "Moves    ↷ allow_concurrent_inputs= of line 6" in opened.text
        assert "11 12    def stock" in opened.text.replace("12 13", "11 12"), "both numbers of a line"
        await opened.press("w")
        assert "as it would be" in opened.text
        assert [row for row in rows(opened) if "-" in row[:2]] == []
        await opened.press("w", "u", "u")
        assert not any("✓" in row for row in rows(opened)), "undone elsewhere, gone here"


async def test_P_shows_everything_accepted_as_it_would_be_written(crowded: Path) -> None:
    write(crowded, {"desk.py": 'import modal\n\nprice = modal.Function.lookup("shop", "price")\n'})
    async with wizard(crowded, NARROW) as opened:
        await open_section(opened, "autoscaler")
        await opened.press("P")
        assert "Nothing is accepted" in opened.text
        await opened.press("escape", "A", "o")
        await open_section(opened, "lookup")
        await opened.press("a", "P")
        assert isinstance(opened.screen, Accepted)
        assert "4 findings in 2 files, not written yet" in opened.text
        shown = rows(opened)
        for line in ('+price = modal.Function.from_name("shop", "price")', "+@app.function(scaledown_window=60)"):
            assert line in shown
        await opened.press("j", "k", "w", "d", "plus", "minus", "J", "K", "u")
        assert "3 findings in 1 file, not" in opened.text, "undone here, gone here"
        await opened.resize(*TINY)
        await opened.resize(*WIDE)
        await opened.press("o")
        assert isinstance(opened.screen, Overview)


async def test_places_that_print_the_same_lines_print_them_once(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "near", {"model.py": MODEL, "caller.py": CALLER + "large = Model(2)\n"})
    async with wizard(root) as opened:
        await open_section(opened, "cls-parameters")
        finding = opened.here
        from modal_wizard.review.context import surroundings

        places = [row for hunk in surroundings(opened.app.migration, finding, 3) for row in hunk.rows]
        assert len(places) == len({(row.old, row.text) for row in places})
        assert all(row.mark is Mark.SAME for row in places)


# --- by hand ---------------------------------------------------------------------------------------------------------


async def test_the_changed_line_of_an_edit_is_tinted_where_the_cursor_stands_too(repository: Path) -> None:
    async with wizard(repository) as opened:
        await open_section(opened, "autoscaler")
        await opened.press("e")
        area = opened.screen.query_one(TextArea)
        changed = area.cursor_location[0]
        assert "min_containers" in area.document.get_line(changed)
        tinted, plain = (
            {part.style.bgcolor for part in area.render_line(row) if part.style and word in part.text}
            for row, word in ((changed, "min_containers"), (changed + 1, "price"))
        )
        assert tinted
        assert plain
        assert tinted.isdisjoint(plain)


async def test_every_part_of_a_finding_is_edited_in_its_turn(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "parts", {"model.py": MODEL, "caller.py": CALLER})
    async with wizard(root) as opened:
        await open_section(opened, "cls-parameters")
        await opened.press("e")
        area = opened.screen.query_one(TextArea)
        assert "part 1 of 2" in opened.text
        assert "next part" in opened.footer
        assert area.text.startswith("@app.cls()\nclass Model:\n"), "the whole statement"
        assert "◂" in opened.text, "what changed is marked"
        area.load_text(area.text + "\n\n    def more(self): ...")
        await opened.settle()
        await opened.press("ctrl+s")
        assert "part 2 of 2" in opened.text
        assert area.text == "small = Model(size=1)"
        area.load_text("small = Model(size=3)")
        await opened.settle()
        await opened.press("ctrl+b")
        assert "def more(self)" in area.text, "nothing typed is lost between the parts"
        await opened.press("ctrl+s", "ctrl+s")
        assert opened.statuses("cls-parameters") == [E]
        files = {change.path: change.after for change in opened.app.migration.preview(opened.review.section).files}
        assert files["caller.py"].endswith(b"small = Model(size=3)\n")
        assert b"def more(self)" in files["model.py"]
        again = opened.app.migration.session.file
        assert again is not None
    async with wizard(root) as opened:
        assert opened.statuses("cls-parameters") == [E], "both parts are there after a new start"


async def test_ten_thousand_lines_may_be_pasted_and_the_box_resized(tmp_path: Path) -> None:
    async with wizard(make_repository(tmp_path / "shop"), NARROW) as opened:
        await opened.press("enter", "e")
        area = opened.screen.query_one(TextArea)
        area.load_text("".join(f"# line {number}\n" for number in range(10_000)))
        await opened.settle()
        for size in (TINY, NARROW):
            await opened.resize(*size)
            assert isinstance(opened.screen, EditLines)
        await opened.press("ctrl+s")
        assert "Not taken" in opened.text or opened.statuses("autoscaler")[0] is E
        await opened.press("escape", "escape", "escape")


def shell(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


async def test_E_takes_what_ones_own_editor_saves_of_the_file(
    tmp_path: Path, crowded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(App, "suspend", lambda self: contextlib.nullcontext())
    change = 'for last; do :; done; sed -i s/min_containers=1/min_containers=3/ "$last"; echo "$@" > "$0.said"'
    monkeypatch.setenv("GIT_EDITOR", shell(tmp_path / "vim", change))
    async with wizard(crowded) as opened:
        await open_section(opened, "autoscaler")
        await opened.press("E")
        assert opened.statuses("autoscaler") == [E, P, P]
        (typed,) = opened.app.migration.decision(opened.review.findings.order[0]).edits
        assert typed.text.startswith("@app.function(min_containers=3,")
        assert (tmp_path / "vim.said").read_text().startswith("+6 "), "at the line"
        monkeypatch.setenv("GIT_EDITOR", "true")
        await opened.press("E")
        assert "nothing was changed in the editor" in said(opened)
        assert opened.statuses("autoscaler") == [E, P, P]


async def test_what_has_to_be_done_by_hand_is_opened_itself_and_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_repository(tmp_path / "by-hand", {"model.py": BY_HAND, "shop.py": SHOP})
    monkeypatch.setattr(App, "suspend", lambda self: contextlib.nullcontext())
    async with wizard(root) as opened:
        await open_section(opened, "autoscaler")
        opened.review.findings.go(next(each for each in opened.review.findings.order if not each.choices))
        await opened.settle()
        assert "done by hand" in opened.footer
        await opened.press("h")
        assert "It is still there: model.py:3" in said(opened)
        monkeypatch.setenv(
            "GIT_EDITOR", shell(tmp_path / "ed", 'for f; do :; done; sed -i s/keep_warm/min_containers/ "$f"')
        )
        await opened.press("E")
        assert "Done by hand: model.py:3" in said(opened)
        assert {finding.site.path for finding in opened.review.findings.order} == {"shop.py"}


def test_the_editor_is_the_one_that_git_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_repository(tmp_path / "shop")
    for name in ("GIT_EDITOR", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.editor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "sh -c true")
    assert editor(root) == ["sh", "-c", "true"]
    monkeypatch.setenv("GIT_EDITOR", "code --wait")
    assert editor(root) == ["code", "--wait"]
    assert at_line(["code", "--wait"], "a.py", 12) == ["code", "--wait", "-g", "a.py:12"]
    assert at_line(["/usr/bin/vim"], "a.py", 12) == ["/usr/bin/vim", "+12", "a.py"]
    assert at_line(["hx"], "a.py", 12) == ["hx", "a.py:12"]
    assert at_line(["unknown"], "a.py", 12) == ["unknown", "a.py"]


async def test_Y_copies_the_change_and_G_the_guides_address(crowded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "far away")
    async with wizard(crowded) as opened:
        await open_section(opened, "concurrent")
        await opened.press("Y")
        patch = opened.app.clipboard
        assert patch.startswith("--- a/shop.py\n+++ b/shop.py\n@@ -")
        assert "\n+@modal.concurrent(max_inputs=16)\n" in patch
        await opened.press("G")
        assert opened.app.clipboard == opened.review.section.link
        assert f"Copied: {opened.review.section.link}" in said(opened)


# --- bad input -------------------------------------------------------------------------------------------------------


async def test_a_thousand_findings_in_one_file_with_a_long_name(tmp_path: Path) -> None:
    folder = "/".join(["d" * 90] * 2)
    path = f"{folder}/{'n' * 110}.py"
    body = "".join(f"@app.function(keep_warm={n})\ndef f{n}(): ...\n\n\n" for n in range(1000))
    root = make_repository(tmp_path / "many", {path: f'import modal\n\napp = modal.App("many")\n\n\n{body}'})
    async with wizard(root, NARROW) as opened:
        await open_section(opened, "autoscaler")
        await opened.press("a", "a", "j", "j")
        assert "min_containers=4" in opened.text
        await opened.press("w")
        assert "as it would be" in opened.text
        await opened.press("w", "P")
        assert "2 findings in 1 file" in opened.text
        for size in (TINY, NARROW):
            await opened.resize(*size)
            await opened.press("j", "k")
        await opened.press("escape", "e")
        await opened.resize(*TINY)
        await opened.resize(*NARROW)
        assert "min_containers=4" in opened.screen.query_one(TextArea).text
        assert opened.app.size == Size(*NARROW)
