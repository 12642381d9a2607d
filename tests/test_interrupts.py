"""Programs of the person's that run while a commit is made: they are interrupted before they are ended, and waited for.

Hooks such as those of pre-commit and lint-staged set the person's unstaged work aside and bring it back at their end.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from support.gitbox import Box, land, new_box, own_settings
from support.pilot import git, make_repository

pytest.importorskip("pty", reason="needs a pseudo-terminal")

from support.processes import PATIENCE, Mark
from support.terminal import Terminal, environment
from test_signals import WIZARD, begun, install, settled

from modal_wizard.cli.main import main

SETS_ASIDE = """\
#!{python}
import pathlib, signal, subprocess
place = pathlib.Path("desk.py")
work = place.read_bytes()
place.write_bytes(b"set aside\\n")
try:
    with open({mark!r}, "w") as told:
        told.write("set aside\\n")
    signal.pause()
finally:
    for _ in range(100):
        subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, start_new_session=True)
    place.write_bytes(work)
"""
"""A program that has a person's work only in its memory, and asks git a lot before it brings it back."""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = make_repository(tmp_path / "repository")
    (root / "desk.py").write_text("committed\n")
    git(root, "add", "desk.py")
    git(root, "commit", "--quiet", "--no-verify", "-m", "desk")
    (root / "desk.py").write_text("work of hours\n")
    return root


def aside(mark: Mark) -> str:
    """Return the script of the program that sets work aside."""
    return SETS_ASIDE.format(python=sys.executable, mark=str(mark.path))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=["INT", "TERM", "HUP"])
@pytest.mark.parametrize("where", ["hook", "check"])
def test_an_interrupted_program_brings_back_what_it_set_aside(
    repository: Path, tmp_path: Path, number: int, where: str
) -> None:
    mark = Mark(tmp_path / "mark")
    arguments = ["apply", "--commit", str(repository)]
    if where == "hook":
        install(repository / ".git/hooks/pre-commit", aside(mark))
    else:
        arguments += ["--check", str(install(tmp_path / "check", aside(mark)))]
    before = (repository / "shop.py").read_bytes()
    command = begun(arguments, tmp_path)
    mark.wait()
    os.kill(command.pid, number)
    _, said = command.communicate(timeout=PATIENCE)
    assert command.returncode == 128 + number, said
    assert "stopping what runs" in said
    assert (repository / "desk.py").read_text() == "work of hours\n"
    assert (repository / "shop.py").read_bytes() == before
    assert git(repository, "status", "--porcelain") == " M desk.py\n"
    assert settled(repository)


NOT_BROUGHT_BACK = """\
#!/bin/sh
git diff --binary > .git/patch
git checkout -- .
{ends}
git apply .git/patch
"""
"""A program that brings unstaged work back unless it is ended, as the pre-commit framework does."""
ALL = [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]


@pytest.mark.parametrize("number", [*ALL, None], ids=["TERM", "HUP", "QUIT", "only it is killed"])
@pytest.mark.parametrize("where", ["hook", "check"])
def test_work_that_a_program_set_aside_is_put_back_when_it_is_ended_by_others(
    repository: Path, tmp_path: Path, number: int | None, where: str
) -> None:
    mark = Mark(tmp_path / "mark")
    ends = "kill -9 $$" if number is None else f"echo set aside > {mark.path}; sleep 60"
    script = NOT_BROUGHT_BACK.format(ends=ends)
    arguments = ["apply", "--commit", "--allow-dirty", str(repository)]
    if where == "hook":
        install(repository / ".git/hooks/pre-commit", script)
    else:
        arguments += ["--check", str(install(tmp_path / "check", script))]
    (repository / "shop.py").write_text((repository / "shop.py").read_text() + "\n\n# far below: work of hours\n")
    before = (repository / "shop.py").read_bytes()
    command = begun(arguments, tmp_path)
    if number is not None:
        mark.wait()
        os.killpg(command.pid, number)
    _, said = command.communicate(timeout=PATIENCE)
    assert command.returncode == (2 if number is None else 128 + number), said
    assert "unstaged work set aside; put back: desk.py" in said
    assert (repository / "desk.py").read_text() == "work of hours\n"
    assert (repository / "shop.py").read_bytes() == before
    assert git(repository, "status", "--porcelain") == " M desk.py\n M shop.py\n"
    assert settled(repository)


@pytest.mark.parametrize("name", ["prepare-commit-msg", "commit-msg", "post-commit"])
def test_work_that_any_hook_set_aside_is_put_back_when_it_is_killed(repository: Path, name: str) -> None:
    install(repository / ".git/hooks" / name, NOT_BROUGHT_BACK.format(ends="kill -9 $$"))
    made = name == "post-commit"
    assert main(["apply", "--commit", str(repository)]) & 2 == (0 if made else 2)
    assert (repository / "desk.py").read_text() == "work of hours\n"
    assert git(repository, "status", "--porcelain") == " M desk.py\n"


@pytest.mark.parametrize("where", ["hook", "check"])
@pytest.mark.parametrize("front", ["apply", "plain"])
def test_one_ctrl_c_in_the_terminal_ends_it_with_everything_put_back(
    repository: Path, tmp_path: Path, where: str, front: str
) -> None:
    mark = Mark(tmp_path / "mark")
    arguments = ["apply", "--commit"] if front == "apply" else ["--plain"]
    if where == "hook":
        install(repository / ".git/hooks/pre-commit", aside(mark))
    else:
        arguments += ["--check", str(install(tmp_path / "check", aside(mark)))]
    before = (repository / "shop.py").read_bytes()
    with Terminal([*WIZARD, *arguments, str(repository)], environment(tmp_path)) as terminal:
        if front == "plain":
            terminal.wait(">")
            terminal.press("A\nc\ny\n")
        mark.wait()
        terminal.press("\x03")
        assert terminal.ended() == 128 + signal.SIGINT
        assert "stopping what runs" in terminal.text
        assert "put back" in terminal.text
        assert "Traceback" not in terminal.text.partition("Interrupted.")[2]
    assert (repository / "desk.py").read_text() == "work of hours\n"
    assert (repository / "shop.py").read_bytes() == before
    assert settled(repository)


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    own_settings(monkeypatch, tmp_path)
    return new_box(tmp_path / "work")


def left_running(place: Path) -> str:
    """Return a script that leaves a program running, with everything open that it has."""
    return f"sleep 1000 & echo $! > {place}; echo the end"


def end(place: Path) -> None:
    """End what was left running; fails when it has ended before."""
    os.kill(int(place.read_text()), signal.SIGKILL)


@pytest.mark.parametrize("hook", ["pre-commit", "post-commit"])
def test_what_a_hook_leaves_running_does_not_hold_us(box: Box, tmp_path: Path, hook: str) -> None:
    box.hook(hook, left_running(tmp_path / "number"))
    made = land(box)
    end(tmp_path / "number")
    assert made.sha == box.head()
    assert "the end" in made.hook_output


def test_what_a_check_leaves_running_does_not_hold_us(repository: Path, tmp_path: Path) -> None:
    check = install(tmp_path / "check", f"#!/bin/sh\n{left_running(tmp_path / 'number')}\n")
    command = begun(["apply", "--commit", "--section", "autoscaler", "--check", str(check), str(repository)], tmp_path)
    said, errors = command.communicate(timeout=PATIENCE)
    end(tmp_path / "number")
    assert command.returncode == 0, errors
    assert "check passed" in said
    assert "  | the end" in errors
