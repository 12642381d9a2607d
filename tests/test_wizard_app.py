"""The app as a whole: our own faults, sessions of other versions, colours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.pilot import NARROW, git, make_repository, wizard

from modal_wizard.git.dotgit import git_dir
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.open import open_migration
from modal_wizard.migration.options import RunOptions
from modal_wizard.scan.discover import scope_of
from modal_wizard.session.decisions import Status
from modal_wizard.tui.app import WizardApp
from modal_wizard.tui.run import run_wizard
from modal_wizard.tui.screens.review.screen import Review
from modal_wizard.tui.textual_ext.themes import THEMES


def test_a_fault_of_ours_leaves_a_report_and_exit_code_2(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(self: Migration) -> None:
        raise RuntimeError("a fault for the test")

    run = WizardApp.run
    monkeypatch.setattr(Migration, "scan", broken)
    monkeypatch.setattr(WizardApp, "run", lambda self: run(self, headless=True))
    assert run_wizard(scope_of(repository), RunOptions()) == 2
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    report = next(word for word in said.err.split() if word.endswith(".log;")).rstrip(";")
    assert "a fault for the test" in Path(report).read_text(encoding="utf-8")
    Path(report).unlink()


async def test_decisions_are_on_disk_as_soon_as_they_are_made(repository: Path) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "a")
        kept = (repository / ".git" / "modal-wizard" / "session.jsonl").read_text(encoding="utf-8")
        assert json.loads(kept.splitlines()[-1])["event"] == "decide"


def test_the_session_of_another_version_is_put_aside(repository: Path) -> None:
    file = repository / ".git" / "modal-wizard" / "session.jsonl"
    file.parent.mkdir()
    file.write_text('{"format": "modal-wizard session", "version": 99}\n')
    assert open_migration(repository).session.steps == []
    assert file.with_suffix(".other-version").exists()


def test_the_git_directory_of_a_linked_work_tree_is_found(repository: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    git(repository, "worktree", "add", "-q", str(linked))
    assert git_dir(linked) == repository / ".git" / "worktrees" / "linked"
    assert git_dir(tmp_path) is None


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES] + ["ansi-dark"])
async def test_every_theme_shows_the_review(repository: Path, theme: str) -> None:
    async with wizard(repository) as opened:
        opened.app.theme = theme
        await opened.press("enter", "a")
        assert isinstance(opened.screen, Review)
        assert "✓" in opened.text


async def test_states_need_no_colour(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with wizard(repository, NARROW) as opened:
        assert opened.app.no_color
        await opened.press("enter", "a")
        assert "- @app.function(keep_warm=1, concurrency_limit=5)" in opened.text
        assert "+ @app.function(min_containers=1, max_containers=5)" in opened.text
        assert opened.statuses("autoscaler")[0] is Status.ACCEPTED
        assert "✓ 6 keep_warm" in opened.text


async def test_many_are_accepted_and_taken_back_as_one_step(tmp_path: Path) -> None:
    functions = "".join(f"@app.function(keep_warm={n})\ndef f{n}(): ...\n\n\n" for n in range(120))
    root = make_repository(tmp_path / "long", {"app.py": f"import modal\n\napp = modal.App()\n\n\n{functions}"})
    async with wizard(root) as opened:
        await opened.press("enter", "a", "s", "A")
        assert opened.statuses("autoscaler").count(Status.PENDING) == 0
        await opened.press("u")
        assert opened.statuses("autoscaler").count(Status.PENDING) == 118
