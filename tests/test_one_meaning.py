"""One key, one meaning: on every screen, in every dialog, line by line; and no key is silent."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.lines import Lines
from support.pilot import NARROW, SIZES, git, make_repository, open_section, wizard
from textual.binding import Binding
from textual.widgets import Input

from modal_wizard import tui
from modal_wizard.config.commands import COMMANDS, KeyGroup, keys_by_command, shown_key
from modal_wizard.plain.help import help_lines
from modal_wizard.tui.app import WizardApp
from modal_wizard.tui.dialogs.confirm import Question
from modal_wizard.tui.dialogs.form import Values
from modal_wizard.tui.dialogs.help import Help
from modal_wizard.tui.screens.commit.screen import Commit
from modal_wizard.tui.screens.overview import Overview

ANSWERS = {"y": "yes", "n": "no"}
"""What these stand for in a question, and nowhere else."""


def bindings() -> Iterator[tuple[type, Binding]]:
    """Every binding of every screen, dialog and widget of ours, and of the application."""
    for found in pkgutil.walk_packages(tui.__path__, "modal_wizard.tui."):
        module = importlib.import_module(found.name)
        for kind in vars(module).values():
            if isinstance(kind, type) and kind.__module__ == module.__name__:
                yield from ((kind, each) for each in vars(kind).get("BINDINGS", ()))


def test_a_letter_stands_for_one_command_wherever_it_works() -> None:
    seen: dict[str, set[str]] = {}
    for kind, binding in bindings():
        for key in binding.key.split(","):
            if (len(key) == 1 and not key.isdigit()) or key in {"slash", "plus", "minus", "question_mark"}:
                meaning = ANSWERS[key] if kind is Question and key in ANSWERS else binding.id
                assert meaning, f"{key} of {kind.__name__} stands for no command"
                seen.setdefault(key, set()).add(meaning)
    for key, meanings in seen.items():
        own = meanings - {ANSWERS.get(key, "")}
        assert len(own) <= 1, f"{key} has several meanings: {meanings}"
        assert all(key in COMMANDS[name].keys for name in own)
    assert seen["a"] == {"accept"}
    assert seen["n"] == {"next", "no"}


def test_no_key_is_in_the_table_twice() -> None:
    assert [
        key for key, times in Counter(k for each in COMMANDS.values() for k in each.keys).items() if times > 1
    ] == []
    assert {each.group for each in COMMANDS.values()} == set(KeyGroup)


def test_line_by_line_has_the_letters_of_the_screens(repository: Path, lines: Lines) -> None:
    told = {line.split()[0]: line for line in help_lines(keys_by_command({})) if line.startswith("  ")}
    assert {shown_key(each.keys[0]) for each in COMMANDS.values()} >= set(told) - {"1"}
    said = lines(repository, "U", "w", "+ 1", "P", "d", "F", "B", "r not ours", "g desk.py:3", "q")
    assert "There is nothing to take back or to do again" in said
    assert "d (side by side) is for the screens, not line by line." in said
    assert "F (filter) is for the screens, not line by line." in said
    assert "There is no command B; ? lists them." in said
    assert "Skipped: shop.py, line 6." in said
    assert "Finding 1 of 1: desk.py, line 3." in said


def test_line_by_line_decides_many_at_once(repository: Path, lines: Lines) -> None:
    said = lines(repository, "R", "1", "u", "R", "", "n", "n now", "q")
    assert "1. accept all 2 left of rule autoscaler-rename" in said or "1. accept all 3 left" in said
    assert "accepted in one step; u takes it back." in said
    assert "Nothing was decided." in said


async def test_a_key_that_does_nothing_says_why_in_the_line_above_the_keys(repository: Path) -> None:
    async with wizard(repository) as opened:
        for key, said in {
            "s": "s (skip) works in the review of a section.",
            "m": "Nothing is decided yet.",
            "C": "No section is finished yet.",
            "D": "No file with findings has uncommitted changes of yours.",
            "W": "W (write only) works on the screen of a commit.",
            "B": "B is no key here; ? lists the keys.",
        }.items():
            await opened.press(key)
            assert said in opened.text, key
        await opened.press("j")
        assert "B is no key here" not in opened.text
        await open_section(opened, "autoscaler")
        for key, said in {"x": "This finding is not decided.", "c": "Nothing is accepted here yet: a accepts."}.items():
            await opened.press(key)
            assert said in opened.text, key
        await opened.press("question_mark", "s")
        assert "s (skip) does nothing in this dialog: esc leaves it." in opened.text


async def test_help_has_groups_and_the_palette_names_keys(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "a", "question_mark")
        assert opened.shows(Help)
        at = [opened.text.index(f" {group.value} ") for group in (KeyGroup.DECIDE, KeyGroup.MOVE, KeyGroup.SEE)]
        assert at == sorted(at)
        titles = [command.title for command in opened.app.get_system_commands(opened.app.screen_stack[-2])]
        assert "Accept  (a)" in titles
        assert "Side by side  (d)" in titles


@pytest.mark.parametrize("size", SIZES, ids=["120x36", "80x24"])
async def test_the_footer_holds_few_keys_in_groups(repository: Path, size: tuple[int, int]) -> None:
    async with wizard(repository, size) as opened:
        await opened.press("enter")
        footer = opened.footer
        assert footer.index("a accept") < footer.index("│") < footer.index("n next undecided")
        assert len(footer.split("\n")) <= 2
        assert "? help" in footer
        assert "^p" not in footer


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


async def test_a_quick_second_a_types_nothing_into_the_value_that_is_asked_for(tmp_path: Path) -> None:
    async with wizard(make_repository(tmp_path / "values", {"app.py": BUILD})) as opened:
        await open_section(opened, "build")
        await opened.type_keys("a", "a", "a")
        assert opened.shows(Values)
        before = opened.screen.query_one(Input).value
        assert before
        assert set(before) != {"a"}
        await opened.press("m", "a")
        assert opened.screen.query_one(Input).value.endswith("ma")


async def test_b_after_the_first_commit_explains_and_starts_no_edit(tmp_path: Path) -> None:
    async with wizard(make_repository(tmp_path / "shop")) as opened:
        await opened.press("enter", "A", "c", "c")
        assert opened.shows(Overview)
        await opened.press("enter", "A", "c")
        assert opened.shows(Commit)
        await opened.press(*"be")
        assert opened.shows(Question)
        assert "before the first commit only" in opened.text
        await opened.press("enter")
        assert opened.shows(Commit)
        assert opened.screen.query_one("#message").disabled


async def test_a_message_lists_no_more_files_than_are_read(tmp_path: Path) -> None:
    old = 'import modal\n\napp = modal.App("a")\n\n\n@app.function(keep_warm=1)\ndef f(): ...\n'
    root = make_repository(tmp_path / "many", {f"f{number:03}.py": old for number in range(171)})
    async with wizard(root, NARROW) as opened:
        await opened.press("enter", "A", "c", "c")
        assert opened.shows(Overview)
    body = git(root, "log", "-1", "--format=%B")
    assert "  f018.py\n  and 152 more\n" in body
    assert len(git(root, "show", "--name-only", "--format=", "HEAD").split()) == 171


def test_every_command_that_waits_says_why() -> None:
    always = {"help", "palette"}
    assert [name for name, each in COMMANDS.items() if not each.silent and name not in always] == []
    assert WizardApp.BINDINGS
