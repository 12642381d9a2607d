"""What is broken now with the modal that is installed, what the next upgrade breaks, and what comes later."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from support.lines import Lines
from support.pilot import LEGACY, make_repository, wizard, write

from modal_transforms.core.model import EVERY_VERSION, Applicability, Finding, Site, Span
from modal_transforms.requirements import Pin, pins_of
from modal_wizard.cli.main import main
from modal_wizard.migration.horizon import Due, forecast, installed, lifetime_of
from modal_wizard.reports.horizon import headline
from modal_wizard.session.decisions import Status
from modal_wizard.tui.screens.overview import Overview
from modal_wizard.tui.screens.review.screen import Review

NOW, NEXT, LATER = Due


def finding(identity: str, section: str = "gpu", breaks_in: str = "") -> Finding:
    """A finding of a section: ``gpu`` breaks in 1.4.0, ``mount`` in 1.0.0, ``lookup`` in 1.2.0."""
    site = Site("shop.py", Span(0, 1), 1, 1, 1, 2, "x")
    return Finding(identity, section, "rule", Applicability.MANUAL, "old", (), (site,), breaks_in=breaks_in)


def asked(*lines: str, path: str = "requirements.txt") -> tuple[Pin, ...]:
    """What a file that lists requirements asks for."""
    return pins_of(path, "".join(f"{line}\n" for line in lines).encode())


LOCKED = pins_of("uv.lock", b'[[package]]\nname = "modal"\nversion = "0.73.57"\n')


# --- which version is installed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pins", "version"),
    [
        pytest.param((), "1.6.4", id="nothing asked for"),
        pytest.param(asked("modal"), "1.6.4", id="no version"),
        pytest.param(asked("modal>=1.0"), "1.6.4", id="from 1.0"),
        pytest.param(asked("modal~=1.4"), "1.6.4", id="compatible with 1.4"),
        pytest.param(asked("modal==1.6.4"), "1.6.4", id="the newest"),
        pytest.param(asked("modal~=1.4.1"), "1.4.3", id="compatible with 1.4.1"),
        pytest.param(asked("modal<1"), "0.77.0", id="below 1"),
        pytest.param(asked("modal>=0.60,<0.65"), "0.64.235", id="a range"),
        pytest.param(asked("modal==0.73.51"), "0.73.51", id="exact, and no version that was read"),
        pytest.param(asked("modal==0.73.*"), "0.73.173", id="a star"),
        pytest.param(asked("modal>=1.9"), "1.9", id="newer than what is known"),
        pytest.param(asked("modal<0.1"), "0.48.1764", id="older than what is known"),
        pytest.param(asked("modal>=0.60", "modal==0.62.0"), "0.62.0", id="what all allow"),
        pytest.param(asked("modal==0.62.0", "modal==1.0.0"), "1.0.0", id="a contradiction"),
        pytest.param((*asked("modal>=0.60"), *LOCKED), "0.73.57", id="a lock file"),
        pytest.param(asked("modal==" + "9" * 5000), "9" * 0 + str(10**18), id="an absurd number"),
    ],
)
def test_what_is_installed_is_the_newest_that_is_allowed(pins: tuple[Pin, ...], version: str) -> None:
    assert installed(pins, "a.py") == version


def test_the_requirement_of_the_closest_folder_counts() -> None:
    everywhere, there = asked("modal==0.77.0"), asked("modal==1.3.0", path="boxes/requirements.txt")
    pins = (*everywhere, *(replace(pin, reach="boxes/") for pin in there))
    here = finding("a")
    below = replace(here, id="b", sites=(replace(here.site, path="boxes/app.py"),))
    assert (installed(pins, here.site.path), installed(pins, below.site.path)) == ("0.77.0", "1.3.0")
    seen = forecast(pins, [replace(one, breaks_in="1.0.0") for one in (here, below)])
    assert [seen.when[one.id] for one in (here, below)] == [NEXT, NOW]
    said = headline(seen, [replace(here, breaks_in="1.0.0"), replace(below, breaks_in="1.0.0")])
    assert said.startswith("1 broken now with modal 0.77.0 to 1.3.0, as asked for here and there, 1 breaks in the next")


# --- when it breaks --------------------------------------------------------------------------------------------------


def due(pins: tuple[Pin, ...], *findings: Finding) -> list[Due]:
    return list(forecast(pins, findings).when.values())


@pytest.mark.parametrize(
    ("pin", "expected", "following"),
    [
        ("modal==0.77.0", [NEXT, LATER, LATER], "1.0.0"),
        ("modal==1.0.5", [NOW, NEXT, LATER], "1.2.0"),
        ("modal~=1.3.0", [NOW, NOW, NEXT], "1.4.0"),
        ("modal==1.3.5", [NOW, NOW, NEXT], "1.4.0"),
        ("modal==1.4.0", [NOW, NOW, NOW], ""),
        ("modal>=1.0", [NOW, NOW, NOW], ""),
    ],
)
def test_now_next_and_later(pin: str, expected: list[Due], following: str) -> None:
    findings = [finding("a", "mount"), finding("b", "lookup"), finding("c", "gpu")]
    seen = forecast(asked(pin), findings)
    assert [seen.when[each.id] for each in findings] == expected
    assert seen.following == following


def test_what_no_version_runs_is_broken_now_and_what_none_breaks_comes_later() -> None:
    assert due(asked("modal==0.60.0"), finding("a", "unknown-api", EVERY_VERSION)) == [NOW]
    assert due((), finding("a", "unknown-api")) == [LATER]
    assert due(asked("modal==0.60.0"), finding("a", "unknown-api", "0.58.75")) == [NOW]


def test_a_finding_of_its_own_versions_is_told_by_these() -> None:
    assert lifetime_of(finding("a")) == ("0.73.31", "1.4.0")
    assert lifetime_of(finding("a", "gpu", "1.6.0")) == ("", "1.6.0")


def test_a_section_is_told_in_one_word() -> None:
    several = [finding("a", "gpu"), finding("b", "unknown-api", "1.5.0"), finding("c", "unknown-api", "1.6.0")]
    assert forecast(asked("modal==0.77.0"), several).breaks == {"gpu": "1.4.0", "unknown-api": ""}
    assert forecast(asked("modal==1.5.0"), several).breaks == {"gpu": "now", "unknown-api": "now"}


@pytest.mark.parametrize(
    ("pin", "said"),
    [
        ("modal==0.77.0", "Works with modal 0.77.0; the first upgrade that breaks it is 1.0.0 (1 finding)"),
        ("modal~=1.3.0", "2 broken now with modal 1.3.5, 2 break in the next upgrade (1.4.0)"),
        ("modal~=1.0", "4 broken now with modal 1.6.4"),
    ],
)
def test_the_line_that_says_it(pin: str, said: str) -> None:
    findings = [finding("a", "mount"), finding("b", "lookup"), finding("c"), finding("d")]
    assert headline(forecast(asked(pin), findings), findings) == said


def test_without_a_pin_the_line_says_why_it_is_the_newest() -> None:
    one = [finding("a")]
    said = "1 broken now with modal 1.6.4 (the newest: no version is asked for)"
    assert headline(forecast((), one), one) == said
    assert headline(forecast((), []), []) == ""


# --- where it is said ------------------------------------------------------------------------------------------------


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Three findings that break in 1.4.0, one in 1.2.0; 1.3 is asked for."""
    return make_repository(tmp_path / "shop", {**LEGACY, "requirements.txt": "modal~=1.3.0\n"})


