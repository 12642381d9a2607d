"""Signals, a terminal that goes away, and faults of our own: nothing lost, nothing left running, no traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from support.pilot import git, make_repository

pytest.importorskip("pty", reason="needs a pseudo-terminal")

from support.processes import PATIENCE, Mark, gone, wait_gone
from support.terminal import Terminal, environment

from modal_wizard.process.signals import Stopped, catching
from modal_wizard.process.signals import running as starting

ENDING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
WIZARD = [sys.executable, "-m", "modal_wizard"]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "repository")


def state(root: Path) -> tuple[object, ...]:
    """What a person would miss: files, index, commits."""
    files = {path.name: path.read_bytes() for path in root.glob("*.py")}
    return (files, git(root, "status", "--porcelain"), git(root, "ls-files", "-s"), git(root, "rev-parse", "HEAD"))


def decisions(root: Path) -> list[str]:
    log = root / ".git/modal-wizard/session.jsonl"
    events = [json.loads(line) for line in log.read_text().splitlines()[1:]] if log.exists() else []
    return [made["status"] for event in events if event["event"] == "decide" for made in event["decisions"]]


def slow(mark: Mark, *, stubborn: bool = False) -> str:
    """A script that says who it and its child are, and then takes its time."""
    trap = "trap '' TERM INT HUP; " if stubborn else ""
    inner = f"echo $PPID $$ > {mark.path}; exec sleep 1000"
    return f"#!/bin/sh\n{trap}sh -c '{inner}'\nsleep 1000\n"


def install(place: Path, script: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(script)
    place.chmod(0o755)
    return place


def running(mark: Mark) -> list[int]:
    """Wait for a slow program, and return the numbers of it and its child."""
    return [int(number) for number in mark.wait().split()]


def settled(root: Path) -> bool:
    """Whether nothing is left half-done."""
    ours = root / ".git/modal-wizard"
    stay = {"lock", "session.jsonl", "seen.jsonl", "backups.git"}
    left = {place.name for place in ours.iterdir()} - stay if ours.exists() else set()
    return not left and not (root / ".git/index.lock").exists() and not list(root.glob(".modal-wizard-*"))


# --- the application -------------------------------------------------------------------------------------------------


def decided(terminal: Terminal) -> None:
    """Open a section and accept its first finding."""
    terminal.wait("looked at")
    terminal.press("\r")
    terminal.wait("0 of 3 decided")
    terminal.press("a")
    terminal.wait("1 of 3 decided")


@pytest.mark.parametrize("number", [*ENDING, signal.SIGQUIT, None], ids=["INT", "TERM", "HUP", "QUIT", "ctrl-c"])
def test_the_terminal_is_given_back_and_the_session_kept(repository: Path, number: int | None, tmp_path: Path) -> None:
    before = state(repository)
    with Terminal([*WIZARD, str(repository)], environment(tmp_path)) as terminal:
        cooked = terminal.settings()
        decided(terminal)
        assert terminal.settings() != cooked
        if number is None:
            terminal.press("\x03")
        else:
            os.kill(terminal.pid, number)
        assert terminal.ended() == 128 + (number or signal.SIGINT)
        assert terminal.settings() == cooked
        text = terminal.text
    assert "Traceback" not in text
    assert "1 of 3 decided" not in text  # the other screen is back
    assert "Saved: 1 decision" in text
    assert decisions(repository) == ["accepted"]
    assert state(repository) == before


def test_bytes_that_are_no_text_do_not_make_it_deaf(repository: Path, tmp_path: Path) -> None:
    with Terminal([*WIZARD, str(repository)], environment(tmp_path)) as terminal:
        terminal.wait("looked at")
        os.write(terminal.file, b"\xff\xfe\x00\x80")
        decided(terminal)
        terminal.press("q")
        assert terminal.ended() == 0
        assert "Traceback" not in terminal.text
    assert decisions(repository) == ["accepted"]


@pytest.mark.parametrize("size", [(1, 1), (0, 0), (3, 200)])
def test_a_terminal_of_no_size_is_drawn_for(repository: Path, tmp_path: Path, size: tuple[int, int]) -> None:
    with Terminal([*WIZARD, str(repository)], environment(tmp_path)) as terminal:
        decided(terminal)
        terminal.resize(*size)
        for key in "Acoq":
            terminal.press(key)
        assert terminal.ended() == 0
    assert decisions(repository)[:1] == ["accepted"]


@pytest.mark.parametrize("ignored", [False, True], ids=["told", "not told"])
def test_a_terminal_that_goes_away_ends_it(repository: Path, tmp_path: Path, ignored: bool) -> None:
    command = [*WIZARD, str(repository)]
    if ignored:  # as under nohup: no signal comes
        command = ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", *command]
    with Terminal(command, environment(tmp_path)) as terminal:
        decided(terminal)
        assert terminal.hang_up() == 128 + signal.SIGHUP
    assert decisions(repository) == ["accepted"]


def test_it_can_be_suspended_and_comes_back(repository: Path, tmp_path: Path) -> None:
    with Terminal([*WIZARD, str(repository)], environment(tmp_path)) as terminal:
        cooked = terminal.settings()
        decided(terminal)
        os.kill(terminal.pid, signal.SIGTSTP)
        assert terminal.stopped()
        assert terminal.settings() == cooked
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait("1 of 3 decided")
        terminal.press("q")
        assert terminal.ended() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, None], ids=["TERM", "terminal gone"])
def test_a_commit_under_way_is_given_up(repository: Path, tmp_path: Path, number: int | None) -> None:
    mark = Mark(tmp_path / "mark")
    install(repository / ".git/hooks/pre-commit", slow(mark))
    before = state(repository)
    with Terminal([*WIZARD, str(repository)], environment(tmp_path)) as terminal:
        decided(terminal)
        terminal.press("c")
        terminal.wait("exactly what will be written")
        terminal.press("c")
        programs = running(mark)
        if number is None:
            assert terminal.hang_up() == 128 + signal.SIGHUP
        else:
            os.kill(terminal.pid, number)
            assert terminal.ended() == 128 + number
            assert "put back" in terminal.text
    for each in programs:
        wait_gone(each)
    assert state(repository) == before
    assert settled(repository)
    assert decisions(repository) == ["accepted"]


def test_a_fault_of_ours_gives_the_terminal_back_and_leaves_a_report(repository: Path, tmp_path: Path) -> None:
    broken = (
        "from modal_wizard import __main__\n"
        "from modal_wizard.tui.app import WizardApp\n"
        "def fault(*_): raise RuntimeError('something unforeseen')\n"
        "WizardApp.action_help = fault\n"
        "__main__.main()\n"
    )
    command = [sys.executable, "-c", broken, str(repository)]
    with Terminal(command, environment(tmp_path, TMPDIR=str(tmp_path))) as terminal:
        cooked = terminal.settings()
        decided(terminal)
        terminal.press("?")
        assert terminal.ended() == 2
        assert terminal.settings() == cooked
        text = terminal.text
    assert "Traceback" not in text
    assert "a fault of ours (RuntimeError)" in text
    (report,) = tmp_path.glob("modal-wizard-*.log")
    assert report.name in text.replace("\n", "")
    assert "something unforeseen" in report.read_text()
    assert decisions(repository) == ["accepted"]


# --- line by line ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, None], ids=["TERM", "ctrl-c"])
def test_a_question_can_be_interrupted(repository: Path, number: int | None, tmp_path: Path) -> None:
    with Terminal([*WIZARD, "--plain", str(repository)], environment(tmp_path)) as terminal:
        terminal.wait(">")
        terminal.press("a\n")
        terminal.wait(lambda text: text.rstrip().endswith("2 of 3>"))
        assert decisions(repository) == ["accepted"]
        if number is None:
            terminal.press("\x03")
        else:
            os.kill(terminal.pid, number)
        assert terminal.ended() == 128 + (number or signal.SIGINT)
        assert "kept" in terminal.text
        assert "Traceback" not in terminal.text
    assert decisions(repository) == ["accepted"]


def test_a_question_ends_with_its_terminal(repository: Path, tmp_path: Path) -> None:
    with Terminal([*WIZARD, "--plain", str(repository)], environment(tmp_path)) as terminal:
        terminal.wait(">")
        terminal.press("a\n")
        terminal.wait(lambda text: text.rstrip().endswith("2 of 3>"))
        assert decisions(repository) == ["accepted"]
        assert terminal.hang_up() == 128 + signal.SIGHUP
    assert decisions(repository) == ["accepted"]


# --- scan and apply --------------------------------------------------------------------------------------------------


def begun(arguments: Sequence[str], home: Path, **more: str) -> subprocess.Popen[str]:
    """A command as a shell starts it: in a process group of its own, with none of the signals ignored."""
    return subprocess.Popen(
        [*WIZARD, *arguments],
        env=environment(home, **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
def test_a_scan_ends_with_the_git_that_it_waits_for(repository: Path, tmp_path: Path, number: int) -> None:
    mark = Mark(tmp_path / "mark")
    install(tmp_path / "bin/git", slow(mark))
    command = begun(["scan", str(repository)], tmp_path, PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    programs = running(mark)
    os.kill(command.pid, number)
    _, said = command.communicate(timeout=PATIENCE)
    assert command.returncode == 128 + number
    assert "Traceback" not in said
    wait_gone(programs[0])
    for each in programs:  # what a program leaves behind that is no child of ours
        if not gone(each):
            os.kill(each, signal.SIGKILL)


def test_a_program_that_is_just_being_started_is_ended_as_well() -> None:
    begun: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        begun.append(subprocess.Popen(["sleep", "1000"]))
        os.kill(os.getpid(), signal.SIGTERM)
        return begun[0]

    try:
        with catching(), pytest.raises(Stopped), starting(start):
            pass
    finally:
        with catching():
            """Forget the signal: a wizard that another test opens in this process would leave at once."""
    assert begun[0].returncode == -signal.SIGTERM


@pytest.mark.parametrize(
    ("where", "number", "all_of_them"),
    [("hook", number, False) for number in ENDING]
    + [("hook", signal.SIGINT, True), ("check", signal.SIGTERM, False), ("stubborn hook", signal.SIGTERM, False)],
)
def test_apply_puts_the_section_back_that_is_under_way(
    repository: Path, tmp_path: Path, where: str, number: int, all_of_them: bool
) -> None:
    mark = Mark(tmp_path / "mark")
    script = slow(mark, stubborn="stubborn" in where)
    arguments = ["apply", "--commit", str(repository)]
    if "hook" in where:
        install(repository / ".git/hooks/pre-commit", script)
    else:
        arguments += ["--check", str(install(tmp_path / "check", script))]
    before = state(repository)
    command = begun(arguments, tmp_path)
    programs = running(mark)
    assert state(repository) != before
    (os.killpg if all_of_them else os.kill)(command.pid, number)
    _, said = command.communicate(timeout=PATIENCE)
    assert command.returncode == 128 + number, said
    assert "Traceback" not in said
    assert "put back" in said
    for each in programs:
        wait_gone(each)
    assert state(repository) == before
    assert settled(repository)


def test_output_that_cannot_be_written_is_said(repository: Path, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs a device that is full")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*WIZARD, "scan", str(repository)],
            env=environment(tmp_path),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "modal-wizard: what it says could not be written: No space left on device.\n"


def test_a_reader_that_stops_reading_is_no_fault(repository: Path, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [*WIZARD, "scan", str(repository)]
    done = subprocess.run(
        command, env=environment(tmp_path), stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
