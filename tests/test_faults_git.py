"""Repositories of every kind, and git at odds with us: the person's own work is bit for bit what it was."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.gitbox import Box, own_settings
from support.pilot import DESK, SHOP, make_repository

from modal_wizard.cli.main import main

MIGRATED = "min_containers=1, max_containers=5"


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own_settings(monkeypatch, tmp_path)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(make_repository(tmp_path / "shop"))


def apply(place: Path, *more: str) -> int:
    return main(["apply", "--commit", "--section", "autoscaler", *more, str(place)])


# --- the person's own work -------------------------------------------------------------------------------------------


def test_everything_of_the_person_is_bit_for_bit_what_it_was(box: Box) -> None:
    for name in ("assumed.py", "skipped.py", "partly.py", "left.txt"):
        box.write(name, b"one\ntwo\nthree\nfour\nfive\nsix\n")
    box.write(".gitignore", b"*.log\n")
    box.commit_all()
    box.write("left.txt", b"stashed\n")
    box.git("stash", "--quiet")
    box.git("update-index", "--assume-unchanged", "assumed.py")
    box.git("update-index", "--skip-worktree", "skipped.py")
    box.write("assumed.py", b"mine, assumed\n")
    box.write("skipped.py", b"mine, skipped\n")
    box.write("partly.py", b"ONE\ntwo\nthree\nfour\nfive\nsix\n")
    box.git("add", "partly.py")
    box.write("partly.py", b"ONE\ntwo\nthree\nfour\nfive\nSIX\n")
    box.write("planned.py", b"planned\n")
    box.git("add", "--intent-to-add", "planned.py")
    box.write("staged.py", b"staged\n")
    box.git("add", "staged.py")
    box.git("rm", "--quiet", "--cached", "desk.py")
    box.write("untracked.txt", b"untracked\n")
    box.write("run.log", b"ignored\n")

    def theirs() -> tuple[object, ...]:
        entries = box.git("ls-files", "-s", "-v", "--debug", "--", ":!shop.py").replace(b"\r", b"")
        flags = [line for line in entries.splitlines() if not line.startswith(b"  ") or b"flags" in line]
        files = {
            p.name: (p.read_bytes(), p.stat().st_mtime_ns)
            for p in box.root.iterdir()
            if p.name != "shop.py" and p.is_file()
        }
        status = [line for line in box.status() if "shop.py" not in line]
        return flags, files, status, box.git("stash", "list"), box.git("diff", "--cached"), box.git("diff")

    before = theirs()
    assert apply(box.root) == 0
    assert theirs() == before
    assert box.in_last_commit() == ["shop.py"]
    assert MIGRATED.encode() in box.committed("shop.py")


@pytest.mark.parametrize("mark", ["--assume-unchanged", "--skip-worktree"])
def test_a_file_of_ours_that_git_is_told_not_to_look_at_is_refused_with_the_way_out(
    box: Box, mark: str, capsys: pytest.CaptureFixture[str]
) -> None:
    box.git("update-index", mark, "shop.py")
    assert apply(box.root) == 2 or apply(box.root) == 3
    assert mark.replace("--", "--no-") in capsys.readouterr().err
    assert box.read("shop.py").decode() == SHOP


def test_a_file_that_git_marks_itself_when_it_is_committed_is_refused_by_name(
    box: Box, capsys: pytest.CaptureFixture[str]
) -> None:
    box.write("shop.py", SHOP.encode().replace(b"keep_warm", b"gpu=modal.gpu.H100(), keep_warm"))
    box.commit_all()
    box.git("config", "core.ignoreStat", "true")
    assert main(["apply", "--all", "--commit", str(box.root)]) != 0
    assert "--no-assume-unchanged" in capsys.readouterr().err
    assert box.read("shop.py") == box.committed("shop.py")


# --- repositories of every kind --------------------------------------------------------------------------------------


def test_in_a_folder_of_a_repository_only_that_is_written(box: Box) -> None:
    box.write("below/shop.py", SHOP.encode())
    box.commit_all()
    assert apply(box.root / "below") == 0
    assert box.in_last_commit() == ["below/shop.py"]
    assert box.read("shop.py").decode() == SHOP


def test_a_submodule_is_committed_in_its_own_repository(box: Box, tmp_path: Path) -> None:
    outer = Box(make_repository(tmp_path / "outer", {"desk.py": DESK}))
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(box.root), "inner")
    outer.commit_all()
    inner = Box(outer.root / "inner")
    head = outer.head()
    assert apply(outer.root) in {0, 1}  # the outer one leaves it alone
    assert inner.read("shop.py").decode() == SHOP
    assert outer.head() == head
    assert apply(inner.root) == 0
    assert inner.in_last_commit() == ["shop.py"]
    assert outer.head() == head
    assert outer.status() == [" M inner"]


def test_a_repository_inside_another_is_left_to_itself(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    nested = Box(make_repository(box.root / "vendor/nested"))
    assert apply(box.root) == 0
    assert nested.read("shop.py").decode() == SHOP
    assert nested.status() == []
    assert box.in_last_commit() == ["shop.py"]
    assert apply(nested.root) == 0
    assert nested.in_last_commit() == ["shop.py"]


def test_a_bare_repository_is_refused(tmp_path: Path, box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(box.root), str(bare)], check=True)
    (bare / "shop.py").write_text(SHOP)
    assert apply(bare) == 2
    assert "bare" in capsys.readouterr().err
    assert (bare / "shop.py").read_text() == SHOP


def begin_bisect(box: Box) -> None:
    box.git("bisect", "start")


def begin_rebase(box: Box) -> None:
    box.git("checkout", "--quiet", "-b", "other", "HEAD~1")
    box.write("notes.txt", b"theirs\n")
    box.commit_all()
    box.git("rebase", "main", check=False)


def begin_cherry_pick(box: Box) -> None:
    box.git("checkout", "--quiet", "-b", "other", "HEAD~1")
    box.write("notes.txt", b"theirs\n")
    box.commit_all()
    box.git("cherry-pick", "main", check=False)


def begin_revert(box: Box) -> None:
    box.write("notes.txt", b"later\n")
    box.commit_all()
    box.git("revert", "--no-edit", "HEAD~1", check=False)


@pytest.mark.parametrize(
    ("begin", "name"),
    [(begin_bisect, "bisect"), (begin_rebase, "rebase"), (begin_cherry_pick, "cherry-pick"), (begin_revert, "revert")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_git_is_in_the_middle_of_is_named_and_left_alone(
    box: Box, begin: Callable[[Box], None], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    box.write("notes.txt", b"ours\n")
    box.commit_all()
    begin(box)
    index, status = box.index_digest(), box.status()
    assert apply(box.root) & 2
    assert f"A {name} is in progress" in capsys.readouterr().err
    assert box.read("shop.py").decode() == SHOP
    assert box.status() == status
    assert box.index_digest() == index


# --- a lock that appears half-way ------------------------------------------------------------------------------------


@pytest.mark.parametrize("unclean", [False, True], ids=["clean", "with the person's lines"])
def test_a_lock_that_appears_before_the_commit_is_named_and_nothing_stays_written(
    box: Box, unclean: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    if unclean:
        box.write("shop.py", SHOP.encode() + b"\n# mine\n")
        box.git("add", "shop.py")
    before, status, lock = box.read("shop.py"), box.status(), box.root / ".git/index.lock"
    options = ["--allow-staged", "--check", f"touch {lock}"]
    code = apply(box.root, *options)
    said = capsys.readouterr().err
    assert "index.lock" in said
    if code & 2:
        assert box.read("shop.py") == before
        assert box.status() == status
    assert lock.exists()  # not ours to take away
    lock.unlink()
    assert apply(box.root, "--allow-staged") in {0, 1}
    assert MIGRATED.encode() in box.committed("shop.py")
    assert box.status() == (["M  shop.py"] if unclean else [])
    assert (b"# mine" in box.staged("shop.py")) is unclean


def test_a_lock_that_a_hook_leaves_only_puts_the_index_off(box: Box) -> None:
    box.write("shop.py", SHOP.encode() + b"\n# mine\n")
    lock = box.root / ".git/index.lock"
    box.hook("post-commit", f"touch {lock}")
    assert apply(box.root, "--allow-dirty") == 0
    assert lock.exists()
    lock.unlink()
    (box.root / ".git/hooks/post-commit").unlink()
    assert apply(box.root, "--allow-dirty") == 0  # settles what was put off
    assert box.status() == [" M shop.py"]
    assert MIGRATED.encode() in box.committed("shop.py")
    assert b"# mine" not in box.committed("shop.py")
    assert b"# mine" not in box.staged("shop.py")


# --- hooks -----------------------------------------------------------------------------------------------------------


def test_what_a_hook_makes_of_other_files_is_left_to_the_person(box: Box) -> None:
    box.hook("pre-commit", "echo '# formatted' >> desk.py")
    assert apply(box.root) == 0
    assert box.in_last_commit() == ["shop.py"]
    assert box.status() == [" M desk.py"]
    assert box.read("desk.py").decode() == DESK + "# formatted\n"


@pytest.mark.parametrize(
    "command", [["apply", "--commit", "--section", "autoscaler"], ["--plain"]], ids=["apply", "plain"]
)
def test_a_hook_that_needs_a_terminal_where_there_is_none_is_a_hook_that_failed(box: Box, command: list[str]) -> None:
    box.hook("pre-commit", 'read answer < /dev/tty || { echo "I need a terminal"; exit 1; }')
    done = subprocess.run(
        [sys.executable, "-m", "modal_wizard", *command, str(box.root)],
        input="A\nc\ny\nq\n",
        env=os.environ,
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=120,
        check=False,
    )
    assert "I need a terminal" in done.stdout + done.stderr
    assert "a hook refused it" in done.stdout + done.stderr
    assert box.read("shop.py").decode() == SHOP
    assert box.status() == []


def test_a_protected_branch_is_refused_by_its_hook_and_another_branch_is_the_way_out(
    box: Box, capsys: pytest.CaptureFixture[str]
) -> None:
    box.hook("pre-commit", '[ "$(git symbolic-ref --short HEAD)" != main ] || { echo "main is protected"; exit 1; }')
    head = box.head()
    assert apply(box.root) & 2
    assert "main is protected" in capsys.readouterr().err
    assert (box.head(), box.status(), box.read("shop.py").decode()) == (head, [], SHOP)
    assert apply(box.root, "--branch", "modal-1") == 0
    assert box.git("rev-parse", "main").decode().strip() == head
    assert MIGRATED.encode() in box.committed("shop.py", "modal-1")
