"""What a repository brings along is data: it leads to no other repository, and nothing of it is waited for or run."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.gitbox import Box, new_box, opened, own_settings
from support.pilot import git, make_repository

from modal_wizard.cli.main import main
from modal_wizard.files.backup import this_run
from modal_wizard.files.change import FileChange
from modal_wizard.files.signed import _found
from modal_wizard.files.transaction import replace_files
from modal_wizard.migration.open import open_migration
from modal_wizard.process.platform import find_program
from modal_wizard.session.decisions import PENDING
from modal_wizard.session.drafts import drafts_beside
from modal_wizard.session.log import FORMAT

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
LEGACY = "import modal\napp = modal.App()\n\n\n@app.function(keep_warm=1)\ndef f(): ...\n"
COMMANDS = [["scan"], ["apply", "--all", "--commit"], ["--plain"], ["restore", "--list"]]


@pytest.fixture
def victim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    """A repository of the person's that a foreign tree would like to reach."""
    own_settings(monkeypatch, tmp_path)
    return new_box(tmp_path / "victim")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree as it came in an archive."""
    root = tmp_path / "tree"
    root.mkdir()
    (root / "app.py").write_text(LEGACY)
    return root


def everything(root: Path) -> dict[str, bytes]:
    return {str(place): place.read_bytes() for place in sorted(root.rglob("*")) if place.is_file()}


def to_another(root: Path, victim: Box) -> None:
    (root / ".git").write_text(f"gitdir: {victim.root}/.git\n")


def linked_to_another(root: Path, victim: Box) -> None:
    (root / ".git").symlink_to(victim.root / ".git")


def to_a_worktree_of_another(root: Path, victim: Box) -> None:
    victim.git("worktree", "add", "--quiet", str(victim.root.parent / "side"))
    (root / ".git").write_text(f"gitdir: {victim.root}/.git/worktrees/side\n")


def to_a_plain_folder(root: Path, victim: Box) -> None:
    (root / ".git").write_text(f"gitdir: {victim.root}/pkg\n")


def to_nothing(root: Path, victim: Box) -> None:
    (root / ".git").write_text("gitdir: nowhere\n")


def with_a_submodule_of_another(root: Path, victim: Box) -> None:
    inner = victim.root / ".git/modules/inner"
    inner.parent.mkdir()
    victim.git("init", "--quiet", "--separate-git-dir", str(inner), str(victim.root / "inner"))
    victim.git("--git-dir", str(inner), "config", "core.worktree", "../../../inner")
    (root / ".git").write_text(f"gitdir: {inner}\n")


def a_pipe(root: Path, victim: Box) -> None:
    os.mkfifo(root / ".git")


def with_pipes(name: str) -> Callable[[Path, Box], None]:
    def make(root: Path, victim: Box) -> None:
        Box(root).git("init", "--quiet")
        (root / ".git" / name).unlink(missing_ok=True)
        os.mkfifo(root / ".git" / name)

    return make


def with_a_link(name: str, to: str) -> Callable[[Path, Box], None]:
    def make(root: Path, victim: Box) -> None:
        Box(root).git("init", "--quiet", "--initial-branch=main")
        place = root / ".git" / name
        if place.is_dir():
            shutil.rmtree(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(victim.root / to)

    return make


def with_a_nul(root: Path, victim: Box) -> None:
    (root / ".git").write_text("gitdir: ../a\0b\n")


def with_a_long_name(root: Path, victim: Box) -> None:
    Box(root).git("init", "--quiet", "--separate-git-dir", str(root.parent / "kept.git"))
    (root.parent / "kept.git/commondir").write_text("x" * 300 + "\n")


def in_a_circle(root: Path, victim: Box) -> None:
    (root / ".git").write_text("gitdir: round\n")
    (root / "round").symlink_to("round")


FAULTS = {
    "a name with a NUL": with_a_nul,
    "a name that is too long": with_a_long_name,
    "a link to itself": in_a_circle,
    "another repository": to_another,
    "a link to another repository": linked_to_another,
    "a work tree of another": to_a_worktree_of_another,
    "a submodule of another": with_a_submodule_of_another,
    "a plain folder": to_a_plain_folder,
    "nothing": to_nothing,
    "a pipe": a_pipe,
    "a pipe as HEAD": with_pipes("HEAD"),
    "a pipe as packed-refs": with_pipes("packed-refs"),
    "a pipe as index": with_pipes("index"),
    "a pipe as config": with_pipes("config"),
    "a pipe as what is excluded": with_pipes("info/exclude"),
    "a link as where commit messages are edited": with_a_link("COMMIT_EDITMSG", "app.py"),
    "a link as the log of HEAD": with_a_link("logs/HEAD", "app.py"),
    "a link as the log of the branch": with_a_link("logs/refs/heads/main", "app.py"),
    "the branches of another repository": with_a_link("refs/heads", ".git/refs/heads"),
    "a pipe as where commit messages are edited": with_pipes("COMMIT_EDITMSG"),
    "a pipe as alternates": with_pipes("objects/info/alternates"),
}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("make", FAULTS.values(), ids=FAULTS)
def test_a_git_that_is_not_the_trees_own_is_refused_before_anything_is_read_or_written_there(
    tree: Path,
    victim: Box,
    make: Callable[[Path, Box], None],
    command: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    make(tree, victim)
    before = everything(victim.root)
    assert main([*command, str(tree)]) == 2
    said = capsys.readouterr().err
    assert "is not followed" in said
    assert "Repair or remove it" in said
    assert everything(victim.root) == before
    assert (tree / "app.py").read_text() == LEGACY


def test_a_repository_with_its_git_directory_elsewhere_is_worked_in(tree: Path, victim: Box, tmp_path: Path) -> None:
    box = Box(tree)
    box.git("init", "--quiet", "--separate-git-dir", str(tmp_path / "kept.git"))
    box.commit_all()
    assert main(["apply", "--commit", str(tree)]) == 0
    assert box.status() == []


@pytest.mark.parametrize("entry", [".", "", "bin", "absolute"])
def test_a_program_of_the_tree_is_not_run(tree: Path, victim: Box, tmp_path: Path, entry: str) -> None:
    Box(tree).git("init", "--quiet")
    ran = tmp_path / "ran"
    for folder in (tree, tree / "bin"):
        for name in ("git", "ps"):
            place = folder / name
            place.parent.mkdir(exist_ok=True)
            place.write_text(f"#!/bin/sh\ntouch {ran}\nexit 1\n")
            place.chmod(0o755)
    first = str(tree / "bin") if entry == "absolute" else entry
    done = subprocess.run(
        [sys.executable, "-m", "modal_wizard", "apply", "--all", "--commit", str(tree)],
        cwd=tree,
        env={**os.environ, "PATH": f"{first}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not ran.exists()
    assert "no commit yet" in done.stderr


def test_a_program_is_found_by_an_absolute_way_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "tool"
    place.write_text("#!/bin/sh\n")
    place.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", str(tmp_path)]))
    assert find_program("tool") == str(place)
    assert find_program("tool", str(tmp_path)) is None
    assert find_program("./tool") == "./tool"


OPENING = [["scan"], ["apply", "--allow-no-vcs", "--section", "gpu"], ["--plain"]]


@pytest.mark.parametrize("command", OPENING, ids=" ".join)
def test_a_journal_that_came_with_the_tree_is_not_obeyed(
    tree: Path, victim: Box, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = {"path": "app.py", "temporary": "x.tmp", "before": "", "after": base64.b64encode(LEGACY.encode()).decode()}
    record = {"version": 1, "commit_on": "", "entries": [entry]}
    (tree / ".modal-wizard").mkdir()
    (tree / ".modal-wizard/write.json").write_text(json.dumps(record))
    (tree / "x.tmp").write_text("mine")
    before = everything(tree)
    monkeypatch.setattr("sys.stdin", io.StringIO("q\n"))
    main([*command, str(tree)])
    assert everything(tree) == before


@pytest.fixture
def unpacked(tree: Path, victim: Box) -> Box:
    """A repository that came in an archive, its git directory with it."""
    box = Box(tree)
    box.git("init", "--quiet")
    (tree / "mine.txt").write_text("mine\n")
    box.commit_all()
    (tree / ".git/modal-wizard").mkdir()
    return box


EVIL = "import modal  # evil\n"


def as_an_older_version_wrote(box: Box, name: str, record: object) -> None:
    (box.root / ".git/modal-wizard" / name).write_text(json.dumps(record))


@pytest.mark.parametrize("command", COMMANDS[1:3], ids=" ".join)
@pytest.mark.parametrize("name", ["write.json", "commit.json"])
def test_a_journal_in_a_git_directory_that_came_with_the_tree_is_not_obeyed(
    unpacked: Box, command: list[str], name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    after, evil = (base64.b64encode(each.encode()).decode() for each in (LEGACY, EVIL))
    entry = {"path": "app.py", "temporary": "mine.txt", "before": evil, "after": after}
    parent, blob = (
        os.fsdecode(unpacked.git(*words)).strip()
        for words in (["rev-parse", "HEAD"], ["hash-object", "-w", "mine.txt"])
    )
    due = {"path": "app.py", "known": [], "target": ["100644", blob]}
    records = {
        "write.json": {"version": 1, "commit_on": None, "entries": [entry]},
        "commit.json": {"parent": parent, "token": "../../../mine.txt", "dues": [due], "earlier": []},
    }
    as_an_older_version_wrote(unpacked, name, records[name])
    before = everything(unpacked.root)
    monkeypatch.setattr("sys.stdin", io.StringIO("q\n"))
    main([*command, str(unpacked.root)])
    said = capsys.readouterr()
    assert "was not written by this account" in said.out + said.err
    assert {**everything(unpacked.root), **before} == everything(unpacked.root)
    assert os.fsdecode(unpacked.git("rev-parse", "HEAD")).strip() == parent


@pytest.mark.parametrize("how", ["link", "objects", "commondir"])
def test_originals_are_kept_in_no_other_repository(
    tree: Path, victim: Box, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    box = Box(tree)
    box.git("init", "--quiet", "--initial-branch=main")
    box.commit_all()
    ours, theirs = tree / ".git/modal-wizard/backups.git", victim.root / ".git"
    ours.parent.mkdir()
    if how == "link":
        ours.symlink_to(theirs)
    else:
        box.git("init", "--quiet", "--bare", str(ours))
        (ours / "commondir").write_text(f"{theirs}\n") if how == "commondir" else None
    if how == "objects":
        shutil.rmtree(ours / "objects")
        (ours / "objects").symlink_to(theirs / "objects")
    before = everything(victim.root)
    assert main(["apply", "--commit", str(tree)]) == 2
    assert f"The originals cannot be kept in {ours}" in capsys.readouterr().err
    assert main(["restore", "--list", str(tree)]) == 0
    assert everything(victim.root) == before
    assert (tree / "app.py").read_text() == LEGACY


def test_decisions_that_came_with_the_tree_are_read_and_typed_text_is_not(unpacked: Box) -> None:
    found = open_migration(unpacked.root)
    list(found.scan())
    one = found.findings()[0]
    typed = {"path": "app.py", "start": 0, "end": len("import modal\n"), "text": EVIL}
    decided = [
        {"finding": one.id, "status": "edited", "choice": "", "typed": typed},
        {"finding": "gpu:other", "status": "skipped", "reason": "theirs"},
    ]
    lines = [FORMAT, {"event": "signed", "by": "0" * 64}, {"event": "decide", "label": "", "decisions": decided}]
    file = unpacked.root / ".git/modal-wizard/session.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    session = open_migration(unpacked.root).session
    assert session.decision("gpu:other").reason == "theirs"
    assert session.decision(one.id) == PENDING
    assert "brought along by the repository" in session.notes[0]
    assert "1 typed text waits" in session.notes[0]
    assert drafts_beside(file).find(one.id, "whatever is there") == EVIL.rstrip()
    again = open_migration(unpacked.root).session
    assert (again.decision(one.id), again.notes) == (PENDING, [])
    moved = unpacked.root.with_name("moved")
    unpacked.root.rename(moved)
    assert "brought along" in open_migration(moved).session.notes[0]


def test_a_backup_in_a_git_directory_that_came_with_the_tree_comes_back_only_by_name(
    unpacked: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["apply", str(unpacked.root)]) == 0
    written = (unpacked.root / "app.py").read_text()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another account"))
    capsys.readouterr()
    assert main(["restore", "--list", str(unpacked.root)]) == 0
    listed = capsys.readouterr().out
    assert "came with the repository" in listed
    assert main(["restore", str(unpacked.root)]) == 2
    assert "Nothing was changed" in capsys.readouterr().err
    assert (unpacked.root / "app.py").read_text() == written
    assert main(["restore", "--backup", listed.split()[0], str(unpacked.root)]) == 0
    assert (unpacked.root / "app.py").read_text() == LEGACY


def test_a_backup_that_came_with_the_tree_is_not_taken_for_ours(
    tree: Path, victim: Box, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tree / ".modal-wizard/backup/99990101-000000-aaaaaa"
    (run / "files").mkdir(parents=True)
    (run / "files/app.py").write_text("theirs\n")
    (run / "backup.json").write_text(json.dumps({"app.py": "digest"}))
    assert main(["apply", "--allow-no-vcs", str(tree)]) == 0
    capsys.readouterr()
    assert main(["restore", str(tree)]) == 0
    assert "99990101" not in capsys.readouterr().out
    assert (tree / "app.py").read_text() == LEGACY


def test_what_is_kept_of_one_folder_is_not_that_of_another(tree: Path, victim: Box, tmp_path: Path) -> None:
    assert main(["apply", "--allow-no-vcs", str(tree)]) == 0
    other = tmp_path / "other"
    tree.rename(other)
    assert main(["restore", str(other)]) == 2


def reported(root: Path, place: Path) -> int:
    return main(["apply", "--section", "gpu", "--report", str(place), str(root)])


@pytest.mark.parametrize("kind", ["file", "folder", "pipe"])
def test_a_report_follows_no_link_of_the_repository(
    victim: Box, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "report.md").write_text("mine\n")
    place = victim.root / "report.md"
    if kind == "file":
        place.symlink_to(mine / "report.md")
    elif kind == "folder":
        (victim.root / "docs").symlink_to(mine)
        place = victim.root / "docs/report.md"
    else:
        os.mkfifo(place)
    assert reported(victim.root, place) == 2
    assert "was not written" in capsys.readouterr().err
    assert (mine / "report.md").read_text() == "mine\n"


def test_a_report_goes_where_the_person_says(victim: Box, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "far").symlink_to(tmp_path / "real")
    for place in (victim.root / "report.md", tmp_path / "far/report.md", tmp_path / "plain.md"):
        assert reported(victim.root, place) == 0
        assert reported(victim.root, place) == 0
        assert "Migration to Modal" in place.read_text()


def test_where_the_key_cannot_be_kept_it_is_said_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_repository(tmp_path / "shop")
    (tmp_path / "no folder").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "no folder"))
    why = "the key that it is signed by cannot be kept in"
    assert main(["apply", "--section", "autoscaler", str(root)]) == 0
    assert f"will not be known as yours later, as {why}" in capsys.readouterr().err
    migration = open_migration(root)
    for _ in migration.scan():
        pass
    migration.accept_all(migration.findings())
    assert any(why in note for note in migration.session.notes)
    with opened(Box(root)) as repository:
        change = FileChange("desk.py", (root / "desk.py").read_bytes(), b"half written\n", ())
        repository.backups.keep([change], "lookup")
        replace_files(root, [change], repository.state_folder, commit_on=repository.head().sha)

    _found.cache_clear()  # as for a new process
    assert any(f"or by you, as {why}" in note for note in open_migration(root).session.notes)
    assert main(["apply", str(root)]) == 2
    assert f"or this account did, as {why}" in capsys.readouterr().err
    (root / ".git/modal-wizard/write.json").unlink()
    assert main(["restore", str(root)]) == 2
    assert f"or this account did, as {why}" in capsys.readouterr().err
    assert main(["restore", "--backup", this_run(), str(root)]) == 0
    assert git(root, "status", "--porcelain") == ""
