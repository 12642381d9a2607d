"""What Windows lacks is not needed: the same output and the same commits with all of it hidden."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import without_posix
from support.pilot import git, make_repository

import modal_transforms
import modal_wizard

HIDDEN = (sys.executable, without_posix.__file__)
SHOWN = (sys.executable, "-m", "modal_wizard")
DATE = "2026-01-01T00:00:00Z"


@pytest.fixture(autouse=True)
def _same_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every commit at one time, with none of the machine's settings."""
    for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
        monkeypatch.setenv(name, DATE)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)


def run(command: tuple[str, ...], *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program with these arguments and this input through a pipe."""
    return subprocess.run([*command, *arguments], input=given, capture_output=True, text=True, check=False)


def subjects(root: Path) -> list[str]:
    return git(root, "log", "--format=%s").splitlines()


def test_every_module_can_be_imported() -> None:
    done = run(HIDDEN, "--modules")
    assert done.returncode == 0, done.stderr
    packages = (Path(str(package.__file__)).parent for package in (modal_transforms, modal_wizard))
    assert int(done.stdout) == sum(len(list(package.rglob("*.py"))) for package in packages)


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        (("scan",), ""),
        (("scan", "--format", "json", "--edits", "--left-alone"), ""),
        (("apply", "--diff"), ""),
        (("apply",), ""),
        (("apply", "--all", "--commit"), ""),
        (("--plain",), "a\na\na\nc\ny\nq\n"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_it_says_and_does_the_same(tmp_path: Path, arguments: tuple[str, ...], given: str) -> None:
    seen = []
    for command in (SHOWN, HIDDEN):
        root = make_repository(tmp_path / "shop")
        done = run(command, *arguments, str(root), given=given)
        assert "fault of ours" not in done.stderr
        files = {path.name: path.read_bytes() for path in root.glob("*.py")}
        seen.append((done.returncode, done.stdout, done.stderr, files, git(root, "log", "--format=%H %s")))
        root.rename(tmp_path / f"done-{len(seen)}")
    assert seen[0] == seen[1]
    assert "min_containers" in seen[0][1] or b"min_containers" in seen[0][3]["shop.py"]


def test_plain_commits_through_a_pipe(repository: Path) -> None:
    done = run(HIDDEN, "--plain", str(repository), given="a\na\na\nc\ny\nq\n")
    assert done.returncode == 0, done.stderr
    assert len(subjects(repository)) == 2, done.stdout
    assert b"min_containers=1" in (repository / "shop.py").read_bytes()


def test_the_screens_commit(repository: Path) -> None:
    done = run(HIDDEN, "--screens", str(repository))
    assert done.returncode == 0, done.stderr
    assert len(subjects(repository)) == 2
    assert b"min_containers=1" in (repository / "shop.py").read_bytes()


def test_a_process_of_its_own_scans(repository: Path) -> None:
    done = run(HIDDEN, "--background", str(repository))
    assert (done.returncode, done.stdout) == (0, "4\n"), done.stderr


def test_windows_locks_keep_a_second_writer_out(repository: Path) -> None:
    folder = repository / ".git" / "modal-wizard"
    folder.mkdir()
    with (folder / "lock").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        refused = run(HIDDEN, "apply", str(repository))
    assert "Another modal-wizard is writing here." in refused.stderr
    assert b"keep_warm=1" in (repository / "shop.py").read_bytes()
    assert run(HIDDEN, "apply", str(repository)).returncode == 0
