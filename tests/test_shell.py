"""What a shell and a terminal get: completion, colours, a bar, a line on what is next; and a found check."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from support.lines import Lines
from support.pilot import LEGACY, Wizard, git, make_repository, wizard
from support.terminal import Terminal, environment
from textual.widgets import Static

from modal_wizard.cli.main import main
from modal_wizard.migration.found_checks import found_checks
from modal_wizard.process import progress
from modal_wizard.process.progress import ProgressBar
from modal_wizard.text.paint import Paint, paint_for
from modal_wizard.tui.screens.commit.screen import Commit

WIZARD = [sys.executable, "-m", "modal_wizard"]


# --- completion ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ver", "verify"),
        ("scan --section image", "image-copy"),
        ("scan --format sa", "sarif"),
        ("apply --all", "--all --allow-dirty --allow-staged --allow-no-vcs --allow-overlap"),
        ("schema out", "outcome"),
        ("--tar", "--target"),
    ],
)
def test_bash_completes_commands_options_and_values(
    typed: str, offered: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", "bash"]) == 0
    words = ["modal-wizard", *typed.split()]
    asked = f"COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}; _shtab_modal_wizard; echo ${{COMPREPLY[@]}}"
    script = capsys.readouterr().out + asked
    done = subprocess.run(["bash", "--norc"], input=script, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == offered


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_get_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("modal-wizard", "completion", "write-baseline", "cls-parameters"))


# --- colours ---------------------------------------------------------------------------------------------------------


class OnTerminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_colours_are_for_terminals_and_as_the_person_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert paint_for("auto", OnTerminal())("good", "x") == "\x1b[32mx\x1b[0m"
    assert paint_for("auto", io.StringIO())("good", "x") == "x"
    assert paint_for("never", OnTerminal())("good", "x") == "x"
    monkeypatch.setenv("TERM", "dumb")
    assert paint_for("auto", OnTerminal())("good", "x") == "x"
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert paint_for("auto", OnTerminal())("good", "x") == "x"
    assert paint_for("always", io.StringIO())("good", "x") != "x"
    assert Paint(True).diff(" same") == " same"


def test_coloured_text_is_the_same_text(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["scan"], ["apply", "--diff"]):
        main([*words, str(repository)])
        plain = capsys.readouterr().out
        main([*words, "--color", "always", str(repository)])
        coloured = capsys.readouterr().out
        assert "\x1b[" in coloured
        assert "\x1b[" not in plain
        without = coloured.replace("\x1b[0m", "")
        for code in (1, 2, 31, 32, 33, 36):
            without = without.replace(f"\x1b[{code}m", "")
        assert without == plain


# --- a terminal ------------------------------------------------------------------------------------------------------


def test_a_terminal_is_told_what_is_next_and_a_pipe_is_not(repository: Path, tmp_path: Path) -> None:
    around = environment(tmp_path, PATH=f"{Path(sys.executable).parent}:/usr/bin:/bin")
    (repository / "pytest.ini").write_text("[pytest]\n")
    told = {
        "scan": "reviews them one by one",
        "apply --diff": "the same with --commit in place of --diff writes this",
        "apply": "--check 'pytest -q' does before each commit",
    }
    for words, said in told.items():
        with Terminal([*WIZARD, *words.split(), str(repository)], around, (200, 60)) as terminal:
            terminal.ended()
            assert "Next: " in terminal.text
            assert said in terminal.text
        git(repository, "checkout", "--quiet", ".")
        piped = subprocess.run([*WIZARD, *words.split(), str(repository)], capture_output=True, text=True, env=around)
        assert "Next: " not in piped.stdout + piped.stderr
        git(repository, "checkout", "--quiet", ".")


def test_the_bar_comes_late_on_terminals_alone_and_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    shown, silent = OnTerminal(), io.StringIO()
    for stream in (shown, silent):
        monkeypatch.setattr(sys, "stderr", stream)
        with ProgressBar("scanning") as bar:
            bar.step(1, 4)
            assert stream.getvalue() == "", "within the first second"
        monkeypatch.setattr(progress, "PATIENCE", 0.0)
        with ProgressBar("scanning") as bar:
            bar.step(1, 4, "a.py")
        monkeypatch.setattr(progress, "PATIENCE", 1.0)
    assert shown.getvalue() == f"\r\x1b[Kscanning [{'#' * 6}{'.' * 18}] 1/4  a.py\r\x1b[K"
    assert silent.getvalue() == ""


def test_help_of_scan_explains_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["scan", "--help"])
    said = capsys.readouterr().out.partition("formats")[2]
    assert [line.split()[0] for line in said.splitlines() if line.startswith("  ") and line[2] != " "] == [
        "text",
        "json",
        "sarif",
        "github",
    ]


# --- a check that was found ------------------------------------------------------------------------------------------

BOTH = {"pyproject.toml": "[tool.pytest.ini_options]\n\n[tool.ruff]\nline-length = 120\n"}


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (BOTH, ("pytest -q", "ruff check")),
        ({"setup.cfg": "[metadata]\n[tool:pytest]\n"}, ("pytest -q",)),
        ({"tox.ini": "[pytest]\n", ".ruff.toml": ""}, ("pytest -q", "ruff check")),
        ({"setup.cfg": "[metadata]\nname = pytest\n", "pyproject.toml": "# [tool.ruff]\n"}, ()),
    ],
)
def test_settings_name_a_check(
    files: dict[str, str], found: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(programs(tmp_path)))
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert found_checks(tmp_path) == found
    monkeypatch.setenv("PATH", str(tmp_path))
    assert found_checks(tmp_path) == (), "what cannot be run is not offered"


def programs(folder: Path) -> Path:
    """Make a folder with a pytest and a ruff that always succeed, beside ``folder``."""
    place = folder.with_name(f"{folder.name}-programs")
    place.mkdir()
    for name in ("pytest", "ruff"):
        (place / name).write_text("#!/bin/sh\necho all is well\n")
        (place / name).chmod(0o755)
    return place


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose settings name pytest and ruff, both to be had."""
    root = make_repository(tmp_path / "checked", {**LEGACY, **BOTH})
    monkeypatch.setenv("PATH", f"{programs(root)}:/usr/bin:/bin")
    return root


def facts_of(opened: Wizard) -> str:
    return str(opened.screen.query_one("#facts", Static).content)


async def test_v_on_the_commit_screen_runs_it_before_the_commit(checked: Path) -> None:
    async with wizard(checked) as opened:
        await opened.press("enter", "A", "c")
        assert opened.shows(Commit)
        assert "V runs pytest -q or ruff check first" in facts_of(opened)
        await opened.press("V")
        assert "after pytest -q" in facts_of(opened)
        await opened.press("V", "V")
        assert "V runs" in facts_of(opened)
        await opened.press("V", "c")
        assert any("check passed (" in note.text for note in opened.app.telling.told)
    assert git(checked, "rev-list", "--count", "HEAD") == "2\n"


def test_line_by_line_it_is_offered_too(checked: Path, lines: Lines) -> None:
    said = lines(checked, "A", "c", "V", "y", "q")
    assert "V run a check first" in said
    assert "pytest -q is run before each commit." in said
    assert "  | all is well" in said
    assert "V run" not in lines(make_repository(checked.with_name("other")), "A", "c", "n", "q")
