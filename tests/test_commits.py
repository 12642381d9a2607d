"""Committing: our changes and nothing else, whatever the person has modified, staged, hooked or configured."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.gitbox import (
    MESSAGE,
    NEW,
    OLD,
    OURS,
    TEXT,
    Box,
    change_of,
    commit_and_die,
    edited,
    land,
    new_box,
    opened,
    ours,
    own_settings,
)
from support.killing import steps

from modal_wizard.files.transaction import replace_files
from modal_wizard.git.command import RepositoryProblem
from modal_wizard.git.failures import CommitFailed
from modal_wizard.git.permissions import CommitPolicy, Permission, Permissions
from modal_wizard.git.preflight import CommitRefused
from modal_wizard.git.status import FileState, index_entries, index_state
from modal_wizard.reports.refusal import OPTIONS, text_of

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
ABOVE, BELOW = 1, 40
EVERY = int(os.environ.get("MODAL_WIZARD_KILL_EVERY", "13"))
"""Which steps of a commit are killed at: 1 for each of them, which takes minutes."""


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own_settings(monkeypatch, tmp_path)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return new_box(tmp_path / "work")


# --- the person's own work -------------------------------------------------------------------------------------------


def test_a_clean_file_is_committed(box: Box) -> None:
    parent = box.head()
    box.git("update-index", "--assume-unchanged", "other.py")
    made = land(box)
    assert (made.sha, made.branch, made.files, made.left_uncommitted) == (box.head(), "main", ("app.py",), ())
    assert made.sha.startswith(made.short)
    assert box.git("rev-parse", "HEAD^").decode().strip() == parent
    assert box.committed("app.py") == ours(TEXT)
    assert box.in_last_commit() == ["app.py"]
    assert box.git("diff-files") == b""  # before anything looks at the files for the index
    assert box.git("write-tree") == box.git("rev-parse", "HEAD^{tree}")
    assert b"h other.py" in box.git("ls-files", "-v").splitlines()
    assert box.status() == []
    assert box.git("log", "-1", "--format=%B").decode() == MESSAGE + "\n"


def test_what_the_index_has_after_a_commit_is_known_as_git_tells_it(box: Box) -> None:
    with opened(box) as repository:
        repository.land([change_of(box)], MESSAGE, CommitPolicy(Permissions().granted))
        state, known = repository.git.entries
        assert state == index_state(repository.git)
        assert "app.py" in known
        repository.git.entries = None, {}
        assert index_entries(repository.git, known) == {path: each for path, each in known.items() if each}
        box.git("add", "--chmod=+x", "app.py")
        blob = index_entries(repository.git, ["app.py"])["app.py"].blob
    assert blob is not None
    assert blob.mode == "100755"


def test_other_work_of_the_person_stays_as_it_is(box: Box) -> None:
    box.write("other.py", b"staged\n")
    box.git("add", "other.py")
    box.write("other.py", b"staged\nand modified\n")
    box.write("pkg/deep.py", b"modified\n")
    box.write("new.py", b"new and staged\n")
    box.git("add", "new.py")
    box.write("intended.py", b"x\n")
    box.git("add", "-N", "intended.py")
    box.write("untracked.py", b"x\n")
    before = box.status()
    land(box)
    assert box.status() == before
    assert box.staged("other.py") == b"staged\n"
    assert box.in_last_commit() == ["app.py"]


def test_lines_of_the_person_in_the_same_file_stay_uncommitted(box: Box) -> None:
    theirs = edited(edited(TEXT, ABOVE), BELOW)
    box.write("app.py", theirs)
    land(box, dirty=True)
    assert box.committed("app.py") == ours(TEXT)
    assert box.staged("app.py") == ours(TEXT)
    assert box.read("app.py") == ours(theirs)
    assert box.status() == [" M app.py"]


def test_staged_lines_of_the_person_in_the_same_file_stay_staged(box: Box) -> None:
    theirs = edited(TEXT, ABOVE)
    box.write("app.py", theirs)
    box.git("add", "app.py")
    land(box, staged=True)
    assert box.committed("app.py") == ours(TEXT)
    assert box.staged("app.py") == ours(theirs)
    assert box.read("app.py") == ours(theirs)
    assert box.status() == ["M  app.py"]


def test_a_partly_staged_file_stays_partly_staged(box: Box) -> None:
    staged = edited(TEXT, ABOVE)
    box.write("app.py", staged)
    box.git("add", "app.py")
    theirs = edited(staged, BELOW)
    box.write("app.py", theirs)
    land(box, dirty=True, staged=True)
    assert box.committed("app.py") == ours(TEXT)
    assert box.staged("app.py") == ours(staged)
    assert box.read("app.py") == ours(theirs)
    assert box.status() == ["MM app.py"]


def test_clean_and_unclean_files_make_one_commit(box: Box) -> None:
    theirs = edited(TEXT, ABOVE)
    box.write("app.py", theirs)
    box.write("other.py", b"staged\n")
    box.git("add", "other.py")
    made = land(box, ("app.py", "pkg/deep.py"), dirty=True)
    assert made.files == ("app.py", "pkg/deep.py")
    assert box.in_last_commit() == ["app.py", "pkg/deep.py"]
    assert box.committed("pkg/deep.py") == box.committed("app.py") == ours(TEXT)
    assert box.status() == [" M app.py", "M  other.py"]


def test_lines_that_the_person_added_and_removed_shift_ours(box: Box) -> None:
    lines = TEXT.splitlines(keepends=True)
    theirs = b"".join([b"new\n", *lines[:4], *lines[9:], b"end\n"])
    box.write("app.py", theirs)
    land(box, dirty=True)
    assert box.committed("app.py") == ours(TEXT)
    assert box.read("app.py") == ours(theirs)


def test_lines_next_to_ours_are_not_ours(box: Box) -> None:
    theirs = edited(edited(TEXT, OURS - 1), OURS + 1)
    box.write("app.py", theirs)
    land(box, dirty=True)
    assert box.committed("app.py") == ours(TEXT)
    assert box.read("app.py") == ours(theirs)


def test_a_mode_that_the_person_changed_is_not_committed(box: Box) -> None:
    (box.root / "app.py").chmod(0o755)
    land(box, dirty=True)
    assert box.git("ls-tree", "HEAD", "app.py").startswith(b"100644")
    assert os.access(box.root / "app.py", os.X_OK)
    assert box.git("diff", "--raw").startswith(b":100644 100755")


def test_executable_files_stay_executable(box: Box) -> None:
    (box.root / "app.py").chmod(0o755)
    box.commit_all()
    land(box)
    assert box.git("ls-tree", "HEAD", "app.py").startswith(b"100755")
    assert box.status() == []


@pytest.mark.parametrize("staged", [False, True], ids=["unstaged", "staged"])
def test_overlap_is_refused_whatever_is_allowed(box: Box, staged: bool) -> None:
    box.write("app.py", edited(TEXT, OURS, OLD + b"  # mine"))
    if staged:
        box.git("add", "app.py")
    digest = box.index_digest()
    with pytest.raises(CommitRefused, match=f"app.py: .*meet in line {OURS}") as refused:
        land(box, dirty=True, staged=True)
    assert refused.value.refusals[0].lifted_by == ()
    assert box.read("app.py") == edited(TEXT, OURS, OLD + b"  # mine")
    assert box.index_digest() == digest


def modified(box: Box) -> None:
    box.write("app.py", edited(TEXT, ABOVE))


def staged(box: Box) -> None:
    modified(box)
    box.git("add", "app.py")


def staged_and_modified(box: Box) -> None:
    staged(box)
    box.write("app.py", edited(edited(TEXT, ABOVE), BELOW))


def assume_unchanged(box: Box) -> None:
    box.git("update-index", "--assume-unchanged", "app.py")


def skip_worktree(box: Box) -> None:
    box.git("update-index", "--skip-worktree", "app.py")


def taken_out(box: Box) -> None:
    box.git("rm", "--quiet", "--cached", "app.py")


@pytest.mark.parametrize(
    ("make", "state", "options"),
    [
        (taken_out, FileState.TAKEN_OUT, ("--allow-staged",)),
        (modified, FileState.MODIFIED, ("--allow-dirty",)),
        (staged, FileState.STAGED, ("--allow-staged",)),
        (staged_and_modified, FileState.BOTH, ("--allow-dirty", "--allow-staged")),
        (assume_unchanged, FileState.ASSUME_UNCHANGED, ()),
        (skip_worktree, FileState.SKIP_WORKTREE, ()),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_refusal_names_file_state_and_option(
    box: Box, make: Callable[[Box], None], state: FileState, options: tuple[str, ...]
) -> None:
    make(box)
    digest, text = box.index_digest(), box.read("app.py")
    with pytest.raises(CommitRefused) as refused:
        land(box)
    (refusal,) = refused.value.refusals
    assert (refusal.path, refusal.state) == ("app.py", state)
    assert tuple(OPTIONS[permission] for permission in refusal.lifted_by) == options
    assert all(word in text_of(refused.value) for word in ("app.py", state.value, *options))
    assert (box.index_digest(), box.read("app.py")) == (digest, text)


def test_files_that_no_commit_has_are_written_and_never_added(box: Box) -> None:
    box.write(".gitignore", b"ignored.py\n")
    box.commit_all()
    left = ("untracked.py", "ignored.py", "intended.py", "added.py", "other.py")
    for path in left:
        box.write(path, TEXT)
    box.git("add", "-N", "intended.py")
    box.git("add", "added.py")
    box.git("rm", "--quiet", "--cached", "other.py", "--force")
    paths = ("app.py", *left)
    made = land(box, paths, dirty=True, staged=True)
    assert made.files == ("app.py",)
    assert made.left_uncommitted == left
    assert made.left_in_words.startswith("only written, as new to git or taken out of it: untracked.py, ignored.py")
    assert box.in_last_commit() == ["app.py"]
    assert box.status() == [" A intended.py", "?? other.py", "?? untracked.py", "AM added.py", "D  other.py"]
    assert box.staged("added.py") == TEXT
    assert all(box.read(path) == ours(TEXT) for path in paths)


def test_nothing_to_commit_makes_no_commit(box: Box) -> None:
    box.write("untracked.py", TEXT)
    head = box.head()
    made = land(box, ("untracked.py",))
    assert (made.sha, made.files, made.left_uncommitted) == ("", (), ("untracked.py",))
    assert box.head() == head
    assert box.read("untracked.py") == ours(TEXT)


def test_odd_names_are_committed(box: Box) -> None:
    names = ["-x.py", "a b.py", "new\nline.py", "*.py", ":(top)x.py", "ünï.py", "'q\".py", "[a]b.py", "-e.py"]
    for name in [*names, "y.py"]:
        box.write(name, TEXT)
    box.commit_all()
    box.write("y.py", edited(TEXT, ABOVE))
    land(box, names)
    assert box.in_last_commit() == sorted(names)
    box.write("-x.py", edited(box.read("-x.py").replace(NEW, OLD), BELOW))
    box.commit_all()
    box.write("-x.py", edited(box.read("-x.py"), ABOVE))
    land(box, ["-x.py"], dirty=True)
    assert box.in_last_commit() == ["-x.py"]
    assert box.status() == [" M -x.py"]


def test_more_files_than_a_command_line_takes(box: Box) -> None:
    paths = [f"many/{n}.py" for n in range(450)]
    for path in paths:
        box.write(path, TEXT)
    box.commit_all()
    assert land(box, paths).files == tuple(paths)
    assert box.in_last_commit() == sorted(paths)
    assert box.status() == []


# --- kinds of repositories -------------------------------------------------------------------------------------------


def test_a_detached_head_moves(box: Box) -> None:
    box.git("checkout", "--quiet", "--detach")
    made = land(box)
    assert made.branch is None
    assert box.head() == made.sha
    assert box.git("rev-parse", "main").decode().strip() != made.sha


def test_an_unborn_branch_is_refused(tmp_path: Path) -> None:
    empty = Box(tmp_path / "empty")
    empty.root.mkdir()
    empty.git("init", "--quiet")
    empty.write("app.py", TEXT)
    with pytest.raises(CommitRefused, match="main has no commit yet"):
        land(empty)
    assert empty.read("app.py") == TEXT


def test_a_worktree_commits_on_its_own_branch(box: Box, tmp_path: Path) -> None:
    side = Box(tmp_path / "side")
    box.git("worktree", "add", "--quiet", "-b", "side", str(side.root))
    side.write("app.py", edited(TEXT, ABOVE))
    made = land(side, ("app.py", "pkg/deep.py"), dirty=True)
    assert made.branch == "side"
    assert side.status() == [" M app.py"]
    assert box.status() == []


def test_a_sparse_checkout_keeps_what_is_not_checked_out(box: Box) -> None:
    box.write("far/away.py", TEXT)
    box.commit_all()
    box.git("sparse-checkout", "set", "--cone", "pkg")
    assert not (box.root / "far").exists()
    land(box)
    box.write("pkg/deep.py", edited(TEXT, ABOVE))
    land(box, ["pkg/deep.py"], dirty=True)
    assert box.in_last_commit() == ["pkg/deep.py"]
    assert box.status() == [" M pkg/deep.py"]
    assert box.committed("far/away.py") == TEXT


def test_a_shallow_clone_is_committed_to(box: Box, tmp_path: Path) -> None:
    box.write("other.py", b"later\n")
    box.commit_all()
    clone = Box(tmp_path / "clone")
    box.git("clone", "--quiet", "--depth=1", f"file://{box.root}", str(clone.root))
    land(clone)
    assert clone.in_last_commit() == ["app.py"]


def test_a_merge_in_progress_is_refused_by_name(box: Box) -> None:
    box.git("checkout", "--quiet", "-b", "side")
    box.write("other.py", b"theirs\n")
    box.commit_all()
    box.git("checkout", "--quiet", "main")
    box.write("other.py", b"mine\n")
    box.commit_all()
    box.git("merge", "side", check=False)
    with pytest.raises(CommitRefused, match="A merge is in progress"):
        land(box)
    assert box.read("app.py") == TEXT


def test_a_held_index_is_said(box: Box) -> None:
    lock = box.write(".git/index.lock", b"")
    with pytest.raises(CommitRefused, match=r"index\.lock") as refused:
        land(box)
    assert "delete that file" in refused.value.hint
    assert box.read("app.py") == TEXT
    lock.unlink()
    assert land(box).files == ("app.py",)


# --- bytes -----------------------------------------------------------------------------------------------------------

CRLF = TEXT.replace(b"\n", b"\r\n")


def lf_in_git_crlf_outside(box: Box) -> bytes:
    box.git("config", "core.autocrlf", "true")
    return CRLF


def crlf_in_git(box: Box) -> bytes:
    box.write("app.py", CRLF)
    box.commit_all()
    box.git("config", "core.autocrlf", "true")
    return CRLF


def crlf_in_git_and_input(box: Box) -> bytes:
    box.write("app.py", CRLF)
    box.commit_all()
    box.git("config", "core.autocrlf", "input")
    return CRLF


def eol_attribute(box: Box) -> bytes:
    box.write(".gitattributes", b"*.py text eol=crlf\n")
    box.commit_all()
    return CRLF


def mixed_line_ends(box: Box) -> bytes:
    mixed = TEXT.replace(b"line 3\n", b"line 3\r\n").replace(b"line 30\n", b"line 30 \t\x0c\r\n") + b"no end"
    box.write("app.py", mixed)
    box.commit_all()
    return mixed


def latin_1(box: Box) -> bytes:
    text = b"\xef\xbb\xbf# \xe9\xff\x00\n" + TEXT
    box.write("app.py", text)
    box.commit_all()
    return text


def clean_filter(box: Box) -> bytes:
    box.git("config", "filter.upper.clean", "tr 'eg' '34'")
    box.git("config", "filter.upper.smudge", "tr '34' 'eg'")
    box.git("config", "filter.upper.required", "true")
    box.write(".gitattributes", b"app.py filter=upper\n")
    text = TEXT.replace(b"3", b"").replace(b"4", b"")
    box.write("app.py", text)
    box.commit_all()
    return text


def latin_1_outside(box: Box) -> bytes:
    box.write(".gitattributes", b"app.py text working-tree-encoding=ISO-8859-1\n")
    text = b"# coding: latin-1 \xe9\n" + TEXT
    box.write("app.py", text)
    box.commit_all()
    assert box.committed("app.py").startswith("# coding: latin-1 é".encode())
    return text


@pytest.mark.parametrize("unclean", [False, True], ids=["clean", "with the person's lines"])
@pytest.mark.parametrize(
    "make",
    [
        lf_in_git_crlf_outside,
        crlf_in_git,
        crlf_in_git_and_input,
        eol_attribute,
        mixed_line_ends,
        latin_1,
        clean_filter,
        latin_1_outside,
    ],
)
def test_what_git_keeps_differs_by_our_change_alone(box: Box, make: Callable[[Box], bytes], unclean: bool) -> None:
    text = make(box)
    box.write("app.py", text)
    assert box.git("diff") == b""
    theirs = edited(text, BELOW) if unclean else text
    box.write("app.py", theirs)
    box.git("status")
    land(box, dirty=unclean)
    assert box.read("app.py") == ours(theirs)
    assert box.git("diff", "--numstat", "HEAD^", "HEAD") == b"1\t1\tapp.py\n" or b"-" in box.git(
        "diff", "--numstat", "HEAD^", "HEAD"
    )
    assert box.status() == ([" M app.py"] if unclean else [])
    if unclean:
        box.write("app.py", ours(text))
        box.git("update-index", "--refresh", check=False)
        assert box.git("diff") == b""


# --- hooks and signing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unclean", [False, True], ids=["clean", "with the person's lines"])
@pytest.mark.parametrize("hook", ["pre-commit", "prepare-commit-msg", "commit-msg"])
def test_a_hook_that_fails_leaves_the_index_as_it_was(box: Box, hook: str, unclean: bool) -> None:
    box.hook(hook, "echo out; echo no, thanks >&2; exit 3")
    box.write("other.py", b"staged\n")
    box.git("add", "other.py")
    if unclean:
        modified(box)
    box.git("status")
    digest, head, text = box.index_digest(), box.head(), box.read("app.py")
    with pytest.raises(CommitFailed, match="a hook refused it") as failed:
        land(box, dirty=True)
    assert failed.value.kind == "hook"
    assert "no, thanks" in failed.value.output
    assert failed.value.rewritten == ()
    assert (box.index_digest(), box.head()) == (digest, head)
    assert box.read("app.py") == text
    assert sorted(os.listdir(box.root / ".git/modal-wizard")) == ["backups.git", "lock"]


FORMATTER = 'sed -i "s/\\"H100\\"/\'H100\'/" app.py'
FAILING_FORMATTER = f"grep -q \"'H100'\" app.py && exit 0; {FORMATTER}; echo reformatted; exit 1"


@pytest.mark.parametrize("asks", [True, False], ids=["asked and declined", "not asked"])
def test_files_that_a_failing_hook_rewrote_are_put_back(box: Box, asks: bool) -> None:
    box.hook("pre-commit", FAILING_FORMATTER)
    asked: list[CommitFailed] = []

    def decline(failed: CommitFailed) -> bool:
        assert box.read("app.py") == ours(TEXT).replace(b'"', b"'")
        asked.append(failed)
        return False

    with pytest.raises(CommitFailed) as failed:
        land(box, hooks=decline if asks else None)
    assert failed.value.rewritten == ("app.py",)
    assert asked == [failed.value] * asks
    assert box.read("app.py") == TEXT
    assert box.status() == []


def test_files_that_a_failing_hook_rewrote_are_committed_when_wanted(box: Box) -> None:
    box.hook("pre-commit", FAILING_FORMATTER)
    box.write("other.py", b"staged\n")
    box.git("add", "other.py")
    made = land(box, hooks=lambda failed: failed.rewritten == ("app.py",))
    assert (made.files, made.rewritten) == (("app.py",), ("app.py",))
    assert box.committed("app.py") == ours(TEXT).replace(b'"', b"'")
    assert box.status() == ["M  other.py"]


def test_a_hook_that_keeps_rewriting_is_tried_once_more_and_no_oftener(box: Box, tmp_path: Path) -> None:
    box.hook("pre-commit", f"echo x >> app.py; echo ran >> {tmp_path}/ran; exit 1")
    with pytest.raises(CommitFailed):
        land(box, hooks=lambda _: True)
    assert (tmp_path / "ran").read_text() == "ran\nran\n"
    assert box.read("app.py") == TEXT


def test_files_changed_since_they_were_written_are_not_committed(box: Box) -> None:
    change = change_of(box)
    box.write("app.py", change.after + b"typed meanwhile\n")
    with opened(box) as repository, pytest.raises(CommitRefused, match=r"Changed since they were written: app\.py"):
        repository.commit([change], MESSAGE)


def test_what_the_person_typed_while_a_hook_ran_is_kept(box: Box) -> None:
    box.write("pkg/deep.py", edited(TEXT, ABOVE))
    box.hook("pre-commit", "echo typed >> other.py; exit 1")
    with pytest.raises(CommitFailed):
        land(box, ("app.py", "pkg/deep.py"), dirty=True)
    assert box.read("other.py").endswith(b"typed\n")
    assert box.read("pkg/deep.py") == edited(TEXT, ABOVE)
    assert box.read("app.py") == TEXT


def test_a_hook_that_rewrites_the_persons_lines_too_is_not_committed(box: Box) -> None:
    modified(box)
    text, head = box.read("app.py"), box.head()
    box.hook("pre-commit", "sed -i s/person/PERSON/ app.py; exit 1")
    with pytest.raises(CommitFailed) as failed:
        land(box, dirty=True, hooks=lambda _: True)
    assert "meet in line" in failed.value.output
    assert (box.head(), box.read("app.py")) == (head, text)


@pytest.mark.parametrize("unclean", [False, True], ids=["clean", "with the person's lines"])
def test_a_hook_that_rewrites_and_adds_leaves_nothing_staged(box: Box, unclean: bool) -> None:
    box.hook("pre-commit", f"{FORMATTER}; echo generated > docs.md; git add app.py docs.md")
    box.write("other.py", b"staged\n")
    box.git("add", "other.py")
    if unclean:
        box.write("pkg/deep.py", edited(TEXT, ABOVE))
    made = land(box, ("app.py", "pkg/deep.py"), dirty=True)
    assert made.also == ("docs.md",)
    assert box.committed("app.py") == ours(TEXT).replace(b'"', b"'")
    assert box.committed("pkg/deep.py") == ours(TEXT)
    assert box.status() == ([" M pkg/deep.py"] if unclean else []) + ["M  other.py"]


def test_a_file_that_a_hook_adds_stays_staged_as_the_person_has_it(box: Box) -> None:
    box.hook("pre-commit", "echo generated > other.py; git add other.py")
    box.write("other.py", b"staged\n")
    box.git("add", "other.py")
    made = land(box)
    assert made.also == ("other.py",)
    assert box.committed("other.py") == b"generated\n"
    assert box.staged("other.py") == b"staged\n"


def test_hooks_see_what_is_committed(box: Box, tmp_path: Path) -> None:
    box.hook("pre-commit", f"git diff --cached --name-only > {tmp_path}/seen; git show :app.py > {tmp_path}/text")
    box.write("other.py", b"staged\n")
    box.git("add", "other.py")
    modified(box)
    land(box, dirty=True)
    assert (tmp_path / "seen").read_text() == "app.py\n"
    assert (tmp_path / "text").read_bytes() == ours(TEXT)


def test_hooks_get_the_persons_environment(box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TOKEN", "mine")
    box.hook("pre-commit", f'echo "$LC_CTYPE $TOKEN $GIT_LITERAL_PATHSPECS" > {tmp_path}/seen; git ls-files "*.py"')
    made = land(box)
    assert (tmp_path / "seen").read_text() == "C.UTF-8 mine \n"
    assert "pkg/deep.py" in made.hook_output


def test_megabytes_of_a_hook_are_cut(box: Box) -> None:
    box.hook("pre-commit", "head -c 3000000 /dev/zero | tr '\\0' x; echo the end; exit 1")
    with pytest.raises(CommitFailed) as failed:
        land(box)
    assert len(failed.value.output) < 70_000
    assert failed.value.output.startswith("[")
    assert failed.value.output.endswith("the end")


def test_a_hook_that_reads_input_does_not_hang(box: Box) -> None:
    box.hook("pre-commit", "cat; read answer; true")
    assert land(box).files == ("app.py",)


@pytest.mark.parametrize("unclean", [False, True], ids=["clean", "with the person's lines"])
def test_commits_are_signed_as_configured(box: Box, tmp_path: Path, unclean: bool) -> None:
    key = tmp_path / "key"
    box.git("-c", f"alias.k=!ssh-keygen -q -t ed25519 -N '' -f {key}", "k")
    (tmp_path / "signers").write_text(f"p@example.invalid {key.with_suffix('.pub').read_text()}")
    for name, value in {
        "commit.gpgSign": "true",
        "gpg.format": "ssh",
        "user.signingKey": str(key),
        "gpg.ssh.allowedSignersFile": str(tmp_path / "signers"),
    }.items():
        box.git("config", name, value)
    if unclean:
        modified(box)
    land(box, dirty=True)
    assert box.git("log", "-1", "--format=%G?").strip() == b"G"


def test_a_signature_that_fails_is_told_from_a_hook(box: Box) -> None:
    box.git("config", "commit.gpgSign", "true")
    box.git("config", "gpg.program", "false")
    box.hook("pre-commit", "exit 0")
    box.git("status")
    digest = box.index_digest()
    with pytest.raises(CommitFailed) as failed:
        land(box)
    assert failed.value.kind == "signing"
    assert box.index_digest() == digest


def test_a_missing_identity_is_said_before_anything_is_written(box: Box) -> None:
    box.git("config", "user.useConfigOnly", "true")
    box.git("config", "--global", "--unset", "user.email")
    with pytest.raises(CommitRefused, match="does not know who you are"):
        land(box)
    assert box.read("app.py") == TEXT


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("commit.cleanup", "strip"),
        ("commit.cleanup", "scissors"),
        ("commit.verbose", "true"),
        ("commit.template", "template"),
        ("core.editor", "false"),
        ("i18n.commitEncoding", "latin1"),
        ("core.commentChar", "M"),
    ],
)
def test_the_message_is_what_was_given(box: Box, setting: str, value: str) -> None:
    box.write("template", b"From the template\n")
    box.git("config", setting, value)
    message = "Migrate gpu: ünï\n\n# not a comment\nMore\n"
    land(box, message=message)
    assert box.git("log", "-1", "--format=%B", "--encoding=UTF-8").decode() == message + "\n"


# --- kills -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unclean", [False, True], ids=["clean", "with the person's lines"])
def test_an_index_that_could_not_be_brought_in_step_is_later(
    box: Box, unclean: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.hook("pre-commit", f"{FORMATTER}; git add app.py")
    if unclean:
        box.write("pkg/deep.py", edited(TEXT, ABOVE))
        box.git("add", "pkg/deep.py")

    def failing(*_: object) -> None:
        raise RepositoryProblem("the index is held")

    with monkeypatch.context() as patch:
        patch.setattr("modal_wizard.git.index_sync.settle", failing)
        made = land(box, ("app.py", "pkg/deep.py"), staged=True)
    assert made.sha == box.head()
    assert box.status() != ["M  pkg/deep.py"] * unclean
    with opened(box) as repository:
        said = repository.recover()
        assert said is not None
        assert "index" in said
        assert repository.recover() is None
    assert box.status() == ["M  pkg/deep.py"] * unclean


@pytest.mark.parametrize("made", [False, True], ids=["before the commit", "after it"])
def test_a_write_whose_commit_was_not_made_is_taken_back(box: Box, made: bool) -> None:
    change = change_of(box)
    with opened(box) as repository:
        replace_files(box.root, [change], repository.state_folder, commit_on=box.head())
        if made:
            commit_and_die(repository, [change])
        else:
            box.git("commit", "--quiet", "--allow-empty", "-m", "something else")
        said = repository.recover()
    assert said is not None
    assert ("finished" if made else "taken back") in said
    assert box.read("app.py") == (ours(TEXT) if made else TEXT)
    assert box.status() == []


@pytest.mark.campaign
def test_a_kill_at_any_step_of_write_and_commit_is_recovered_from(box: Box, tmp_path: Path) -> None:
    box.write("pkg/deep.py", edited(TEXT, ABOVE))
    box.git("add", "pkg/deep.py")
    box.write("pkg/deep.py", edited(edited(TEXT, ABOVE), BELOW))
    box.write("other.py", b"staged\n")
    box.git("add", "other.py")
    paths = ("app.py", "pkg/deep.py")
    start = tmp_path / "start"
    shutil.copytree(box.root, start, symlinks=True)
    changes = [change_of(box, path) for path in paths]

    def act() -> None:
        with opened(box) as repository:
            repository.land(changes, MESSAGE, CommitPolicy(frozenset(Permission)))

    def again() -> None:
        shutil.rmtree(box.root)
        shutil.copytree(start, box.root, symlinks=True)

    def outcome() -> tuple[object, ...]:
        texts = [(box.read(path), box.staged(path), box.committed(path)) for path in ("other.py", *paths)]
        return (texts, box.status(), box.git("log", "--format=%s").split())

    untouched = outcome()
    act()
    done = outcome()
    again()
    seen = set()
    step = 0
    for step in steps(act, again, stride=EVERY, least=60):
        for path in paths:
            assert box.read(path) in {change.before for change in changes} | {change.after for change in changes}, step
        with opened(box) as repository:
            repository.recover()
            assert repository.recover() is None, step
        assert outcome() in (untouched, done), step
        seen.add(outcome() == done)
        assert set(os.listdir(box.root / ".git")) <= {*os.listdir(start / ".git"), "modal-wizard", "COMMIT_EDITMSG"}
        assert not (box.root / ".git/modal-wizard").exists() or set(os.listdir(box.root / ".git/modal-wizard")) <= {
            "lock",
            "backups.git",
        }
        assert not list(box.root.rglob("*.tmp")), step
        if outcome() == untouched:
            act()
            assert outcome() == done, step
    print(f"killed at {1 + step // EVERY} steps of {step} or more")
    assert seen == {False, True}
