"""The three groups of sections, as they are shown, and the guide alone where only that is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from support.lines import Lines
from support.pilot import LEGACY, Wizard, git, make_repository, open_section, wizard

from modal_transforms.core.model import EVERY_VERSION
from modal_transforms.core.target import Goal
from modal_transforms.sections import AFTER, BACKSTOP, BEFORE, GROUPS, GUIDE, REGISTRY, Group, asked, group_of, place_of
from modal_wizard.cli.main import main
from modal_wizard.migration.open import open_scope
from modal_wizard.reports.account import account
from modal_wizard.reports.markdown import as_markdown
from modal_wizard.scan.background import BackgroundScan
from modal_wizard.scan.discover import scope_of
from modal_wizard.scan.result import Scan
from modal_wizard.tui.widgets.section_list import SectionList

ODD = "import modal\n\nmodal.Nothing\nmodal.Nowhere()\n"
GUIDE_ONLY = Goal(guide_only=True)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with findings of the guide, and of what comes after it."""
    return make_repository(tmp_path / "shop", {**LEGACY, "odd.py": ODD})


# --- the registry ----------------------------------------------------------------------------------------------------


def test_the_groups_are_applied_in_order_and_the_backstop_comes_last() -> None:
    assert (*BEFORE, *GUIDE, *AFTER) == REGISTRY
    assert list(GROUPS) == [Group.BEFORE, Group.GUIDE, Group.AFTER]
    assert AFTER[-1] is BACKSTOP
    assert [place_of(rule.slug) for rule in REGISTRY] == list(range(len(REGISTRY)))
    assert place_of("of another version") == len(REGISTRY)


@pytest.mark.parametrize("rule", REGISTRY, ids=lambda rule: rule.slug)
def test_only_the_guide_has_numbers(rule: Any) -> None:
    of_guide = group_of(rule.slug) is Group.GUIDE
    assert rule.section.number == (GUIDE.index(rule) + 1 if of_guide else 0)
    assert rule.section.label == (str(rule.section.number) if of_guide else rule.slug)
    assert rule.section.heading.endswith(rule.section.title)


@pytest.mark.parametrize(
    ("since", "breaks_in", "words"),
    [
        ("1.3.0", "1.4.0", "breaks in 1.4.0"),
        ("1.3.0", EVERY_VERSION, "fails with every version"),
        ("1.3.0", "", "no version fails yet"),
        ("", "", "each finding says since when"),
    ],
)
def test_when_a_section_breaks_in_words(since: str, breaks_in: str, words: str) -> None:
    assert replace(GUIDE[0].section, since=since, breaks_in=breaks_in).breaks == words


def test_the_guide_alone_can_be_asked_for() -> None:
    assert asked(GUIDE_ONLY) == GUIDE
    assert asked(Goal()) == REGISTRY


# --- on the screen ---------------------------------------------------------------------------------------------------


def rows(opened: Wizard) -> list[str]:
    """The rows of the overview's list, as they are written."""
    sections = opened.screen.query_one(SectionList)
    return [str(sections.get_option_at_index(at).prompt).rstrip() for at in range(sections.option_count)]


async def test_the_overview_has_headings_and_the_others_without_a_number(shop: Path) -> None:
    async with wizard(shop) as opened:
        shown = rows(opened)
        assert shown[0] == "The guide"
        assert [row[:2] for row in shown[1:13]] == [f"{number:>2}" for number in range(1, 13)]
        assert shown[13] == "After the guide"
        assert shown[14].startswith("    What the target SDK does not have")
        assert len(shown) == 15
        await open_section(opened, "unknown-api")
        assert opened.text.split("\n")[0].startswith(" What the target SDK does not have")


async def test_a_group_with_nothing_found_is_not_shown(tmp_path: Path) -> None:
    async with wizard(make_repository(tmp_path / "shop")) as opened:
        assert [row for row in rows(opened) if row in {group.value for group in Group}] == ["The guide"]


