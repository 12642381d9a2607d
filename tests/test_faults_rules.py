"""A fault of ours in one rule: a result for that finding or file, and the rest goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.pilot import SHOP, git, wizard

from modal_transforms.analysis.index import Index
from modal_transforms.core.model import Change
from modal_transforms.core.patches import Patch
from modal_transforms.core.source import SourceFile
from modal_transforms.rewrite import rewrite
from modal_transforms.sections import lookup
from modal_wizard.cli.main import main


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rewriting desk.py meets something that nobody foresaw."""
    whole = rewrite._lower

    def lower(source: SourceFile, index: Index, changes: list[Change]) -> list[Patch]:
        if source.path == "desk.py":
            raise IndexError("nobody foresaw this")
        return whole(source, index, changes)

    monkeypatch.setattr(rewrite, "_lower", lower)


def test_a_section_that_fails_is_a_problem_of_that_file_and_the_others_go_on(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(_: object) -> None:
        raise IndexError("nobody foresaw this")

    monkeypatch.setattr(lookup, "find", find)
    assert main(["scan", str(repository)]) == 3
    said = capsys.readouterr()
    assert "shop.py:6" in said.out
    assert "section lookup failed here: IndexError: nobody foresaw this" in said.err


@pytest.mark.usefixtures("broken")
def test_a_rewrite_that_fails_is_refused_and_the_others_are_made(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["apply", "--commit", str(repository)]) == 3
    said = capsys.readouterr()
    assert "desk.py:3" in said.err
    assert "by a fault of ours: IndexError: nobody foresaw this" in said.err
    assert (repository / "shop.py").read_text() != SHOP
    assert git(repository, "log", "-1", "--format=%s").startswith("Modal 1.0:")
    assert git(repository, "status", "--porcelain") == ""


@pytest.mark.usefixtures("broken")
async def test_a_rewrite_that_fails_is_said_on_the_screen(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("j", "enter", "a")
        assert "fault of ours" in opened.text
        await opened.press("s", "o")
        assert "1 of 4 decided" in opened.text
