"""Themes, no colour, slow lines, and a cursor that is not waited for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from support.pilot import NARROW, make_repository, open_section, wizard
from textual.filter import Monochrome

from modal_transforms.core.model import Finding
from modal_wizard.cli import open
from modal_wizard.cli.arguments import THEMES
from modal_wizard.cli.main import parser_of
from modal_wizard.git.permissions import Permissions
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.open import open_migration
from modal_wizard.tui.app import WizardApp
from modal_wizard.tui.screens.review.screen import Review
from modal_wizard.tui.textual_ext import themes
from modal_wizard.tui.widgets.diff_view import DiffView


def test_the_command_line_offers_the_themes_that_there_are() -> None:
    assert [f"{themes.PREFIX}{name}" for name in THEMES] == [theme.name for theme in themes.THEMES]
    assert parser_of(open).parse_args(["--theme", "light"]).theme == "light"


async def test_a_theme_says_how_diffs_look(repository: Path) -> None:
    app = WizardApp(open_migration(repository), None, Permissions(), "blue-orange")
    async with app.run_test() as pilot:
        assert app.theme_variables["diff-old"] == themes.BLUE_ORANGE.variables["diff-old"]
        app.theme = "wizard-dark"
        await pilot.pause()
        assert app.theme_variables["diff-old"] == themes.variables()["diff-old"]


@pytest.mark.parametrize("theme", THEMES)
async def test_every_word_can_be_told_from_what_is_behind_it(repository: Path, theme: str) -> None:
    async with wizard(repository) as opened:
        opened.app.theme = f"{themes.PREFIX}{theme}"
        await open_section(opened, "autoscaler")
        strips = opened.screen._compositor.render_strips()
        words = [segment for strip in strips for segment in strip if any(map(str.isalnum, segment.text))]
    assert {word.text for word in words if _contrast(word) < 2.5} == set()


def _contrast(word: Segment) -> float:
    """Return how far the colours of a word are apart, as WCAG counts it: from 1 to 21."""
    assert word.style is not None
    assert word.style.color is not None
    assert word.style.bgcolor is not None
    lights = sorted(_light(color.get_truecolor()) for color in (word.style.color, word.style.bgcolor))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _light(color: ColorTriplet) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized]
    return sum(part * weight for part, weight in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))


def test_red_and_green_are_not_told_apart_in_the_blue_and_orange_themes() -> None:
    for theme in (themes.BLUE_ORANGE, themes.BLUE_ORANGE_LIGHT):
        old, new = (bytes.fromhex(theme.variables[name][1:]) for name in ("diff-old", "diff-new"))
        assert old[0] - old[2] > 100, "orange: far more red than blue"
        assert new[2] - new[0] > 100, "blue: far more blue than red"


async def test_NO_COLOR_is_obeyed_and_left_for_hooks_and_editors(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with wizard(repository) as opened:
        assert any(isinstance(line_filter, Monochrome) for line_filter in opened.app._filters)
        assert os.environ["NO_COLOR"] == "1"
        await opened.press("enter")
        assert " - @app.function(keep_warm=1" in opened.text


def test_low_bandwidth_moves_nothing() -> None:
    said = (
        "from modal_wizard.cli.open import spare_the_line; spare_the_line(); "
        "from textual import constants; print(constants.MAX_FPS, constants.TEXTUAL_ANIMATIONS)"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["10", "none"]


async def test_keys_faster_than_the_screen_show_the_last_of_them(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    show = DiffView.heading

    def counted(view: DiffView, text: str, path: str = "") -> None:
        drawn.append(text)
        show(view, text, path)

    monkeypatch.setattr(DiffView, "heading", counted)
    async with wizard(repository) as opened:
        await opened.press("enter")
        drawn.clear()
        with opened.app.batch_update():  # no frame is drawn meanwhile
            await opened.type_keys("j", "k", "j", "k", "j", "j")
            assert isinstance(opened.screen, Review)
            assert not opened.screen.at_rest
            assert drawn == []
        await opened.settle()
        assert len(set(drawn)) == 1, "the last key"
        assert opened.here.site.text == "container_idle_timeout"
        assert f"{opened.here.site.path}:{opened.here.site.line}" in opened.text
        assert "scaledown_window=60" in opened.text
        assert "max_containers" not in opened.text


async def test_what_was_worked_out_once_is_kept(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    hunks = Migration.hunks

    def counted(self: Migration, finding: Finding, *rest: object) -> object:
        made.append(finding.site.text)
        return hunks(self, finding, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Migration, "hunks", counted)
    async with wizard(repository) as opened:
        await opened.press("enter", "j", "j", "k", "k", "a", "u", "d", "d")
        assert sorted(made) == sorted(set(made))


async def test_the_heading_counts_places_as_the_reasons_do_and_names_a_file_once(tmp_path: Path) -> None:
    gap = "# a line between\n" * 40
    old = f"import modal\n\nstub = modal.Stub('a')\n{gap}\n\n@stub.function()\ndef f(): ...\n"
    async with wizard(make_repository(tmp_path / "old", {"app.py": old}), NARROW) as opened:
        await opened.press("enter")
        finding, diff = opened.here, opened.screen.query_one(DiffView)
        assert len(finding.sites) > 1
        assert f"app.py:3 · {len(finding.sites)} places" in str(diff.border_title)
        await opened.press("J", "J")
        assert diff.scroll_y > 0
        assert str(diff.border_title).count("app.py") == 1
