"""Writing files: all or none, only where they are what was looked at, and safe against a kill at any instant."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from support.killing import steps

from modal_transforms.core.patches import Patch
from modal_transforms.core.patches import apply as patched
from modal_wizard.files import journal, safe_io
from modal_wizard.files.change import FileChange
from modal_wizard.files.signed import FOLDER, _found, key_problem, signature, write_signed
from modal_wizard.files.transaction import (
    WriteRefused,
    finish,
    recover,
    replace_files,
    reread,
    reversed_change,
    take_back,
)

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

OLD, NEW = b"gpu = modal.gpu.H100()\r\nrest\x0c \n", b'gpu = "H100"\r\nrest\x0c \n'


def change(path: str, before: bytes = OLD, after: bytes = NEW) -> FileChange:
    patches = (Patch(6, 22, b'"H100"'),) if (before, after) == (OLD, NEW) else (Patch(0, len(before), after),)
    return FileChange(path, before, after, patches)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "pkg").mkdir(parents=True)
    for path in ("a.py", "pkg/b.py", "pkg/c.py"):
        (root / path).write_bytes(OLD)
    return root


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


THREE = [change("a.py"), change("pkg/b.py"), change("pkg/c.py")]


def contents(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def all_of(data: bytes) -> dict[str, bytes]:
    return dict.fromkeys(["a.py", "pkg/b.py", "pkg/c.py"], data)


def test_files_are_written_and_nothing_is_left_behind(tree: Path, folder: Path) -> None:
    replace_files(tree, THREE, folder)
    assert contents(tree) == all_of(NEW)
    assert recover(tree, folder) is None


def test_mode_and_extended_attributes_stay(tree: Path, folder: Path) -> None:
    place = tree / "a.py"
    place.chmod(0o751)
    attributes = hasattr(os, "setxattr")
    if attributes:
        try:
            os.setxattr(place, "user.note", b"mine")
        except OSError:
            attributes = False
    replace_files(tree, THREE, folder)
    assert stat.S_IMODE(place.stat().st_mode) == 0o751
    if attributes:
        assert os.getxattr(place, "user.note") == b"mine"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
def test_owner_stays(tree: Path, folder: Path) -> None:
    os.chown(tree / "a.py", 1234, 2345)
    replace_files(tree, THREE, folder)
    kept = (tree / "a.py").stat()
    assert (kept.st_uid, kept.st_gid) == (1234, 2345)


def edited(root: Path) -> None:
    (root / "pkg/b.py").write_bytes(OLD + b"# mine\n")


def deleted(root: Path) -> None:
    (root / "pkg/b.py").unlink()


def linked(root: Path) -> None:
    (root / "elsewhere.py").write_bytes(OLD)
    (root / "pkg/b.py").unlink()
    (root / "pkg/b.py").symlink_to(root / "elsewhere.py")


def folder_linked(root: Path) -> None:
    (root / "pkg").rename(root.parent / "outside")
    (root / "pkg").symlink_to(root.parent / "outside")


def made_a_fifo(root: Path) -> None:
    (root / "pkg/b.py").unlink()
    os.mkfifo(root / "pkg/b.py")


def made_a_folder(root: Path) -> None:
    (root / "pkg/b.py").unlink()
    (root / "pkg/b.py").mkdir()


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        pytest.param(edited, "it changed on disk", id="edited"),
        pytest.param(deleted, "gone", id="deleted"),
        pytest.param(linked, "symbolic link", id="replaced by a link"),
        pytest.param(folder_linked, "through a link", id="below a linked folder"),
        pytest.param(made_a_fifo, "not a regular file", id="fifo"),
        pytest.param(made_a_folder, "not a regular file", id="folder"),
    ],
)
def test_one_unfit_file_keeps_all_from_being_written(
    tree: Path, folder: Path, harm: Callable[[Path], None], reason: str
) -> None:
    harm(tree)
    with pytest.raises(WriteRefused, match=reason) as refused:
        replace_files(tree, THREE, folder)
    assert refused.value.path == "pkg/b.py"
    assert "Nothing was written" in refused.value.message
    assert refused.value.hint
    assert (tree / "a.py").read_bytes() == OLD
    assert recover(tree, folder) is None


@pytest.mark.parametrize("path", ["../x.py", "/etc/passwd", "", "pkg/../../x.py", ".git/hooks/pre-commit", ".GIT/x"])
def test_paths_outside_the_root_are_refused(tree: Path, folder: Path, path: str) -> None:
    (tree.parent / "x.py").write_bytes(OLD)
    with pytest.raises(WriteRefused):
        replace_files(tree, [change(path)], folder)
    assert (tree.parent / "x.py").read_bytes() == OLD


def as_nobody(action: Callable[[], None]) -> int:
    """Run the action in a process of an ordinary user; returns 0 when it raised nothing."""
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            action()
        except BaseException as error:
            print(error, file=sys.stderr)
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize(("target", "mode"), [("pkg/b.py", 0o444), ("pkg", 0o555)], ids=["file", "folder"])
def test_read_only_is_said(tree: Path, folder: Path, target: str, mode: int, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    for parent in tmp_path.parents[:3]:
        parent.chmod(parent.stat().st_mode | 0o011)
    for place in [tree, *tree.rglob("*")]:
        place.chmod(0o777 if place.is_dir() else 0o666)
    (tree / target).chmod(mode)

    def attempt() -> None:
        with pytest.raises(WriteRefused, match=r"pkg/b\.py was not written: .*read-only"):
            replace_files(tree, THREE, folder)

    assert as_nobody(attempt) == 0
    assert contents(tree) == all_of(OLD)


def test_an_error_half_way_puts_everything_back(tree: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = safe_io.replace, [0]

    def failing(temporary: Path, place: Path) -> None:
        calls[0] += 1
        if calls[0] == 2:
            raise OSError(28, "No space left on device")
        real(temporary, place)

    monkeypatch.setattr(safe_io, "replace", failing)
    with pytest.raises(WriteRefused, match="No space left") as refused:
        replace_files(tree, THREE, folder)
    assert refused.value.path == "pkg/b.py"
    assert contents(tree) == all_of(OLD)
    assert recover(tree, folder) is None


def test_an_interruption_puts_everything_back(tree: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = safe_io.replace

    def interrupted(temporary: Path, place: Path) -> None:
        real(temporary, place)
        if place.name == "b.py" and place.read_bytes() == NEW:
            raise KeyboardInterrupt

    monkeypatch.setattr(safe_io, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replace_files(tree, THREE, folder)
    assert contents(tree) == all_of(OLD)
    assert recover(tree, folder) is None


def test_a_file_changed_between_check_and_rename_is_not_overwritten(
    tree: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = safe_io.write_temporary

    def slow(place: Path, temporary: Path, data: bytes) -> None:
        real(place, temporary, data)
        if place.name == "c.py":
            place.write_bytes(b"mine now\n")

    monkeypatch.setattr(safe_io, "write_temporary", slow)
    with pytest.raises(WriteRefused, match="changed a moment ago"):
        replace_files(tree, THREE, folder)
    assert contents(tree) == all_of(OLD) | {"pkg/c.py": b"mine now\n"}


def in_place(place: Path, data: bytes) -> None:
    """Save as many editors do: into the file that is there."""
    with place.open("r+b") as file:
        file.truncate()
        file.write(data)


def by_rename(place: Path, data: bytes) -> None:
    """Save as other editors do: a new file takes the place of the old one."""
    new = place.with_name("new")
    new.write_bytes(data)
    new.rename(place)


SAVES = pytest.mark.parametrize("save", [in_place, by_rename])
EXCHANGES = pytest.mark.parametrize("exchanges", [True, False], ids=["exchange", "no exchange"])


@SAVES
def test_a_save_between_the_last_look_and_the_rename_is_kept(
    tree: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, save: Callable[[Path, bytes], None]
) -> None:
    real = safe_io.replace

    def late(temporary: Path, place: Path) -> None:
        if place.name == "c.py" and place.read_bytes() == OLD:
            save(place, b"mine now\n")
        real(temporary, place)

    monkeypatch.setattr(safe_io, "replace", late)
    with pytest.raises(WriteRefused, match="changed a moment ago"):
        replace_files(tree, THREE, folder)
    assert contents(tree) == all_of(OLD) | {"pkg/c.py": b"mine now\n"}
    assert recover(tree, folder) is None


@EXCHANGES
def test_a_save_into_the_file_that_was_taken_out_is_given_back(
    tree: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, exchanges: bool
) -> None:
    if not exchanges:
        monkeypatch.setattr(safe_io, "exchange", lambda *_: False)
    real = safe_io.replace
    with (tree / "a.py").open("r+b") as editor:

        def late(temporary: Path, place: Path) -> None:
            real(temporary, place)
            if place.name == "c.py" and place.read_bytes() == NEW:
                editor.truncate()
                editor.write(b"mine now\n")
                editor.flush()

        monkeypatch.setattr(safe_io, "replace", late)
        with pytest.raises(WriteRefused, match="changed a moment ago"):
            replace_files(tree, THREE, folder)
    assert contents(tree) == all_of(OLD) | {"a.py": b"mine now\n"}


def test_a_file_deleted_between_the_last_look_and_the_rename_stays_deleted(
    tree: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = safe_io.replace

    def late(temporary: Path, place: Path) -> None:
        if place.name == "c.py" and place.read_bytes() == OLD:
            place.unlink()
        real(temporary, place)

    monkeypatch.setattr(safe_io, "replace", late)
    with pytest.raises(WriteRefused):
        replace_files(tree, THREE, folder)
    assert contents(tree) == {"a.py": OLD, "pkg/b.py": OLD}


@SAVES
def test_a_save_while_files_are_put_back_is_kept(
    tree: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, save: Callable[[Path, bytes], None]
) -> None:
    replace_files(tree, THREE, folder, commit_on="abc")
    real = safe_io.replace

    def late(temporary: Path, place: Path) -> None:
        if place.name == "c.py" and place.read_bytes() == NEW:
            save(place, NEW + b"# mine\n")
        real(temporary, place)

    monkeypatch.setattr(safe_io, "replace", late)
    assert [(left.path, left.after) for left in take_back(tree, THREE, folder)] == [("pkg/c.py", NEW + b"# mine\n")]
    assert contents(tree) == all_of(OLD) | {"pkg/c.py": NEW + b"# mine\n"}
    assert recover(tree, folder) is None


def test_what_was_saved_into_a_file_that_a_kill_left_aside_is_kept(tree: Path, folder: Path) -> None:
    replace_files(tree, THREE, folder, commit_on="abc")
    begun = journal.load(folder)
    assert begun is not None
    aside = tree / begun.entries[0].temporary
    aside.write_bytes(b"mine now\n")
    said = recover(tree, folder)
    assert said is not None
    (kept,) = tree.glob("*.saved-*")
    assert kept.name in said
    assert contents(tree) == all_of(OLD) | {kept.name: b"mine now\n"}


SECOND = """
import pathlib, sys
from modal_wizard.files.change import FileChange
from modal_wizard.files.transaction import WriteRefused, replace_files
root, folder = map(pathlib.Path, sys.argv[1:])
old = (root / "a.py").read_bytes()
try:
    replace_files(root, [FileChange("a.py", old, b"second", ())], folder)
