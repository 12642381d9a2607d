"""The process that scans for the wizard ends with it, however that ends; and the wizard goes on without it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.killing import killed_at
from support.pilot import make_repository

from modal_wizard.files.transaction import replace_files
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.open import open_migration
from modal_wizard.scan.discover import scope_of

pytest.importorskip("pty", reason="needs a pseudo-terminal")

from support.processes import Mark, gone, wait_gone
from support.terminal import Terminal, environment
from test_foreign_code import BEFORE_US, LEGACY, NAMES, SCRIPT
from test_signals import install, running

WIZARD = [sys.executable, "-m", "modal_wizard"]
LISTING = """#!/bin/sh
case "$*" in *--exclude-standard*) if mkdir {mark}.once 2>/dev/null
then echo $PPID $$ > {mark}; exec sleep 1000; fi;; esac
exec {git} "$@"
"""
"""A git whose first list of all files takes its time."""


@pytest.fixture
def scanning(tmp_path: Path) -> Iterator[tuple[Terminal, list[int]]]:
    """The wizard while it scans, with the numbers of the process that does and of the git that this waits for.

    What an earlier run decided stays as it is, however the scan ends.
    """
    mark, git = Mark(tmp_path / "mark"), shutil.which("git")
    install(tmp_path / "bin/git", LISTING.format(mark=mark.path, git=git))
    root = make_repository(tmp_path / "repository")
    earlier = open_migration(root)
    assert list(earlier.scan())
    earlier.accept(earlier.findings()[0])
    kept = (root / ".git/modal-wizard/session.jsonl").read_bytes()
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    with Terminal([*WIZARD, str(root)], environment(tmp_path, PATH=path)) as terminal:
        programs = running(mark)
        terminal.wait("quit")
        assert parent(programs[0]) == terminal.pid
        yield terminal, programs
        for each in programs:
            if not gone(each):
                os.kill(each, signal.SIGKILL)
    assert (root / ".git/modal-wizard/session.jsonl").read_bytes() == kept


def parent(number: int) -> int:
    """The process that started another one."""
    done = subprocess.run(["ps", "-o", "ppid=", "-p", str(number)], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.parametrize("way", ["q", "ctrl-c", "TERM", "HUP", "terminal gone", "KILL"])
def test_it_ends_with_the_wizard(scanning: tuple[Terminal, list[int]], way: str) -> None:
    terminal, programs = scanning
    if way in {"q", "ctrl-c"}:
        terminal.press("q" if way == "q" else "\x03")
        assert terminal.ended() == (0 if way == "q" else 128 + signal.SIGINT)
    elif way == "terminal gone":
        assert terminal.hang_up() == 128 + signal.SIGHUP
    else:
        number = getattr(signal, f"SIG{way}")
        os.kill(terminal.pid, number)
        assert terminal.ended() == (-number if way == "KILL" else 128 + number)
    for each in programs:
        wait_gone(each)


def test_the_wizard_scans_itself_when_it_is_killed(scanning: tuple[Terminal, list[int]]) -> None:
    terminal, programs = scanning
    os.kill(programs[0], signal.SIGKILL)
    terminal.wait("1 of 4 decided · 2 files looked at")
    for each in programs:
        wait_gone(each)
    terminal.press("q")
    assert terminal.ended() == 0


def test_one_process_stays_when_the_scan_is_over_and_ends_with_the_wizard(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "repository")
    with Terminal([*WIZARD, str(root)], environment(tmp_path)) as terminal:
        terminal.wait("looked at")
        asked = ["ps", "-A", "-o", "pid=,ppid=,comm="]
        listed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        rows = [line.split(None, 2) for line in listed.splitlines()]  # git may be asked for the person's changes now
        (child,) = [int(number) for number, above, name in rows if above == str(terminal.pid) and name != "git"]
        terminal.press("q")
        assert terminal.ended() == 0
    wait_gone(child)


# --- files of the repository are read, never run ----------------------------------------------------------------------

SITES = ("sitecustomize", "usercustomize")


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A repository whose files bear the names of modules, and tell who ran them."""
    told = f"import os\nopen({str(tmp_path / 'ran')!r}, 'a').write(f'{{os.getpid()}} {{__name__}}\\n')\n"
    names = {f"{name}.py": told for name in {*NAMES, "pickle", "queue", "copyreg", "gc", *SITES} - BEFORE_US}
    return make_repository(tmp_path / "repository", {**names, "app.py": LEGACY})


def ran(root: Path) -> list[list[str]]:
    """Which processes ran which of its files."""
    told = root.parent / "ran"
    return [line.split() for line in told.read_text().splitlines()] if told.exists() else []


@pytest.mark.parametrize(
    ("command", "path"),
    [
        pytest.param([str(SCRIPT)], ".", id="dot"),
        pytest.param([str(SCRIPT)], "/nowhere:../repository", id="relative"),
        pytest.param(WIZARD, "", id="python -m"),
    ],
)
def test_nothing_of_the_repository_is_run(hostile: Path, command: list[str], path: str) -> None:
    shell = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', str(hostile), *command]
    with Terminal(shell, environment(hostile.parent, PYTHONPATH=path)) as terminal:
        terminal.wait("0 of 2 decided")  # what is old, and modal.py
        wizard = terminal.pid
        terminal.press("q")
        assert terminal.ended() == 0
    # what Python itself loads before any line of ours, in the process that the person started
    assert [each for each in ran(hostile) if each[0] != str(wizard) or each[1] not in SITES] == []


ASIDE = """
import sys
from modal_wizard import __main__
from modal_wizard.scan import scanner
from modal_wizard.scan.background import BackgroundScan
from modal_wizard.scan.discover import scope_of
from modal_wizard.scan.result import Scan
from pathlib import Path
scanner.scan = None
found = Scan(scope_of(Path(".")))
with BackgroundScan(found.scope) as aside:
    print(len(list(aside(found))), *(finding.rule for finding in found.findings))
"""


@pytest.mark.parametrize("path", [".", ":/nowhere", ""])
def test_the_process_itself_works_there(hostile: Path, path: str) -> None:
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, *(["-P"] if sys.version_info >= (3, 11) else []), "-c", ASIDE]
    done = subprocess.run(command, cwd=hostile, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split()[1:] == ["shadowed-by-hand", "autoscaler-rename"], done.stderr
    assert {name for _, name in ran(hostile)} <= set(SITES)
    assert len({number for number, _ in ran(hostile)}) <= 1


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_what_a_killed_run_left_half_written_is_put_back_before_anything_is_found(tmp_path: Path) -> None:
    whole, root = make_repository(tmp_path / "whole", {"a.py": LEGACY, "b.py": LEGACY}), tmp_path / "repository"

    def is_half() -> bool:
        return (root / "a.py").read_text() != LEGACY == (root / "b.py").read_text()

    wanted = Migration(scope_of(whole))
    assert list(wanted.scan())
    wanted.accept_all(wanted.findings())
    changes, _ = wanted.preview_all(wanted.sections)
    for step in range(1, 60):
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(whole, root)
        if not killed_at(step, lambda: replace_files(root, changes, root / ".git/modal-wizard")) or is_half():
            break
    assert is_half()
    with Terminal([*WIZARD, str(root)], environment(tmp_path)) as terminal:
        terminal.wait("0 of 2 decided")
        assert "taken back" in terminal.text
        terminal.press("q")
        assert terminal.ended() == 0
    assert not is_half()
