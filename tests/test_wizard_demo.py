"""The demo takes the options of the wizard."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="needs a pseudo-terminal")

from support.terminal import Terminal, environment

from modal_transforms.core.target import Goal
from modal_wizard.cli import main, open
from modal_wizard.cli.arguments import THEMES
from modal_wizard.decisions.lookup import DecisionSet
from modal_wizard.migration.options import RunOptions


@pytest.mark.parametrize("theme", THEMES)
def test_the_demo_takes_the_wizards_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theme: str) -> None:
    asked: list[tuple[RunOptions, Goal, DecisionSet | None, str, bool]] = []

    def run(
        path: Path, wishes: RunOptions, goal: Goal, *, theme: str, plain: bool, decisions: DecisionSet | None
    ) -> int:
        asked.append((wishes, goal, decisions, theme, plain))
        return 0

    monkeypatch.setattr(open, "open_wizard", run)
    (tmp_path / "decided.json").write_text('{"version": 1, "decisions": []}')
    given = ["--theme", theme, "--plain", "--branch", "modal-1.0", "--check", "true", "--report", "done.md"]
    given += ["--guide-only", "--target", "1.2", "--decisions", str(tmp_path / "decided.json"), "--allow-dirty"]
    assert main.main(["demo", str(tmp_path / "demo"), *given]) == 0
    ((wishes, goal, decisions, shown, plain),) = asked
    assert (goal.target, goal.guide_only, wishes.consent.dirty) == ("1.2.0", True, True)
    assert decisions is not None
    assert (shown, plain, wishes.branch, wishes.report) == (theme, True, "modal-1.0", Path("done.md"))
    assert wishes.check is not None
    assert wishes.check.line == "true"


def test_the_demo_asks_line_by_line_in_a_real_terminal(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "modal_wizard", "demo", str(tmp_path / "demo"), "--plain"]
    with Terminal(command, environment(tmp_path)) as terminal:
        terminal.wait("section 1, 1 of 1>")
        terminal.press("q\r")
        terminal.wait("The demo is in")
        assert terminal.ended() == 0
