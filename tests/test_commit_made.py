"""Whether a commit was made is asked of git: whatever ends us around it, files and index fit the answer."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from support.gitbox import Box, change_of, commit_and_die, edited, land, new_box, opened, ours, own_settings
from support.pilot import SHOP, git, make_repository
from support.processes import PATIENCE, Mark, wait_gone

from modal_wizard.cli.main import main
from modal_wizard.files.transaction import replace_files
from modal_wizard.git.command import RepositoryProblem
from modal_wizard.git.preflight import CommitRefused

pytest.importorskip("pty", reason="needs POSIX signals")

from test_signals import begun, install, settled

ENDS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "repository")


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    own_settings(monkeypatch, tmp_path)
    return new_box(tmp_path / "work")


def apply(root: Path, home: Path, **more: str) -> subprocess.Popen[str]:
    return begun(["apply", "--commit", "--section", "autoscaler", str(root)], home, **more)


def is_made(root: Path) -> None:
    """Check that the commit is there, and that files and index are as it has them."""
    assert git(root, "log", "--format=%s").split("\n")[0] == "Modal 1.0: rename autoscaler parameters"
    assert "min_containers" in (root / "shop.py").read_text()
    assert git(root, "status", "--porcelain") == ""
    assert settled(root)


US = "ps -o ppid= -p $PPID"
"""What prints the number of our process, in a hook that git runs."""


@pytest.mark.parametrize("number", ENDS, ids=["INT", "TERM", "HUP"])
@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice, as from a terminal that is closed"])
def test_a_signal_just_after_git_made_the_commit_takes_nothing_back(
    repository: Path, tmp_path: Path, number: int, times: int
) -> None:
    told = "; ".join([f"kill -{number} $({US})"] * times)
    script = f'#!/bin/sh\nif [ "$1" = committed ]; then {told}; fi\n'
    install(repository / ".git/hooks/reference-transaction", script)
    command = apply(repository, tmp_path)
    _, said = command.communicate(timeout=PATIENCE)
    assert command.returncode == 128 + number, said
    assert "What was being written is finished." in said
    assert "put back" not in said
    is_made(repository)


@pytest.mark.parametrize("number", ENDS, ids=["INT", "TERM", "HUP"])
def test_a_signal_in_a_post_commit_hook_takes_nothing_back(repository: Path, tmp_path: Path, number: int) -> None:
    install(repository / ".git/hooks/post-commit", f"#!/bin/sh\nkill -{number} $({US})\n")
    command = apply(repository, tmp_path)
    _, said = command.communicate(timeout=PATIENCE)
    assert command.returncode == 128 + number, said
    is_made(repository)


def test_a_temporary_folder_that_is_gone_after_the_commit_takes_nothing_back(repository: Path, tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    install(repository / ".git/hooks/post-commit", f"#!/bin/sh\nrmdir {folder} && touch {folder}\n")
    command = apply(repository, tmp_path, TMPDIR=str(folder))
    _, said = command.communicate(timeout=PATIENCE)
    assert command.returncode == 0, said
    is_made(repository)


def test_a_git_that_ends_badly_after_it_made_the_commit_has_made_it(box: Box) -> None:
    box.hook("post-commit", "kill -9 $PPID")
    made = land(box)
    assert made.sha == box.head()
    assert box.committed("app.py") == ours(edited(box.committed("app.py", "HEAD^"), 1, b"line 1"))
    assert box.status() == []


@pytest.mark.parametrize("also", ["", "; kill -9 $PPID"])
def test_a_commit_is_found_where_git_notes_no_moves_and_a_hook_left_the_branch(box: Box, also: str) -> None:
    box.git("config", "core.logAllRefUpdates", "false")
    box.git("branch", "side")
    shutil.rmtree(box.root / ".git/logs")
    box.hook("post-commit", f"git checkout --quiet side{also}")
    made = land(box)
    assert made.sha == box.git("rev-parse", "main").decode().strip() != box.head()
    assert box.status() == []


@pytest.mark.parametrize("goes_on", [True, False], ids=["made", "refused"])
@pytest.mark.parametrize("where", ["commit-msg", "signing"])
def test_a_new_start_waits_for_the_git_of_a_run_that_was_killed(
    repository: Path, tmp_path: Path, where: str, goes_on: bool
) -> None:
    mark, answer = Mark(tmp_path / "mark"), Mark(tmp_path / "answer")
    script = f'#!/bin/sh\necho $PPID > {mark.path}\nread go < {answer.path}\n[ "$go" = yes ]'
    if where == "commit-msg":
        install(repository / ".git/hooks/commit-msg", script)
    else:
        signs = 'printf "\\n[GNUPG:] SIG_CREATED \\n" >&2 && echo signature'
        signer = install(tmp_path / "signer", f"{script} && {signs}\n")
        git(repository, "config", "commit.gpgSign", "true")
        git(repository, "config", "gpg.program", str(signer))
    before = (repository / "shop.py").read_text()
    command = apply(repository, tmp_path)
    making = int(mark.wait())
    os.kill(command.pid, signal.SIGKILL)
    command.communicate(timeout=PATIENCE)

    again = apply(repository, tmp_path)
    _, said = again.communicate(timeout=PATIENCE)
    assert again.returncode == 2
    assert f"still making the commit of a run that was killed (process {making})" in said
    assert (repository / "shop.py").read_text() != before

    with answer.path.open("w") as pipe:
        pipe.write("yes\n" if goes_on else "no\n")
    wait_gone(making)
    for setting in ("commit.gpgSign", "gpg.program"):
        subprocess.run(["git", "config", "--unset", setting], cwd=repository, check=False)
    (repository / ".git/hooks/commit-msg").unlink(missing_ok=True)
    last = apply(repository, tmp_path)
    _, said = last.communicate(timeout=PATIENCE)
    assert last.returncode == 0, said
    assert ("had been made" in said) is goes_on
    assert ("taken back" in said) is not goes_on
    is_made(repository)
    assert git(repository, "log", "--format=%s").count("autoscaler") == 1


def test_a_commit_that_was_made_is_known_though_the_branch_was_left_since(box: Box) -> None:
    change, parent = change_of(box), box.head()
    box.git("branch", "elsewhere")
    with opened(box) as repository:
        replace_files(box.root, [change], repository.state_folder, commit_on=parent)
        commit_and_die(repository, [change])
        box.git("checkout", "--quiet", "elsewhere")
        said = repository.recover()
    assert said is not None
    assert "had been made" in said
    assert box.status() == []
    assert box.committed("app.py", "main") == ours(box.committed("app.py"))


def test_a_commit_that_is_the_same_as_one_that_was_taken_back_is_ours_again(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_DATE", "2025-03-03T10:00:00+01:00")
    assert main(["apply", "--commit", "--section", "autoscaler", str(repository)]) == 0
    first = git(repository, "rev-parse", "HEAD")
    git(repository, "reset", "--quiet", "--hard", "HEAD^")
    assert main(["apply", "--commit", "--section", "autoscaler", str(repository)]) == 0
    assert git(repository, "rev-parse", "HEAD") == first
    is_made(repository)


def test_a_commit_of_the_persons_own_is_not_taken_for_ours(box: Box) -> None:
    change, parent = change_of(box), box.head()
    box.git("checkout", "--quiet", "-b", "elsewhere")
    box.write("app.py", box.read("app.py") + b"theirs\n")
    box.commit_all("theirs")
    box.git("checkout", "--quiet", "main")
    box.write("other.py", b"more\n")
    box.commit_all("mine")
    with opened(box) as repository:
        replace_files(box.root, [change], repository.state_folder, commit_on=box.head())
        said = repository.recover()
    assert said is not None
    assert "taken back" in said
    assert (box.read("app.py"), box.status()) == (change.before, [])
    assert parent != box.head()


@pytest.mark.parametrize("how", [("-qam",), ("-q", "--amend", "-am")], ids=["a new one", "an amended one"])
def test_a_commit_of_what_a_killed_run_had_written_is_not_undone(box: Box, how: tuple[str, ...]) -> None:
    change = change_of(box)
    with opened(box) as repository:
        replace_files(box.root, [change], repository.state_folder, commit_on=box.head())
        box.git("commit", *how, "theirs")
        said = repository.recover()
    assert said is not None
    assert "had been made" not in said
    assert "left as they are: app.py" in said
    assert (box.read("app.py"), box.status()) == (change.after, [])


def test_the_lock_of_git_is_held_while_hooks_run_and_not_longer(box: Box, tmp_path: Path) -> None:
    box.hook("pre-commit", f"env -u GIT_INDEX_FILE git checkout -q -b other 2> {tmp_path}/said; true")
    made = land(box)
    assert "index.lock" in (tmp_path / "said").read_text()
    assert made.branch == "main"
    assert not (box.root / ".git/index.lock").exists()
    box.hook("pre-commit", "true")
    (box.root / ".git/index.lock").write_text("somebody's\n")
    box.write("pkg/deep.py", box.read("pkg/deep.py"))
    with pytest.raises(CommitRefused, match="Another git command holds"):
        land(box, ("pkg/deep.py",))
    assert (box.root / ".git/index.lock").read_text() == "somebody's\n"


def test_a_full_disk_while_the_commit_is_made_is_named(box: Box) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
    try:
        with pytest.raises(RepositoryProblem, match=r"modal-wizard cannot be written \(File too large\). Nothing was"):
            land(box, message="x" * 300_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert box.status() == []
    assert set(os.listdir(box.root / ".git/modal-wizard")) == {"lock", "backups.git"}


# --- what a hook or a check makes of it ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "does", "said", "commits"),
    [
        ("post-commit", "git reset -q --soft HEAD~1", "and taken back by a hook or by somebody.", 1),
        ("post-commit", "git reset -q --hard HEAD~1", "and taken back by a hook or by somebody.", 1),
        ("pre-commit", "git reset -q", "The commit was made, and a hook took our changes out of it.", 2),
    ],
)
def test_a_commit_that_a_hook_undoes_is_none_of_ours(
    repository: Path, capsys: pytest.CaptureFixture[str], name: str, does: str, said: str, commits: int
) -> None:
    hook = repository / f".git/hooks/{name}"
    hook.write_text(f"#!/bin/sh\n{does}\n")
    hook.chmod(0o755)
    assert main(["apply", "--commit", "--section", "autoscaler", str(repository)]) & 2
    assert said in capsys.readouterr().err
    assert git(repository, "status", "--porcelain") == ""
    assert (repository / "shop.py").read_text() == SHOP
    assert len(git(repository, "log", "--format=%H").split()) == commits
    assert not list((repository / ".git/modal-wizard").glob("*.json"))


def test_a_post_commit_hook_that_amends_is_followed(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hook = repository / ".git/hooks/post-commit"
    hook.write_text('#!/bin/sh\n[ "$A" ] || A=1 git commit -q --amend --no-verify -m amended\n')
    hook.chmod(0o755)
    assert main(["apply", "--commit", "--section", "autoscaler", str(repository)]) == 0
    assert f"commit {git(repository, 'rev-parse', '--short', 'HEAD').strip()}" in capsys.readouterr().out
    assert git(repository, "status", "--porcelain") == ""


@pytest.mark.parametrize("does", ["rm shop.py", "ln -sf ../outside shop.py"])
def test_a_file_that_the_check_takes_away_is_in_no_commit(
    repository: Path, capsys: pytest.CaptureFixture[str], does: str
) -> None:
    head = git(repository, "rev-parse", "HEAD")
    assert main(["apply", "--commit", "--section", "autoscaler", "--check", does, str(repository)]) & 2
    assert "shop.py changed; nothing may meanwhile" in capsys.readouterr().err
    assert git(repository, "rev-parse", "HEAD") == head
    assert git(repository, "diff", "--cached", "--name-only") == ""


def test_a_check_that_stages_what_we_wrote_stands_in_nobodys_way(repository: Path) -> None:
    assert main(["apply", "--commit", "--section", "autoscaler", "--check", "git add -A", str(repository)]) == 0
    assert git(repository, "status", "--porcelain") == ""
    assert len(git(repository, "log", "--format=%H").split()) == 2
