"""The review: one decision at a time, every key, and nothing of the repository obeyed."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from support.pilot import LEGACY, SHOP, SIZES, TINY, Wizard, make_repository, open_section, wizard
from textual.app import App
from textual.widgets import Input, TextArea

from modal_wizard.demo import write_demo
from modal_wizard.session.decisions import Status
from modal_wizard.tui.dialogs.edit import EditLines
from modal_wizard.tui.dialogs.help import Help
from modal_wizard.tui.screens.commit.screen import Commit
from modal_wizard.tui.screens.overview import Overview
from modal_wizard.tui.screens.review.screen import Review
from modal_wizard.tui.widgets.choices import Choices
from modal_wizard.tui.widgets.diff_view import DiffView

A, E, S, P = Status.ACCEPTED, Status.EDITED, Status.SKIPPED, Status.PENDING

sizes = pytest.mark.parametrize("size", SIZES, ids=["120x36", "80x24"])


def lines(opened: Wizard, word: str) -> list[str]:
    return [line for line in opened.text.split("\n") if word in line]


@sizes
async def test_it_shows_the_change_with_line_numbers_and_the_reasons(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter")
        assert re.search(r"\b6 +- @app.function\(keep_warm=1, concurrency_limit=5\)", opened.text)
        assert "6  + @app.function(min_containers=1, concurrency_limit=5)" in opened.text
        for word in ("safe", "undecided", "Why", "keep_warm is now min_containers", "Seen by", "Effect", "0 of 3"):
            assert word in opened.text


@sizes
async def test_a_accepts_and_goes_to_the_next_undecided(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "a")
        assert opened.statuses("autoscaler") == [A, P, P]
        assert opened.here.site.text == "concurrency_limit"
        assert lines(opened, "✓")


@sizes
async def test_s_skips_and_goes_to_the_next_undecided(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "s")
        assert opened.statuses("autoscaler") == [S, P, P]
        assert opened.here.site.text == "concurrency_limit"
        assert lines(opened, "– ")


@sizes
async def test_u_takes_back_and_U_makes_again_without_limit(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "a", "s", "a")
        assert opened.statuses("autoscaler") == [A, S, A]
        await opened.press("u", "u", "u")
        assert opened.statuses("autoscaler") == [P, P, P]
        assert opened.here.site.text == "keep_warm"
        assert "undo" not in opened.footer
        await opened.press("U", "ctrl+r", "U")
        assert opened.statuses("autoscaler") == [A, S, A]


@sizes
async def test_x_makes_a_finding_undecided_again(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "a", "k", "x")
        assert opened.statuses("autoscaler") == [P, P, P]


@sizes
@pytest.mark.parametrize(("down", "up"), [("j", "k"), ("down", "up")], ids=["j k", "arrows"])
async def test_moving_shows_the_finding_under_the_cursor(
    repository: Path, size: tuple[int, int], down: str, up: str
) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", down)
        assert opened.here.site.text == "concurrency_limit"
        assert "max_containers=5" in opened.text
        await opened.press(up)
        assert opened.here.site.text == "keep_warm"


@sizes
async def test_n_goes_over_the_end_of_a_section_and_around(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "j", "a", "n")
        assert opened.review.section.slug == "lookup"
        await opened.press("n")
        assert (opened.review.section.slug, opened.here.site.text) == ("autoscaler", "keep_warm")


@sizes
async def test_A_accepts_every_safe_one_in_one_step(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "s", "A")
        assert opened.statuses("autoscaler") == [S, A, A]
        assert opened.app.migration.decision(opened.review.findings.order[1]).bulk
        assert "all safe" not in opened.footer
        await opened.press("u")
        assert opened.statuses("autoscaler") == [S, P, P]


@sizes
async def test_S_skips_the_rest_in_one_step(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "a", "S")
        assert opened.statuses("autoscaler") == [A, S, S]
        await opened.press("u")
        assert opened.statuses("autoscaler") == [A, P, P]


async def test_an_accepted_finding_can_be_decided_otherwise(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "a", "k", "s")
        assert opened.statuses("autoscaler")[0] is S


async def test_d_shows_old_and_new_in_two_columns(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "d")
        assert lines(opened, "keep_warm=1, con")[0].count("@app.function(") == 2
        await opened.press("d")
        assert lines(opened, "keep_warm=1, con")[0].count("@app.function(") == 1


@sizes
async def test_plus_shows_more_lines_and_minus_fewer(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "minus", "minus", "minus")
        assert "return item" not in opened.text
        await opened.press("plus", "plus")
        diff = opened.screen.query_one(DiffView)
        assert "return item" in opened.text or diff.max_scroll_y > 0


async def test_J_and_K_scroll_a_long_diff(tmp_path: Path) -> None:
    body = "".join(f"    keep_warm={number},  # {number}\n" for number in range(1))
    padding = "# line\n" * 80
    root = make_repository(
        tmp_path / "long",
        {"a.py": f"import modal\n\napp = modal.App()\n{padding}\n\n@app.function(\n{body})\ndef f(): ...\n"},
    )
    async with wizard(root, SIZES[1]) as opened:
        await opened.press("enter", *["plus"] * 10)
        diff = opened.screen.query_one(DiffView)
        before = diff.scroll_y
        await opened.press("K")
        assert diff.scroll_y == before - 3
        await opened.press("J")
        assert diff.scroll_y == before


@sizes
@pytest.mark.parametrize("key", ["o", "escape"])
async def test_o_and_escape_go_back_to_the_sections(repository: Path, size: tuple[int, int], key: str) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", key)
        assert isinstance(opened.screen, Overview)


@sizes
async def test_c_goes_to_the_commit_once_something_is_accepted(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "c")
        assert isinstance(opened.screen, Review)
        await opened.press("a", "c")
        assert isinstance(opened.screen, Commit)


@sizes
async def test_help_explains_every_key_of_the_footer(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "a", "question_mark")
        assert isinstance(opened.screen, Help)
        keys = {key.display for key in opened.screen._keys}
        assert {"a", "s", "e", "n", "A", "S", "d", "c", "o", "u", "?", "q"} <= keys
        assert all(key.tooltip for key in opened.screen._keys)
        await opened.press("escape")
        assert isinstance(opened.screen, Review)


async def test_every_key_of_the_screen_is_in_the_command_palette(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter")
        names = {command.title for command in opened.app.get_system_commands(opened.app.screen)}
        assert {
            "Accept  (a)",
            "Skip  (s)",
            "Edit  (e)",
            "Skip the rest  (S)",
            "Next undecided  (n)",
            "Quit  (q)",
        } <= names


@pytest.mark.parametrize("size", [*SIZES, TINY], ids=["120x36", "80x24", "40x10"])
async def test_no_key_breaks_the_screen_at_any_size(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await open_section(opened, "autoscaler")
        for key in [
            "d",
            "plus",
            "minus",
            "J",
            "K",
            "j",
            "k",
            "space",
            "space",
            "n",
            "tab",
            "tab",
            "2",
            "x",
            "a",
            "u",
            "U",
        ]:
            await opened.press(key)
            assert isinstance(opened.screen, Review)
            assert all(len(line) <= size[0] for line in opened.text.split("\n"))


async def test_the_screen_follows_the_size_of_the_terminal(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter")
        for size in (SIZES[1], TINY, (250, 80), SIZES[0]):
            await opened.resize(*size)
            await opened.settle()
            assert "accept" in opened.footer
        assert "min_containers=1" in opened.text


async def test_moving_passes_over_file_names_and_space_folds_a_file(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "two", {"a/shop.py": LEGACY["shop.py"], "b/shop.py": LEGACY["shop.py"]})
    async with wizard(root) as opened:
        await opened.press("enter", "j", "j", "j")
        assert opened.here.site.path == "b/shop.py"
        await opened.press("k")
        assert (opened.here.site.path, opened.here.site.line) == ("a/shop.py", 11)
        await opened.press("space")
        assert "11 container_idle_timeout" not in opened.text.split("╮")[0] + opened.text[:2000].split("b/shop.py")[0]
        await opened.press("j")
        assert opened.here.site.path == "b/shop.py"
        await opened.press("k", "space")
        assert "11 container_idle_timeout" in opened.text


async def test_the_diff_is_scrolled_to_the_place_when_the_import_is_far_above(tmp_path: Path) -> None:
    padding = "# line\n" * 60
    text = f'from modal import App, gpu\n\napp = App("x")\n{padding}\n\n@app.function(gpu=gpu.T4())\ndef f(): ...\n'
    root = make_repository(tmp_path / "far", {"a.py": text})
    async with wizard(root, SIZES[1]) as opened:
        await open_section(opened, "gpu")
        await opened.press("plus", "plus", "plus")
        assert '+ @app.function(gpu="T4")' in opened.text


# --- editing ---------------------------------------------------------------------------------------------------------


BODY = "\ndef price(item):\n    return item"
"""The rest of the statement that is edited."""


async def edit(opened: Wizard, text: str) -> TextArea:
    await opened.press("enter", "e")
    editor = opened.screen.query_one(TextArea)
    editor.load_text(text)
    await opened.settle()
    return editor


@sizes
async def test_e_edits_the_lines_after_the_rewrite_and_ctrl_s_takes_them(
    repository: Path, size: tuple[int, int]
) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "e")
        editor = opened.screen.query_one(TextArea)
        assert editor.text == f"@app.function(min_containers=1, concurrency_limit=5){BODY}"
        editor.load_text(f"@app.function(min_containers=2, concurrency_limit=5){BODY}")
        await opened.press("ctrl+s")
        assert opened.statuses("autoscaler") == [E, P, P]
        await opened.press("k")
        assert "min_containers=2" in opened.text
        assert "✎" in opened.text


@sizes
async def test_an_edit_that_does_not_parse_keeps_the_text_and_says_why(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        editor = await edit(opened, "@app.function(min_containers=2")
        await opened.press("ctrl+s")
        assert isinstance(opened.screen, EditLines)
        assert editor.text == "@app.function(min_containers=2"
        assert "Not taken" in opened.text
        assert opened.statuses("autoscaler") == [P, P, P]


@sizes
async def test_escape_leaves_an_unchanged_edit_at_once_and_asks_once_about_a_changed_one(
    repository: Path, size: tuple[int, int]
) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter", "e", "escape")
        assert isinstance(opened.screen, Review)
        await opened.press("e", "x", "escape")
        assert isinstance(opened.screen, EditLines)
        assert "not taken yet" in opened.text
        await opened.press("escape")
        assert isinstance(opened.screen, Review)
        assert opened.statuses("autoscaler") == [P, P, P]


async def test_ctrl_e_edits_in_the_persons_own_editor(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\nsed -i s/min_containers=1/min_containers=3/ "$2"\n')
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", f"{script} --wait")
    monkeypatch.setattr(App, "suspend", lambda self: contextlib.nullcontext())
    async with wizard(repository) as opened:
        await opened.press("enter", "e", "ctrl+e")
        assert "min_containers=3" in opened.screen.query_one(TextArea).text
        assert opened.statuses("autoscaler") == [P, P, P]
        await opened.press("ctrl+s")
        assert opened.statuses("autoscaler") == [E, P, P]


async def test_an_editor_that_fails_leaves_the_text_as_it_was(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(App, "suspend", lambda self: contextlib.nullcontext())
    monkeypatch.setenv("VISUAL", "false")
    async with wizard(repository) as opened:
        await opened.press("enter", "e", "ctrl+e")
        assert "ended with status 1" in opened.text
        assert "min_containers=1" in opened.screen.query_one(TextArea).text


async def test_without_an_editor_of_ones_own_none_is_offered(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_EDITOR", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "dumb")  # git has no editor of its own for it
    async with wizard(repository) as opened:
        await opened.press("enter", "e")
        assert "own editor" not in opened.footer


async def test_line_endings_of_the_file_are_kept_by_an_edit(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "crlf", {"shop.py": SHOP.replace("\n", "\r\n")})
    async with wizard(root) as opened:
        await edit(opened, f"@app.function(min_containers=2, concurrency_limit=5){BODY}")
        await opened.press("ctrl+s", "c", "W")
    data = (root / "shop.py").read_bytes()
    assert b"min_containers=2, concurrency_limit=5)\r\n" in data
    assert data.count(b"\n") == data.count(b"\r\n")


# --- choices ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return write_demo(tmp_path / "demo")


async def open_choices(opened: Wizard) -> Choices:
    """Go to the first finding that offers more than one choice."""
    migration = opened.app.migration
    finding = next(finding for finding in migration.findings() if len(finding.choices) > 1)
    await open_section(opened, finding.section)
    opened.review.findings.go(finding)
    await opened.settle()
    return opened.screen.query_one(Choices)


@sizes
async def test_a_number_shows_another_choice_and_a_takes_it(demo: Path, size: tuple[int, int]) -> None:
    async with wizard(demo, size) as opened:
        await open_choices(opened)
        finding, before = opened.here, opened.screen.query_one(DiffView)._blocks
        assert "1-2 choose" in opened.footer
        await opened.press("2")
        assert opened.screen.query_one(DiffView)._blocks != before
        assert opened.app.migration.decision(finding).status is P
        await opened.press("a")
        assert opened.app.migration.decision(finding).choice == finding.choices[1].key


async def test_moving_over_the_choices_changes_the_diff_and_enter_takes(demo: Path) -> None:
    async with wizard(demo) as opened:
        choices = await open_choices(opened)
        finding, before = opened.here, opened.screen.query_one(DiffView)._blocks
        choices.focus()
        await opened.press("j")
        assert opened.screen.query_one(DiffView)._blocks != before
        assert "▸ 2" in opened.text
        await opened.press("k", "enter")
        assert opened.app.migration.decision(finding).choice == finding.choices[0].key


async def test_a_click_on_a_choice_shows_it_and_decides_nothing(demo: Path) -> None:
    async with wizard(demo) as opened:
        await open_choices(opened)
        finding = opened.here
        await opened.pilot.click(Choices, offset=(8, 1))
        await opened.settle()
        assert opened.review.cursor.choice == finding.choices[1]
        assert opened.app.migration.decision(finding).status is P


BY_HAND = """\
import modal

