"""The groups as one run: what comes before the guide is written first, and the guide's sections look at the result."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from support.lines import Lines
from support.pilot import git, make_repository, open_section, wizard

import modal_transforms.sections as registry
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.word_finder import WordFinder
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Section, Span
from modal_transforms.modal_api.spellings import Spellings
from modal_transforms.sections import BEFORE, GROUPS, REGISTRY, Group, SectionRule
from modal_wizard.cli.main import main
from modal_wizard.migration.commit_message import subject_of

OLD = "import modal\n\napp = modal.App()\n\n\n@app.function(warm_pool=1)\ndef f(): ...\n"
SECTION = Section(
    slug="pools",
    title="Warm pools",
    since="0.40.0",
    breaks_in="0.50.0",
    subject="name warm pools",
    what="w",
    why="y",
    before="b",
    after="a",
)
STUB = """\
import modal

stub = modal.Stub("shop")


@stub.function(secret=modal.Secret.from_name("key"), keep_warm=1)
def f(): ...
"""


@pytest.fixture
def pools(monkeypatch: pytest.MonkeyPatch) -> None:
    """A section before the guide, whose rewrite is what a section of the guide is about."""

    def find(module: Module) -> Iterator[Finding]:
        at = module.source.data.find(b"warm_pool")
        if at >= 0:
            span = Span(at, at + len(b"warm_pool"))
            choice = Choice("rename", "rename", "None.", (Replace(module.source.path, span, "keep_warm"),))
            yield module.finding("pools", span, "it is old", Applicability.SAFE, (choice,))

    package = ModuleType("pools")
    package.SECTION, package.SPELLINGS, package.find = SECTION, Spellings(), find  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "modal_transforms.sections.pools", package)
    rule = SectionRule("pools", (), (b"warm_pool",))
    every = (rule, *REGISTRY)
    monkeypatch.setitem(GROUPS, Group.BEFORE, (rule, *BEFORE))
    for place in ("modal_transforms.sections", "modal_wizard.migration.migration"):
        monkeypatch.setattr(f"{place}.REGISTRY", every)
    monkeypatch.setitem(registry._NAMED_BY, b"warm_pool", {rule.slug})
    monkeypatch.setattr(registry, "_FINDER", WordFinder(registry._NAMED_BY))
    assert registry.group_of("pools") is Group.BEFORE


@pytest.fixture
def shop(tmp_path: Path, pools: None) -> Path:
    """A repository in which the guide finds something only after the section before it was written."""
    return make_repository(tmp_path / "shop", {"app.py": OLD})


def subjects(root: Path) -> list[str]:
    return git(root, "log", "--format=%s", "--reverse").strip().split("\n")[1:]


BOTH = ["Modal 0.x: name warm pools", "Modal 1.0: rename autoscaler parameters"]


def test_apply_takes_both_in_one_run(shop: Path) -> None:
    assert main(["apply", "--commit", str(shop)]) == 0
    assert subjects(shop) == BOTH
    assert "@app.function(min_containers=1)" in (shop / "app.py").read_text()


def found(overview: str) -> int:
    """Tell how many findings a screen shows of the guide's section."""
    (row,) = (line for line in overview.splitlines() if "Autoscaler parameters" in line)
    return sum(int(word) for word in row.split("Autoscaler parameters")[1].split()[:3] if word.isdigit())


async def test_the_wizard_shows_the_guides_section_when_the_one_before_is_committed(shop: Path) -> None:
    async with wizard(shop) as opened:
        assert found(opened.text) == 0
        await opened.press("enter", "a", "c", "c")
        assert found(opened.text) == 1
        await open_section(opened, "autoscaler")
        await opened.press("a", "c", "c")
    assert subjects(shop) == BOTH


def test_so_does_the_plain_one(shop: Path, lines: Lines) -> None:
    said = lines(shop, "y", "c", "y", "y", "c", "y")
    assert "Section pools: Warm pools." in said
    assert "Section 5 of 12: Autoscaler parameters." in said
    assert subjects(shop) == BOTH


def test_code_of_the_stub_era_is_brought_through_in_the_order_of_the_groups(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "old", {"app.py": STUB})
    assert main(["apply", "--all", "--commit", str(root)]) == 0
    places = [registry.place_of(slug) for slug in ("stub-app", "secrets", "autoscaler")]
    assert places == sorted(places)
    assert subjects(root) == [subject_of(REGISTRY[place].section) for place in places]
    text = (root / "app.py").read_text()
    assert '@app.function(secrets=[modal.Secret.from_name("key")], min_containers=1)' in text
    assert 'app = modal.App("shop")' in text
