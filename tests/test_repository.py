"""Asking git: which repository, where HEAD is, how files stand, and what a commit would run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from support.gitbox import TEXT, Box, edited, new_box, own_settings

from modal_wizard.demo.repository import PastCommit, create_repository
from modal_wizard.git.command import Git, RepositoryProblem
from modal_wizard.git.queries import branch_exists, identity
from modal_wizard.git.repository import Repository
from modal_wizard.git.status import FileState, survey


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own_settings(monkeypatch, tmp_path)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return new_box(tmp_path / "work")


def states(git: Git, paths: Sequence[str]) -> dict[str, FileState]:
    """Return how files stand."""
    return {path: seen.state for path, seen in survey(git, paths).items()}


def found(path: Path) -> Repository:
    repository = Repository.find(path)
    assert repository is not None
    return repository


# --- which repository ------------------------------------------------------------------------------------------------


def test_no_repository_is_none(tmp_path: Path) -> None:
    assert Repository.find(tmp_path) is None


@pytest.mark.parametrize("below", ["", "pkg", "pkg/deep.py"])
def test_a_repository_is_found_from_below(box: Box, below: str) -> None:
    with found(box.root / below) as repository:
        assert repository.root == box.root
        assert repository.git_dir == box.root / ".git"


def test_a_root_with_a_line_end_in_its_name(tmp_path: Path) -> None:
    root = tmp_path / "odd\nname $HOME ~ [b]"
    root.mkdir()
    Box(root).git("init", "--quiet")
    with found(root) as repository:
        assert repository.root == root


def test_a_bare_repository_is_refused(tmp_path: Path) -> None:
    Box(tmp_path).git("init", "--quiet", "--bare", "bare.git")
    with pytest.raises(RepositoryProblem, match="a bare repository"):
        Repository.find(tmp_path / "bare.git")


def test_the_git_directory_itself_is_refused(box: Box) -> None:
    with pytest.raises(RepositoryProblem, match="inside of a git directory"):
        Repository.find(box.root / ".git")


def test_a_repository_of_somebody_else_is_refused_with_the_way_out(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(RepositoryProblem, match="belongs to another user") as problem:
        Repository.find(box.root)
    assert "safe.directory" in problem.value.hint


def test_a_broken_repository_is_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: nowhere\n")
    with pytest.raises(RepositoryProblem, match="git cannot be used"):
        Repository.find(tmp_path)


def test_a_repository_without_git_installed_is_said(box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RepositoryProblem, match="git was not found"):
        Repository.find(box.root)


def test_variables_of_a_hook_do_not_lead_elsewhere(box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "another"
    elsewhere.mkdir()
    Box(elsewhere).git("init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(elsewhere / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(elsewhere))
    monkeypatch.setenv("GIT_INDEX_FILE", str(elsewhere / "index"))
    with found(box.root) as repository:
        assert repository.root == box.root
        assert states(repository.git, ["app.py"]) == {"app.py": FileState.CLEAN}


def test_a_worktree_has_its_own_git_directory(box: Box, tmp_path: Path) -> None:
    box.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    with found(tmp_path / "side") as repository:
        assert repository.root == tmp_path / "side"
        assert repository.git_dir == box.root / ".git/worktrees/side"
        assert repository.head().branch == "side"


def test_a_submodule_is_a_repository_of_its_own(box: Box, tmp_path: Path) -> None:
    outer = Box(tmp_path / "outer")
    outer.root.mkdir()
    outer.git("init", "--quiet")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(box.root), "sub")
    with found(outer.root / "sub/pkg") as repository:
        assert repository.root == outer.root / "sub"
    with found(outer.root) as repository:
        assert states(repository.git, ["sub/app.py"]) == {"sub/app.py": FileState.FOREIGN}


def test_importing_the_module_does_not_import_gitpython() -> None:
    code = "import sys, modal_wizard.git.repository; print('git' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# --- where HEAD is ---------------------------------------------------------------------------------------------------


def test_head_on_a_branch(box: Box) -> None:
    with found(box.root) as repository:
        head = repository.head()
    assert (head.branch, head.sha) == ("main", box.head())
    assert box.head().startswith(head.short)


def test_head_detached(box: Box) -> None:
    box.git("checkout", "--quiet", "--detach")
    with found(box.root) as repository:
        assert repository.head().branch is None
        assert repository.head().sha == box.head()


def test_head_unborn(tmp_path: Path) -> None:
    Box(tmp_path).git("init", "--quiet")
    with found(tmp_path) as repository:
        head = repository.head()
    assert (head.branch, head.sha, head.short) == ("main", None, "")


def in_conflict(box: Box, *operation: str) -> None:
    box.git("checkout", "--quiet", "-b", "side")
    box.write("app.py", edited(TEXT, 1, b"theirs"))
    box.commit_all("side")
    box.git("checkout", "--quiet", "main")
    box.write("app.py", edited(TEXT, 1, b"mine"))
    box.commit_all("main")
    box.git(*operation, check=False)


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        (["merge", "side"], "merge"),
        (["rebase", "side"], "rebase"),
        (["cherry-pick", "side"], "cherry-pick"),
        (["bisect", "start"], "bisect"),
    ],
    ids=["merge", "rebase", "cherry-pick", "bisect"],
)
def test_an_operation_in_progress_is_named(box: Box, operation: list[str], name: str) -> None:
    in_conflict(box, *operation)
    with found(box.root) as repository:
        assert repository.busy() == name
        if name != "bisect":
            assert states(repository.git, ["app.py"]) == {"app.py": FileState.UNMERGED}


def test_a_revert_in_progress_is_named(box: Box) -> None:
    in_conflict(box, "status")
    box.write("app.py", edited(TEXT, 1, b"later"))
    box.commit_all()
    box.git("revert", "HEAD~1", check=False)
    with found(box.root) as repository:
        assert repository.busy() == "revert"


def test_nothing_in_progress(box: Box) -> None:
    with found(box.root) as repository:
        assert repository.busy() == ""


# --- how files stand -------------------------------------------------------------------------------------------------


def foo_modified(box: Box) -> None:
    box.write("app.py", edited(TEXT, 1))


def foo_staged(box: Box) -> None:
    foo_modified(box)
    box.git("add", "app.py")


def foo_staged_and_modified(box: Box) -> None:
    foo_staged(box)
    box.write("app.py", edited(edited(TEXT, 1), 40))


def foo_removed_from_index(box: Box) -> None:
    box.git("rm", "--quiet", "--cached", "app.py")


def foo_assume_unchanged(box: Box) -> None:
    box.git("update-index", "--assume-unchanged", "app.py")
    foo_modified(box)


def foo_skip_worktree(box: Box) -> None:
    box.git("update-index", "--skip-worktree", "app.py")


def foo_deleted(box: Box) -> None:
    (box.root / "app.py").unlink()


def foo_executable(box: Box) -> None:
    (box.root / "app.py").chmod(0o755)


def foo_touched(box: Box) -> None:
    os.utime(box.root / "app.py", (1, 1))


def foo_with_other_line_ends(box: Box) -> None:
    box.git("config", "core.autocrlf", "true")
    box.write("app.py", TEXT.replace(b"\n", b"\r\n"))


def foo_staged_with_other_line_ends(box: Box) -> None:
    foo_staged(box)
    box.git("config", "core.autocrlf", "true")
    box.write("app.py", edited(TEXT, 1).replace(b"\n", b"\r\n"))


STATES = [
    (foo_with_other_line_ends, FileState.CLEAN),
    (foo_staged_with_other_line_ends, FileState.STAGED),
    (foo_touched, FileState.CLEAN),
    (foo_modified, FileState.MODIFIED),
    (foo_executable, FileState.MODIFIED),
    (foo_staged, FileState.STAGED),
    (foo_staged_and_modified, FileState.BOTH),
    (foo_removed_from_index, FileState.TAKEN_OUT),
    (foo_assume_unchanged, FileState.ASSUME_UNCHANGED),
    (foo_skip_worktree, FileState.SKIP_WORKTREE),
    (foo_deleted, FileState.MISSING),
]


@pytest.mark.parametrize(("make", "state"), STATES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_tracked_file_is_told_as(box: Box, make: Callable[[Box], None], state: FileState) -> None:
    make(box)
    digest = box.index_digest()
    with found(box.root) as repository:
        assert states(repository.git, ["app.py", "other.py"]) == {"app.py": state, "other.py": FileState.CLEAN}
    assert box.index_digest() == digest


def test_new_files_are_told_apart(box: Box) -> None:
    box.write(".gitignore", b"ignored*\n")
    for path in ("untracked.py", "ignored.py", "ignored_folder/x.py", "intended.py", "added.py", "new/x.py"):
        box.write(path, TEXT)
    box.git("add", "-N", "intended.py")
    box.git("add", "added.py")
    nested = new_box(box.root / "nested")
    with found(box.root) as repository:
        seen = states(
            repository.git,
            "untracked.py ignored.py ignored_folder/x.py intended.py added.py new/x.py nested/app.py".split(),
        )
    assert seen == {
        "untracked.py": FileState.UNTRACKED,
        "ignored.py": FileState.IGNORED,
        "ignored_folder/x.py": FileState.IGNORED,
        "intended.py": FileState.INTENT_TO_ADD,
        "added.py": FileState.ADDED,
        "new/x.py": FileState.UNTRACKED,
        "nested/app.py": FileState.FOREIGN,
    }
    assert nested.status() == []


def test_a_file_behind_a_linked_folder_is_foreign(box: Box) -> None:
    (box.root / "link").symlink_to("pkg")
    with found(box.root) as repository:
        assert states(repository.git, ["link/deep.py"]) == {"link/deep.py": FileState.FOREIGN}


ODD_NAMES = [
    "-x.py",
    "a b.py",
    "new\nline.py",
    "*.py",
    ":(top)x.py",
    "ünï.py",
    "'q\".py",
    "[a]b.py",
    "\x1b[31m.py",
    "tab\t.py",
]


def test_odd_names_are_just_names(box: Box) -> None:
    for path in ODD_NAMES:
        box.write(path, TEXT)
    box.commit_all()
    box.write("*.py", b"changed\n")
    with found(box.root) as repository:
        alone = {path: state for each in ODD_NAMES for path, state in states(repository.git, [each]).items()}
        seen = states(repository.git, [*ODD_NAMES, "app.py"])
    assert alone == {path: seen[path] for path in ODD_NAMES}
    assert seen == dict.fromkeys([*ODD_NAMES, "app.py"], FileState.CLEAN) | {"*.py": FileState.MODIFIED}


def test_more_files_than_one_call_takes(box: Box) -> None:
    paths = [f"many/{n}.py" for n in range(900)]
    for path in paths:
        box.write(path, b"x\n")
    box.commit_all()
    box.write(paths[-1], b"y\n")
    with found(box.root) as repository:
        seen = states(repository.git, paths)
    assert [path for path in paths if seen[path] is not FileState.CLEAN] == [paths[-1]]


def test_settings_of_the_person_do_not_change_the_answers(box: Box) -> None:
    for setting in ("color.ui=always", "status.short=true", "status.branch=true", "status.relativePaths=true"):
        box.git("config", *setting.split("="))
    for setting in ("core.quotePath=true", "status.showUntrackedFiles=no", "status.renames=copies"):
        box.git("config", *setting.split("="))
    foo_staged_and_modified(box)
    box.write("untracked.py", b"x\n")
    with found(box.root / "pkg") as repository:
        seen = states(repository.git, ["app.py", "untracked.py", "pkg/deep.py"])
    assert list(seen.values()) == [FileState.BOTH, FileState.UNTRACKED, FileState.CLEAN]


def test_asking_runs_nothing_of_the_repository(box: Box, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    trap = box.write("../trap.sh", f"#!/bin/sh\necho $0 >> {ran}\n".encode())
    trap.chmod(0o755)
    settings = {
        "core.fsmonitor": trap,
        "core.pager": trap,
        "diff.external": trap,
        "core.editor": trap,
        "pager.log": trap,
    }
    for name, value in settings.items():
        box.git("config", name, str(value))
    box.git("config", "log.showSignature", "true")
    box.git("config", "gpg.program", str(trap))
    for name in ("post-index-change", "pre-commit", "post-checkout"):
        box.hook(name, f"echo {name} >> {ran}")
    os.utime(box.root / "app.py", (1, 1))
    ran.unlink(missing_ok=True)
    with found(box.root) as repository:
        states(repository.git, ["app.py"])
        repository.head()
        identity(repository.git)
        repository.hooks()
        repository.signing()
        repository.dirty_in_words()
        repository.recover()
    assert not ran.exists()
    assert not repository.state_folder.exists()


def test_changes_are_told_by_their_number(box: Box) -> None:
    with found(box.root) as repository:
        assert repository.dirty_in_words() == ""
        foo_modified(box)
        assert repository.dirty_in_words() == "1 changed file"
        box.write("brand_new.py", b"mine\n")
        assert repository.dirty_in_words() == "1 changed file, 1 untracked file"


# --- what a commit would run -----------------------------------------------------------------------------------------


def test_identity(box: Box) -> None:
    with found(box.root) as repository:
        assert identity(repository.git) == "P <p@example.invalid>"
        box.git("config", "user.useConfigOnly", "true")
        box.git("config", "--global", "--unset", "user.email")
        assert identity(repository.git) == ""


@pytest.mark.parametrize("folder", [".git/hooks", ".husky", "absolute"])
def test_hooks_are_found_where_they_are(box: Box, tmp_path: Path, folder: str) -> None:
    place = str(tmp_path / "hooks") if folder == "absolute" else folder
    box.hook("pre-commit", "exit 0", place)
    box.hook("pre-push", "exit 0", place)
    box.hook("commit-msg", "exit 0", place)
    (box.root / place / "commit-msg").chmod(0o644)
    if folder != ".git/hooks":
        box.git("config", "core.hooksPath", place)
    with found(box.root / "pkg") as repository:
        assert repository.hooks() == ("pre-commit",)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ""),
        ({"commit.gpgSign": "yes"}, "openpgp"),
        ({"commit.gpgSign": "true", "gpg.format": "ssh"}, "ssh"),
        ({"commit.gpgSign": "false", "gpg.format": "ssh"}, ""),
    ],
    ids=["unset", "openpgp", "ssh", "off"],
)
def test_signing(box: Box, settings: dict[str, str], expected: str) -> None:
    for name, value in settings.items():
        box.git("config", name, value)
    with found(box.root) as repository:
        assert repository.signing() == expected


# --- branches and new repositories -----------------------------------------------------------------------------------


def test_a_branch_is_made_around_the_persons_work(box: Box) -> None:
    foo_staged_and_modified(box)
    before = box.status()
    with found(box.root) as repository:
        assert not branch_exists(repository.git, "modal-1.0")
        repository.create_branch("modal-1.0")
        assert branch_exists(repository.git, "modal-1.0")
        assert repository.head().branch == "modal-1.0"
        with pytest.raises(RepositoryProblem, match="already"):
            repository.create_branch("main")
    assert box.status() == before


@pytest.mark.parametrize("name", ["-f", "a..b", "", "a b", "x.lock", "--orphan"])
def test_a_name_that_no_branch_can_have_is_refused(box: Box, name: str) -> None:
    with found(box.root) as repository, pytest.raises(RepositoryProblem, match="not a name"):
        repository.create_branch(name)


def test_a_made_repository_is_independent_of_the_persons_settings(tmp_path: Path) -> None:
    own = Box(tmp_path / "demo")
    own.root.mkdir()
    hooks = tmp_path / "hooks"
    own.hook("pre-commit", "exit 1", str(hooks))
    (tmp_path / "ignore").write_text("*.py\n")
    for name, value in {
        "commit.gpgSign": "true",
        "gpg.program": "false",
        "core.hooksPath": str(hooks),
        "core.excludesFile": str(tmp_path / "ignore"),
        "core.autocrlf": "input",
    }.items():
        own.git("config", "--global", name, value)
    own.write("a.py", b"a\r\n")
    own.write("b.py", b"b\n")
    create_repository(
        own.root, [PastCommit("First", "2025-01-14T10:12:00+01:00", ("a.py",)), PastCommit("Second", "", ("b.py",))]
    )
    with found(own.root) as repository:
        assert repository.git.ask("log", "--format=%s").text == "Second\nFirst"
        assert repository.head().branch == "main"
    assert own.committed("a.py", "HEAD~1") == b"a\r\n"
    assert own.git("log", "-1", "--format=%aI", "HEAD~1").strip() == b"2025-01-14T10:12:00+01:00"
    assert own.status() == []
