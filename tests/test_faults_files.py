"""Files that cannot be written, or are not what they were: said, and nothing of anybody's is overwritten."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.pilot import DESK, SHOP, git, make_repository, wizard
from support.weak import fill, powerless, small_disk

from modal_wizard.cli.main import main
from modal_wizard.tui.dialogs.failure import Failure
from modal_wizard.tui.screens.overview import Overview

WIZARD = [sys.executable, "-m", "modal_wizard"]


def run(*arguments: str, lines: str = "", powers: bool = True) -> subprocess.CompletedProcess[str]:
    command = [*WIZARD, *arguments]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    if not powers:
        command = powerless(command)
    return subprocess.run(command, input=lines, env=environment, capture_output=True, text=True, check=False)


def files(root: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in root.glob("*.py")}


# --- no room ---------------------------------------------------------------------------------------------------------


def test_a_full_disk_leaves_every_file_old_or_new_and_is_said(tmp_path: Path) -> None:
    seen = set()
    with small_disk(tmp_path / "small", 640) as disk:
        root = make_repository(disk / "shop")
        before, commits = files(root), git(root, "rev-parse", "HEAD")
        for leave in (0, 16, 64):
            fill(disk, leave)
            done = run("apply", "--safe", "--commit", "--section", "autoscaler", str(root))
            assert "Traceback" not in done.stderr
            made = git(root, "rev-parse", "HEAD") != commits
            seen.add(made)
            assert (files(root) == before) is not made, leave
            index = git(root, "--no-optional-locks", "diff-files", "-p")
            assert index == "", (leave, done.stderr)
            assert not list(root.glob(".modal-wizard-*")), leave
            assert made or (done.returncode & 2 and "space" in done.stderr), (leave, done.stderr)
            if made:
                break
        (disk / "filler").unlink()
        assert run("apply", "--safe", "--commit", str(root)).returncode == 0
        assert git(root, "status", "--porcelain") == ""
    assert False in seen


def test_decisions_on_a_full_disk_are_said_to_be_kept_in_memory_only(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 640) as disk:
        root = make_repository(disk / "shop")
        fill(disk, 0)
        done = run("--plain", str(root), lines="a\nq\n")
        assert "Traceback" not in done.stderr
        assert "From now on decisions are not kept" in done.stdout
        assert "o space left" in done.stdout
        assert "Your decisions are kept" not in done.stdout
        assert files(root) == {"shop.py": SHOP, "desk.py": DESK}


def test_a_limit_on_the_size_of_files_puts_everything_back(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    root = make_repository(tmp_path / "shop", {"a.py": DESK, "big.py": DESK + "#" * 300_000 + "\n"})
    before = files(root)

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    command = [*WIZARD, "apply", str(root)]
    done = subprocess.run(command, preexec_fn=limited, capture_output=True, text=True, check=False)
    assert done.returncode & 2
    assert "Traceback" not in done.stderr
    assert "arge" in done.stderr  # "File too large", whoever says it
    assert files(root) == before
    assert git(root, "status", "--porcelain") == ""
    assert run("apply", str(root)).returncode == 0


# --- not allowed -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("target", "mode"), [("shop.py", 0o444), (".", 0o555)], ids=["file", "folder"])
def test_a_read_only_place_is_said_before_anything_is_written(repository: Path, target: str, mode: int) -> None:
    before = files(repository)
    (repository / target).chmod(mode)
    done = run("apply", "--commit", str(repository), powers=False)
    (repository / target).chmod(0o755)
    assert done.returncode & 2
    assert "read-only" in done.stderr
    assert "was not written" in done.stderr
    assert files(repository) == before
    assert git(repository, "log", "--format=%s") == "Legacy\n"


def test_a_read_only_git_directory_is_said_before_anything_is_written(repository: Path) -> None:
    before = files(repository)
    places = [repository / ".git", *(p for p in (repository / ".git").rglob("*") if p.is_dir())]
    for place in places:
        place.chmod(0o555)
    try:
        for arguments in (["apply", "--commit"], ["apply"]):
            done = run(*arguments, str(repository), powers=False)
            assert done.returncode & 2
            assert "Permission denied" in done.stderr
            assert "Traceback" not in done.stderr
            assert files(repository) == before
        decided = run("--plain", str(repository), lines="a\nq\n", powers=False)
        assert "decisions are not kept" in decided.stdout
        assert decided.returncode == 0
        assert files(repository) == before
    finally:
        for place in places:
            place.chmod(0o755)


def test_without_a_repository_a_read_only_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP)
    tmp_path.chmod(0o555)
    done = run("apply", "--allow-no-vcs", str(tmp_path), powers=False)
    tmp_path.chmod(0o755)
    assert done.returncode & 2
    assert "Traceback" not in done.stderr
    assert "Permission denied" in done.stderr or "read-only" in done.stderr
    assert (tmp_path / "shop.py").read_text() == SHOP


def test_a_folder_that_cannot_be_read_is_said_and_the_rest_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir()
    (tmp_path / "shut/in.py").write_text(SHOP)
    (tmp_path / "desk.py").write_text(DESK)
    (tmp_path / "shut").chmod(0)
    done = run("scan", str(tmp_path), powers=False)
    (tmp_path / "shut").chmod(0o755)
    assert "desk.py" in done.stdout
    assert "shut" in done.stderr
    assert done.returncode & 1


# --- facts of files --------------------------------------------------------------------------------------------------


def test_a_written_file_is_as_old_as_its_writing_and_others_are_not_touched(repository: Path) -> None:
    for name in ("shop.py", "desk.py"):
        os.utime(repository / name, (1_000_000_000, 1_000_000_000))
    before = (repository / "desk.py").stat()
    assert main(["apply", "--section", "autoscaler", str(repository)]) == 0
    assert (repository / "shop.py").stat().st_mtime > 1_600_000_000  # build tools have to see the change
    after = (repository / "desk.py").stat()
    assert (before.st_ino, before.st_mtime_ns, before.st_ctime_ns) == (
        after.st_ino,
        after.st_mtime_ns,
        after.st_ctime_ns,
    )


def test_another_name_of_the_same_file_elsewhere_keeps_what_it_has(repository: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere.py"
    os.link(repository / "shop.py", other)
    assert main(["apply", "--section", "autoscaler", str(repository)]) == 0
    assert other.read_text() == SHOP
    assert "min_containers" in (repository / "shop.py").read_text()


# --- changed while the wizard is open --------------------------------------------------------------------------------


def edited(root: Path) -> None:
    (root / "shop.py").write_text("# a line above\n" + SHOP)


def deleted(root: Path) -> None:
    (root / "shop.py").unlink()


def renamed(root: Path) -> None:
    (root / "shop.py").rename(root / "store.py")


def replaced_by_a_link(root: Path) -> None:
    (root / "shop.py").rename(root.parent / "outside.py")
    (root / "shop.py").symlink_to(root.parent / "outside.py")


def replaced_by_a_folder(root: Path) -> None:
    (root / "shop.py").unlink()
    (root / "shop.py").mkdir()


@pytest.mark.parametrize(
    ("harm", "offered"),
    [
        pytest.param(edited, {"shop.py:7", "shop.py:12"}, id="edited"),
        pytest.param(deleted, set(), id="deleted"),
        pytest.param(renamed, {"store.py:6", "store.py:11"}, id="renamed"),
        pytest.param(replaced_by_a_link, set(), id="replaced by a link"),
        pytest.param(replaced_by_a_folder, set(), id="replaced by a folder"),
    ],
)
@pytest.mark.parametrize("key", ["c", "W"])
async def test_what_changed_while_it_is_open_is_not_overwritten_but_offered_again(
    repository: Path, harm: Callable[[Path], None], offered: set[str], key: str
) -> None:
    async with wizard(repository) as opened:
        await opened.press("enter", "A", "c")
        harm(repository)
        git(repository, "add", "--all")
        git(repository, "commit", "--quiet", "--allow-empty", "--message", "Meanwhile")
        before = {path.name: path.read_bytes() for path in repository.glob("*.py") if path.is_file()}
        await opened.press(key)
        assert isinstance(opened.screen, Failure)
        assert "shop.py" in opened.text
        await opened.press("escape")
        found = {f"{f.site.path}:{f.site.line}" for f in opened.app.migration.findings("autoscaler")}
        assert {place.split(":")[0] for place in found} == {place.split(":")[0] for place in offered}
        assert offered <= found
        await opened.press("o")
        assert isinstance(opened.screen, Overview)
        if harm is edited:  # decisions went along with their lines
            await opened.press("k", "k", "enter", "c", "c")
            assert isinstance(opened.screen, Overview)
    now = {path.name: path.read_bytes() for path in repository.glob("*.py") if path.is_file()}
    if harm is edited:
        assert (repository / "shop.py").read_text().startswith("# a line above\n")
        assert "min_containers" in (repository / "shop.py").read_text()
    else:
        assert now == before