SAID = "1 broken now with modal 1.3.5, 3 break in the next upgrade (1.4.0)"


@pytest.mark.parametrize("pin", ["", "modal", "modal>=1.0", "modal~=1.4", "modal==1.6.4"])
def test_the_first_line_of_a_scan_is_there_when_everything_is_broken_now(
    tmp_path: Path, pin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_repository(tmp_path / "shop", {**LEGACY, "requirements.txt": f"{pin}\n"})
    assert main(["scan", str(root)]) == 1
    first = capsys.readouterr().out.split("\n")[0]
    assert first.startswith("4 broken now with modal 1.6.4")


def test_a_scan_begins_with_it_and_counts_what_was_asked_for(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", str(shop)]) == 1
    assert capsys.readouterr().out.startswith(f"{SAID}.\n\n")
    assert main(["scan", "--section", "lookup", str(shop)]) == 1
    assert capsys.readouterr().out.startswith("1 broken now with modal 1.3.5.\n\n")
    assert main(["scan", "--section", "autoscaler", str(shop / "shop.py")]) == 1
    assert capsys.readouterr().out.startswith(
        "What is told here works with modal 1.3.5; the first upgrade that breaks it"
    )
    assert main(["scan", "--section", "gpu", str(shop)]) == 0
    assert "broken now" not in capsys.readouterr().out


def test_the_json_has_it(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(shop, {"odd.py": "import modal\n\nmodal.Nothing\n"})
    main(["scan", "--format", "json", str(shop)])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["horizon"] == {"installed": ["1.3.5"], "next": "1.4.0", "findings": {"now": 2, "next": 3, "later": 0}}
    shown = {(one["section"], one["since"], one["breaks_in"], one["needs"], one["when"]) for one in found["findings"]}
    assert shown == {
        ("autoscaler", "0.73.76", "1.4.0", "0.73.76", "next"),
        ("lookup", "0.72.56", "1.2.0", "0.64.155", "now"),
        ("unknown-api", None, "0", None, "now"),
    }


def test_the_plain_wizard_and_the_report_say_it(shop: Path, lines: Lines) -> None:
    said = lines(shop, "m")
    assert f"files looked at.\n{SAID}.\n" in said
    assert f"\n\n{SAID}.\n\n" in said
    assert "(broken now)" in said
    assert "(breaks in 1.4.0)" in said


async def test_the_first_screen_says_it_and_the_column_says_now_first(shop: Path) -> None:
    async with wizard(shop) as opened:
        lines = opened.text.split("\n")
        assert lines[1].strip() == f"{SAID} · modal~=1.3.0 (requirements.txt)"
        assert next(line for line in lines if ".lookup" in line).split()[-4] == "now"
        assert "1.4.0" in next(line for line in lines if "Autoscaler" in line)


async def test_the_line_follows_what_is_committed(shop: Path) -> None:
    async with wizard(shop) as opened:
        await opened.press("down", "enter", "a", "c", "c", "o")
        top = opened.text.split("\n")[1].strip()
        assert top.startswith("Works with modal 1.3.5; the first upgrade that breaks it is 1.4.0 (3 findings)")


async def test_nothing_is_said_of_it_where_nothing_is_found(tmp_path: Path) -> None:
    async with wizard(make_repository(tmp_path / "new", {"app.py": 'import modal\n\napp = modal.App("new")\n'})) as new:
        assert "broken now" not in new.text


# --- going through what is broken now --------------------------------------------------------------------------------

GPU = "import modal\n\napp = modal.App('gpu')\n\n\n@app.function(gpu=modal.gpu.T4())\ndef g(): ...\n"
LOOKUPS = "import modal\n\none = modal.Function.lookup('a', 'f')\n\n\n@modal.App('b').cls(keep_warm=1)\nclass B: ...\n"


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Two sections with something broken now and something that is not, one with neither, one with all of it."""
    return make_repository(
        tmp_path / "mixed",
        {**LEGACY, "gpu.py": GPU, "more.py": LOOKUPS, "odd.py": ODD, "requirements.txt": "modal~=1.3.0\n"},
    )


ODD = "import modal\n\nmodal.Nothing\nprint(modal.App.lookup('shop').is_interactive)\n"


async def test_n_walks_what_is_broken_now_across_sections(mixed: Path) -> None:
    async with wizard(mixed) as opened:
        assert "n next broken now" in opened.footer
        await opened.press("n")
        assert opened.review.section.slug == "lookup"
        assert "broken now" in opened.text.split("\n")[0]
        assert "n next undecided" in opened.footer, "another one is below"
        await opened.press("s")
        assert "n next broken now" in opened.footer, "the last one is left for later by n"
        await opened.press("s")
        assert "n next broken now" in opened.footer
        await opened.press("n")
        assert opened.review.section.slug == "unknown-api"
        shown = [each.message for each in opened.review.findings.order]
        assert shown == ["no version of the SDK has modal.Nothing"]
        await opened.press("s")
        assert "broken now" not in opened.footer
        assert opened.statuses("autoscaler") == [Status.PENDING] * 4
        await opened.press("n")
        assert opened.review.here is not None
        assert "is_interactive" in opened.review.here.message
        await opened.press("escape")
        assert opened.shows(Overview)
        assert "n next broken now" not in opened.footer


async def test_n_is_not_offered_where_nothing_is_broken_now(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop", {**LEGACY, "requirements.txt": "modal==0.77.0\n"})
    async with wizard(root) as opened:
        assert "broken now" not in opened.footer
        await opened.press("n")
        assert opened.review.section.slug == "autoscaler", "it goes through what is undecided"


async def test_the_filter_knows_what_is_broken_now(mixed: Path) -> None:
    async with wizard(mixed) as opened:
        await opened.press("up", "enter")
        assert opened.shows(Review)
        assert opened.review.section.slug == "unknown-api"
        await opened.press("F")
        assert "broken now (1)" in opened.text
        await opened.press("enter")
        assert "1 of 2 shown" in opened.text
        await opened.press("escape")
        assert "shown" not in opened.text.split("\n")[0]


def test_the_plain_wizard_walks_them_too(mixed: Path, lines: Lines) -> None:
    said = lines(mixed, *["n now"] * 4, *["s", "n now"] * 3)
    places = [line for line in said.split("\n") if "Finding " in line and "Nothing" not in line]
    assert [line.split(": ")[-1].split(".")[0] for line in places[1:5]] == ["desk", "more", "odd", "desk"]
    assert said.count("Nothing else that is undecided is broken now.") == 1