Model = modal.Cls.from_name("shop", "Model").with_options(keep_warm=2)
"""


async def test_a_finding_to_be_done_by_hand_shows_the_place_and_the_advice(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "by-hand", {"model.py": BY_HAND})
    async with wizard(root) as opened:
        manual = next(f for f in opened.app.migration.findings() if f.applicability.value == "manual")
        await open_section(opened, manual.section)
        opened.review.findings.go(manual)
        await opened.settle()
        assert "manual" in opened.text
        assert "By hand" in opened.text
        assert "▶" in opened.text
        assert "accept" not in opened.footer
        await opened.press("s")
        assert opened.app.migration.decision(manual).status is S


# --- hostile text ----------------------------------------------------------------------------------------------------

HOSTILE = """\
import modal

app = modal.App("x")  # [bold red]not markup[/] \x1b[31mnot red \u202e tricky


@app.function(keep_warm=1)  # [@click=app.bell]no[/]
\tdef_ = 1
""".replace("\tdef_ = 1", "def f():\n\treturn 1")


async def test_nothing_of_the_repository_is_obeyed(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "hostile", {"a[red]b.py": HOSTILE})
    async with wizard(root) as opened:
        await opened.press("enter")
        assert "[bold red]not markup[/]" in opened.text
        assert "[@click=app.bell]no[/]" in opened.text
        assert "␛[31mnot red" in opened.text
        assert "\\u202e tricky" in opened.text
        assert "→   return 1" in opened.text
        assert "a[red]b.py" in opened.text
        assert "\x1b" not in opened.text
        assert "\u202e" not in opened.text
        await opened.press("a", "c")
        assert "a[red]b.py" in opened.text


async def test_the_same_name_in_two_files_is_told_apart(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "two", {"a/shop.py": LEGACY["shop.py"], "b/shop.py": LEGACY["shop.py"]})
    async with wizard(root) as opened:
        await opened.press("enter")
        assert "a/shop.py" in opened.text
        assert "b/shop.py" in opened.text


ASKING = """\
import modal

app = modal.App("shop")


@app.cls()
class Model:
    def __init__(self, size):
        self.size = size

    @modal.method()
    def run(self):
        return self.size
"""


@sizes
async def test_a_value_that_a_choice_needs_is_asked_for(tmp_path: Path, size: tuple[int, int]) -> None:
    root = make_repository(tmp_path / "asking", {"model.py": ASKING})
    async with wizard(root, size) as opened:
        await opened.press("enter")
        finding = opened.here
        number = next(number for number, choice in enumerate(finding.choices, start=1) if choice.asks)
        await opened.press(str(number), "a")
        field = opened.screen.query_one(Input)
        assert field.value == finding.choices[number - 1].asks[0].default
        field.value = "not a type!"
        await opened.press("enter")
        assert "not a type! is no type of" in opened.text
        await opened.press("escape")
        assert opened.app.migration.decision(finding).status is P
        await opened.press("a")
        opened.screen.query_one(Input).value = "int"
        await opened.press("enter")
        assert list(dict(opened.app.migration.decision(finding).values).values()) == ["int"]