async def test_the_guide_alone_has_no_headings(shop: Path) -> None:
    async with wizard(shop, goal=GUIDE_ONLY) as opened:
        assert len(rows(opened)) == 12
        assert "of the API" not in opened.text


async def test_the_next_section_of_the_review_is_the_one_of_the_next_group(shop: Path) -> None:
    async with wizard(shop) as opened:
        await open_section(opened, "lookup")
        await opened.press("a", "n")
        assert opened.review.section.slug == "unknown-api"
        await opened.press("S", "n")
        assert opened.review.section.slug == "autoscaler"


async def test_the_summary_tells_the_groups_apart(shop: Path) -> None:
    async with wizard(shop) as opened:
        await open_section(opened, "autoscaler")
        await opened.press("A", "c", "c", "m")
        text = opened.text
        assert text.index("Left (") < text.index("The guide") < text.index("After the guide")


# --- line by line, and without a terminal -----------------------------------------------------------------------------


def test_the_plain_wizard_has_headings_and_opens_a_section_by_its_name(shop: Path, lines: Lines) -> None:
    said = lines(shop, "o unknown-api", "o 13")
    assert "The guide:\nSection 5, Autoscaler parameters" in said
    assert "After the guide:\nSection unknown-api, What the target SDK does not have" in said
    assert "section unknown-api, 1 of 2>" in said
    assert "There is no section 13; o lists them." in said


def test_the_plain_wizard_takes_the_guide_alone(shop: Path, lines: Lines) -> None:
    said = lines(shop, options=("--plain", "--guide-only"))
    assert "Section 5, Autoscaler parameters" in said
    assert "unknown-api" not in said
    assert "The guide:" not in said


def test_a_scan_prints_the_groups(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", str(shop)]) == 1
    out = capsys.readouterr().out
    assert "\n\nThe guide\n\n5. Autoscaler parameters" in out
    assert out.index("8. .lookup") < out.index("\nAfter the guide\n\nunknown-api. ")


def test_explain_lists_the_groups(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    out = capsys.readouterr().out
    assert out.index("The guide\n   1  image-copy") < out.index("After the guide\n") < out.index("      unknown-api")


def test_the_markdown_has_the_groups(shop: Path) -> None:
    migration = open_scope(scope_of(shop))
    for _ in migration.scan():
        pass
    text = as_markdown(account(migration))
    assert text.index("#### The guide\n\n- `") < text.index("#### After the guide\n\n- `odd.py")


def test_a_scan_of_the_guide_alone(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", "--guide-only", str(shop)]) == 1
    out = capsys.readouterr().out
    assert "(the newest: no version is asked for).\n\n5. Autoscaler parameters" in out
    assert "unknown-api" not in out
    assert "uses of Modal's API" not in out
    assert main(["scan", "--guide-only", "--format", "json", str(shop)]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {each["group"] for each in found["findings"]} == {"guide"}
    assert found["api"] is None


def test_the_process_that_scans_knows_what_is_asked_for(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(found: Scan) -> None:
        raise AssertionError("scanned in this process")

    monkeypatch.setattr("modal_wizard.scan.scanner.scan", refused)
    found = Scan(scope_of(shop, GUIDE_ONLY))
    with BackgroundScan(found.scope) as aside:
        for _ in aside(found):
            pass
    assert {finding.section for finding in found.findings} == {"autoscaler", "lookup"}


def test_nothing_is_left_when_the_guide_alone_was_applied(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["apply", "--guide-only", "--all", "--commit", str(shop)]) == 0
    assert "Nothing is left to migrate in the asked sections." in capsys.readouterr().out
    assert git(shop, "rev-list", "--count", "HEAD") == "3\n"
    assert main(["scan", str(shop)]) == 1


@pytest.mark.parametrize("command", ["scan", "apply"])
def test_a_section_that_the_guide_alone_leaves_out_is_refused(
    shop: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--guide-only", "--section", "unknown-api", str(shop)])
    assert ended.value.code == 2
    assert "--guide-only leaves out the section unknown-api" in capsys.readouterr().err