except WriteRefused as refused:
    sys.exit(str(refused))
"""


def test_a_second_writer_is_kept_out(tree: Path, folder: Path) -> None:
    command = [sys.executable, "-c", SECOND, str(tree), str(folder)]
    with safe_io.directory_lock(folder) as mine:
        assert mine
        replace_files(tree, THREE[:1], folder)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "Another modal-wizard is writing here" in done.stderr
        assert (tree / "a.py").read_bytes() == NEW
    assert subprocess.run(command, check=False).returncode == 0
    assert (tree / "a.py").read_bytes() == b"second"


def test_an_unsettled_write_is_settled_first(tree: Path, folder: Path) -> None:
    replace_files(tree, THREE, folder, commit_on="abc")
    with pytest.raises(WriteRefused, match="earlier write did not end"):
        replace_files(tree, [reversed_change(each) for each in THREE], folder)
    assert contents(tree) == all_of(NEW)


@pytest.mark.parametrize("made", [True, False], ids=["commit made", "commit not made"])
def test_a_write_for_a_commit_follows_the_commit(tree: Path, folder: Path, made: bool) -> None:
    replace_files(tree, THREE, folder, commit_on="abc")
    asked: list[tuple[str, list[str]]] = []

    def committed(head: str, paths: Sequence[str]) -> bool:
        asked.append((head, list(paths)))
        return made

    said = recover(tree, folder, committed=committed)
    assert asked == [("abc", ["a.py", "pkg/b.py", "pkg/c.py"])]
    assert said is not None
    assert ("finished" if made else "taken back") in said
    assert contents(tree) == all_of(NEW if made else OLD)
    assert recover(tree, folder) is None


def test_a_finished_write_needs_no_recovery(tree: Path, folder: Path) -> None:
    replace_files(tree, THREE, folder, commit_on="abc")
    finish(folder)
    assert recover(tree, folder) is None
    assert contents(tree) == all_of(NEW)


def test_recovery_leaves_a_file_that_was_changed_since(tree: Path, folder: Path) -> None:
    replace_files(tree, THREE, folder, commit_on="abc")
    (tree / "a.py").write_bytes(NEW + b"# mine\n")
    said = recover(tree, folder)
    assert said is not None
    assert "left as they are: a.py" in said
    assert contents(tree) == all_of(OLD) | {"a.py": NEW + b"# mine\n"}


def test_looking_for_an_unfinished_write_creates_nothing(tree: Path, folder: Path) -> None:
    assert recover(tree, folder) is None
    assert not folder.exists()


def test_a_journal_of_another_version_is_not_guessed_at(tree: Path, folder: Path) -> None:
    write_signed(folder / journal.NAME, {"of": "another version"})
    with pytest.raises(WriteRefused, match="not a journal of this version"):
        recover(tree, folder)


OUTSIDE = ["../out.py", "/etc/passwd", ".git/config", "pkg/../../out.py", ""]


@pytest.mark.parametrize("path", OUTSIDE)
@pytest.mark.parametrize("key", ["path", "temporary"])
def test_a_journal_names_paths_below_the_root_only(tree: Path, folder: Path, path: str, key: str) -> None:
    (tree.parent / "out.py").write_bytes(NEW)
    entry = {"path": "a.py", "temporary": "x.tmp", "before": "", "after": ""} | {key: path}
    write_signed(folder / journal.NAME, {"commit_on": "", "entries": [entry]})
    with pytest.raises(WriteRefused, match="not a journal of this version"):
        recover(tree, folder)
    assert (tree.parent / "out.py").read_bytes() == NEW
    assert contents(tree) == all_of(OLD)


def test_a_journal_that_this_account_did_not_sign_is_not_obeyed(
    tree: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    replace_files(tree, THREE, folder, commit_on="abc")
    mine = (folder / journal.NAME).read_bytes()
    unsigned = json.loads(json.loads(mine)["record"]) | {"version": 1}
    other = json.dumps(json.loads(mine) | {"record": json.dumps(unsigned)})
    for record in (json.dumps(unsigned), other, "{}", "[]", "7", "[" * 100_000, "{"):
        (folder / journal.NAME).write_text(record)
        with pytest.raises(WriteRefused, match="journal of this version|not written by this account"):
            recover(tree, folder)
        assert contents(tree) == all_of(NEW)
    (folder / journal.NAME).write_bytes(mine)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another account"))
    with pytest.raises(WriteRefused, match="not written by this account"):
        recover(tree, folder)


def test_the_key_is_made_once_for_this_account_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    one = signature("a", b"text")
    key = tmp_path / FOLDER / "key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert [*key.parent.iterdir()] == [key]
    _found.cache_clear()
    assert signature("a", b"text") == one
    assert signature("b", b"text") != one


def test_a_damaged_key_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "key").write_bytes(b"cut")
    one = signature("a", b"text")
    assert key_problem() == ""
    _found.cache_clear()
    assert signature("a", b"text") == one


def test_without_a_place_for_the_key_files_are_written_all_the_same(
    tree: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no folder").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "no folder"))
    replace_files(tree, THREE, folder, commit_on="abc")
    assert contents(tree) == all_of(NEW)
    assert recover(tree, folder) is not None
    assert contents(tree) == all_of(OLD)


def test_files_are_put_back_when_their_commit_was_not_made(tree: Path, folder: Path) -> None:
    replace_files(tree, THREE, folder, commit_on="abc")
    (tree / "a.py").write_bytes(NEW + b"# by a hook\n")
    (tree / "pkg/b.py").write_bytes(NEW + b"# by the person\n")
    take_back(tree, THREE, folder, ["a.py"])
    assert contents(tree) == {"a.py": OLD, "pkg/b.py": NEW + b"# by the person\n", "pkg/c.py": OLD}
    assert recover(tree, folder) is None


def test_what_a_hook_made_of_the_files_is_read_again(tree: Path, folder: Path) -> None:
    replace_files(tree, THREE, folder)
    (tree / "a.py").write_bytes(NEW + b"# formatted\n")
    first, *others = reread(tree, THREE)
    assert others == THREE[1:]
    assert first.after == NEW + b"# formatted\n"
    assert patched(first.before, first.patches) == first.after


def test_a_change_taken_back_restores_the_bytes() -> None:
    before = b"one two three four"
    patches = (Patch(0, 3, b"1"), Patch(4, 4, b"and "), Patch(8, 13, b""))
    after = patched(before, patches)
    back = reversed_change(FileChange("a.py", before, after, patches))
    assert patched(after, back.patches) == before
    assert reversed_change(back).patches == patches


def test_a_kill_at_any_instant_leaves_old_or_new_and_recovery_settles_it(tree: Path, folder: Path) -> None:
    def start_again() -> None:
        for path in all_of(OLD):
            (tree / path).write_bytes(OLD)

    for step in steps(lambda: replace_files(tree, THREE, folder), start_again):
        shown = {path: data for path, data in contents(tree).items() if not path.endswith(".tmp")}
        assert set(shown) == set(all_of(OLD)), step
        assert set(shown.values()) <= {OLD, NEW}, step
        said = recover(tree, folder)
        assert contents(tree) in (all_of(OLD), all_of(NEW)), (step, said)
        assert recover(tree, folder) is None, step


def test_a_kill_during_recovery_is_recovered_from(tree: Path, folder: Path) -> None:
    def start_again() -> None:
        for path in all_of(OLD):
            (tree / path).write_bytes(OLD)
        replace_files(tree, THREE, folder, commit_on="")

    start_again()
    for step in steps(lambda: recover(tree, folder), start_again):
        recover(tree, folder)
        assert contents(tree) == all_of(OLD), step
    assert contents(tree) == all_of(OLD)
