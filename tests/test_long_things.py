"""Hooks and checks that take their time: how long, what they say, and a key that ends them with all put back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace
from support.pilot import LEGACY, Wizard, git, make_repository, wizard

from modal_transforms.core.model import Finding
from modal_wizard.git.check_command import CheckCommand
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.preview import NotApplicable
from modal_wizard.tui.dialogs.failure import Failure
from modal_wizard.tui.screens.commit.all import CommitAll
from modal_wizard.tui.screens.overview import Overview
from modal_wizard.tui.screens.review import bulk


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "shop", LEGACY)


def program(place: Path, *lines: str) -> Path:
    place.parent.mkdir(exist_ok=True)
    place.write_text("\n".join(("#!/bin/sh", *lines, "")))
    place.chmod(0o755)
    return place


def hook(root: Path, *lines: str) -> Path:
    return program(root / ".git" / "hooks" / "pre-commit", *lines)


def subjects(root: Path) -> list[str]:
    return git(root, "log", "--format=%s").strip().split("\n")


async def to_commit(opened: Wizard) -> None:
    await opened.press("enter", "A", "c")


@pytest.mark.parametrize(("where", "key"), [("hook", "escape"), ("hook", "ctrl+c"), ("check", "ctrl+c")])
async def test_what_runs_is_seen_and_a_key_ends_it_with_everything_put_back(
    repository: Path, tmp_path: Path, where: str, key: str
) -> None:
    lines = ("echo linting shop.py", "exec sleep 1000")
    slow = hook(repository, *lines) if where == "hook" else program(tmp_path / "check", *lines)
    async with wizard(repository) as opened:
        if where == "check":
            opened.app.wishes = replace(opened.app.wishes, check=CheckCommand(str(slow)))
        await to_commit(opened)
        await opened.type_keys("c")
        await opened.sees("linting shop.py")
        assert re.search(r"\d s  running the check" if where == "check" else r"\d s  committing", opened.text)
        assert "esc ^c end it" in opened.footer
        await opened.type_keys(key)
        await opened.sees("Ended, as you asked.")
        assert opened.shows(Failure)
        assert "Every file is as it was" in opened.text
        assert git(repository, "status", "--porcelain") == ""
        assert subjects(repository) == ["Legacy"]
        program(slow)
        await opened.press("c")
        assert opened.shows(Overview)
    assert subjects(repository) == ["Modal 1.0: rename autoscaler parameters", "Legacy"]


async def test_a_list_of_commits_that_is_ended_keeps_those_that_were_made_and_goes_on(repository: Path) -> None:
    slow = hook(repository, "git log --format=%s -1 | grep -q Legacy || { echo second; exec sleep 1000; }")
    async with wizard(repository) as opened:
        await opened.press("enter", "A", "n", "A", "o")
        await opened.type_keys("C")
        await opened.settle()
        await opened.type_keys("c")
        await opened.sees("second")
        assert "1 of 2 committed" in opened.text
        await opened.type_keys("escape")
        await opened.appears(Failure)
        await opened.press("escape")
        assert "✗" in opened.text
        assert git(repository, "status", "--porcelain") == ""
        program(slow)
        await opened.press("c")
        assert "2 of 2 committed" in opened.text
    assert len(subjects(repository)) == 3


async def test_checking_many_changes_is_ended_by_a_key_and_accepts_none(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, real = Event(), Migration.refusals

    def held(migration: Migration, findings: Sequence[Finding]) -> list[NotApplicable]:
        gate.wait()
        return real(migration, findings)

    monkeypatch.setattr(Migration, "refusals", held)
    monkeypatch.setattr(bulk, "FEW", 0)
    async with wizard(repository) as opened:
        for before in ((), ("j", "enter")):
            await opened.press(*before)
            await opened.type_keys("A", "escape")
            gate.set()
            await opened.settle()
            assert "Ended, as you asked; nothing was accepted." in opened.text
            assert "Checking" not in opened.text
            assert not opened.app.migration.session.steps
            gate.clear()
        gate.set()
        await opened.press("A")
        assert "1 finding accepted in one step" in opened.text
        assert "Checking" not in opened.text


async def test_a_list_of_commits_stops_after_the_one_that_is_being_made(repository: Path, tmp_path: Path) -> None:
    on = tmp_path / "on"
    hook(repository, "echo waiting", f"mkfifo {on}", f"cat {on}")
    async with wizard(repository) as opened:
        await opened.press("enter", "A", "n", "A", "o", "C")
        await opened.type_keys("c")
        await opened.sees("waiting")
        await opened.type_keys("space")
        hook(repository)
        on.write_text("go on")
        await opened.settle()
        assert opened.shows(CommitAll)
        assert "1 of 2 committed" in opened.text
        assert "c commit all" in opened.footer
    assert len(subjects(repository)) == 2
