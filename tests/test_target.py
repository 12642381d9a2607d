"""Where a repository is to arrive: which sections apply, and what the target does not have."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from support.lines import Lines
from support.pilot import git, make_repository, wizard

import modal_transforms.sections as registry
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding, Span
from modal_transforms.core.source import SourceFile
from modal_transforms.core.target import Goal
from modal_transforms.engine import look_at, open_module
from modal_transforms.modal_api.history import versions
from modal_transforms.sections import GUIDE, REGISTRY, SectionRule, asked, is_due
from modal_transforms.sections.gpu import SECTION
from modal_wizard.cli.main import main
from modal_wizard.scan.background import BackgroundScan
from modal_wizard.scan.discover import scope_of
from modal_wizard.scan.result import Scan

SHOP = """\
import modal

app = modal.App.lookup("shop", create_if_missing=True)
print(app.is_interactive)
"""
"""What is in 1.5 and not in 1.6."""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository that 1.5 runs and 1.6 does not."""
    return make_repository(tmp_path / "shop", {"shop.py": SHOP})


def scanned(root: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    """Return what a scan prints as JSON."""
    main(["scan", "--format", "json", *options, str(root)])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


# --- what the option takes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("given", "shown"), [("1.0", "1.0.0"), ("1.5.5", "1.5.5"), ("1.6.4", "1.6.4")])
def test_a_version_may_be_written_short(shop: Path, given: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert scanned(shop, capsys, "--target", given)["target"] == shown


@pytest.mark.parametrize("command", ["scan", "apply", ""])
@pytest.mark.parametrize("given", ["0.77.0", "1.7", "2", "latest", "1.4banana", "", "1." + "9" * 5000])
def test_an_unknown_target_is_a_usage_error_that_names_the_known_ones(
    shop: Path, command: str, given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (shop / "shop.py").read_bytes()
    with pytest.raises(SystemExit) as ended:
        main([*filter(None, [command]), "--target", given, str(shop)])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "is no version to go to" in said
    assert ", ".join(each for each in versions() if each >= "1") in said
    assert (shop / "shop.py").read_bytes() == before


# --- which sections apply --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "breaks_in", "target", "due"),
    [
        ("1.4.0", "1.6.0", "1.3.5", False),
        ("1.4.0", "1.6.0", "1.4.0", True),
        ("", "1.6.0", "1.5.5", False),
        ("", "1.6.0", "1.6.0", True),
        ("0.73.31", "1.10.0", "1.9.0", True),
        ("", "", "1.0.0", True),
        ("", "0", "1.0.0", True),
    ],
)
def test_what_the_sdk_speaks_of_after_the_target_is_not_due(since: str, breaks_in: str, target: str, due: bool) -> None:
    assert is_due(since, breaks_in, target) is due


@pytest.mark.parametrize("target", [each for each in versions() if each >= "1"])
def test_the_whole_guide_leads_to_every_target(target: str) -> None:
    assert asked(Goal(target, guide_only=True)) == GUIDE


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> SectionRule:
    """A section after the guide that 1.4 first speaks of, and whose findings 1.5 speaks of."""
    package = ModuleType("newer")
    section = SECTION.__class__(
        **{name: getattr(SECTION, name) for name in SECTION.__struct_fields__} | {"slug": "newer", "since": "1.4.0"}
    )

    def find(module: Module) -> Iterator[Finding]:
        for rule, since in [("both", ""), ("later", "1.5.0")]:
            yield module.finding(rule, Span(0, 6), "it is old", Applicability.MANUAL, since=since)

    package.SECTION, package.find = section, find  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "modal_transforms.sections.newer", package)
    rule = SectionRule("newer", (), (b"modal",))
    monkeypatch.setattr(registry, "REGISTRY", (*REGISTRY, rule))
    monkeypatch.setitem(registry._NAMED_BY, b"modal", {*registry._NAMED_BY[b"modal"], rule.slug})
    return rule


@pytest.mark.parametrize(
    ("target", "rules"),
    [("1.3.5", []), ("1.4.3", ["both"]), ("1.5.0", ["both", "later"]), ("1.6.4", ["both", "later"])],
)
def test_a_newer_section_and_a_newer_finding_wait_for_their_target(
    newer: SectionRule, target: str, rules: list[str]
) -> None:
    module = open_module(SourceFile("a.py", b"import modal\n"))
    goal = Goal(target)
    assert (newer in asked(goal)) is bool(rules)
    assert [finding.rule for finding in look_at(module, goal=goal).findings] == rules


def test_a_section_above_the_target_cannot_be_asked_for(
    newer: SectionRule, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["scan", "--target", "1.3", "--section", newer.slug, str(shop)])
    assert ended.value.code == 2
    assert "the section newer is about versions after the target 1.3.0" in capsys.readouterr().err


# --- what the target does not have -----------------------------------------------------------------------------------


def test_what_the_target_still_has_is_no_finding(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", "--target", "1.5.5", str(shop)]) == 0
    out = capsys.readouterr().out
    assert "of Modal's API; all are in 1.5.5." in out
    assert main(["scan", str(shop)]) == 1
    assert "1 is not in 1.6.4" in capsys.readouterr().out


def test_what_the_target_does_not_have_yet_is_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "import modal\n\nmodal.Sandbox.create().filesystem.read_text('/a')\n"
    root = make_repository(tmp_path / "new", {"new.py": text})
    assert scanned(root, capsys)["findings"] == []
    (found,) = scanned(root, capsys, "--target", "1.3")["findings"]
    assert found["section"] == "unknown-api"
    assert "exists from 1.4.0 on, not in 1.3.0" in found["message"]


def test_a_scan_in_a_process_of_its_own_has_the_target(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(found: Scan) -> None:
        raise AssertionError("scanned in this process")

    monkeypatch.setattr("modal_wizard.scan.scanner.scan", refused)
    for target, count in [("1.5.5", 0), ("1.6.4", 1)]:
        found = Scan(scope_of(shop, Goal(target)))
        with BackgroundScan(found.scope) as aside:
            for _ in aside(found):
                pass
        assert len(found.findings) == count


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("modal==0.73.5", "modal==1.4.3"),
        ("modal~=0.73.5", "modal~=1.4.3"),
        ("modal~=0.73", "modal~=1.4.3"),
        ("modal==0.73.*", "modal==1.4.*"),
        ("modal>=0.70", "modal>=1.4,<1.5"),
        ("modal>=0.70,<1", "modal>=1.4,<1.5"),
        ("modal>=1.0,<1.3", "modal>=1.4,<1.5"),
        ("modal~=1.4.0", "modal~=1.4.0"),
        ("modal==1.6.0", "modal==1.6.0"),
    ],
)
def test_the_required_version_is_raised_to_the_target_and_no_further(tmp_path: Path, before: str, after: str) -> None:
    root = make_repository(tmp_path / "shop", {"shop.py": SHOP, "requirements.txt": f"{before}\n"})
    assert main(["apply", "--target", "1.4.3", "--commit", "--raise-pin", str(root)]) == 0
    assert (root / "requirements.txt").read_text() == f"{after}\n"
    raised = git(root, "log", "-1", "--format=%s").strip() == "Modal 1.0: require modal 1.4"
    assert raised is (before != after)


async def test_the_wizard_raises_it_to_the_target_too(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop", {"shop.py": SHOP, "requirements.txt": "modal==1.0.0\n"})
    async with wizard(root, goal=Goal("1.5.5")) as opened:
        opened.app.navigation.open_summary()
        await opened.settle()
        await opened.press("p")
        assert "Raise modal==1.0.0 to modal==1.5.5" in opened.text
        await opened.press("y")
        assert "raise the pin" not in opened.footer
    assert (root / "requirements.txt").read_text() == "modal==1.5.5\n"


async def test_the_wizard_goes_to_the_target(shop: Path) -> None:
    async with wizard(shop, goal=Goal("1.5.5")) as opened:
        assert "all in 1.5.5" in opened.text
        assert not opened.app.migration.findings()


def test_so_does_the_plain_one(shop: Path, lines: Lines) -> None:
    assert "Nothing to migrate was found." in lines(shop, options=("--plain", "--target", "1.5.5"))
