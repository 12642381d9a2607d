"""The command that writes: what it takes, what it refuses, what it commits, and that it ends."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from modal_wizard.cli.main import main

OLD = """\
import modal

app = modal.App("a", image=modal.Image.debian_slim().pip_install("fastapi"))


@app.function(keep_warm=1)
@modal.web_endpoint()
def f(): ...


@app.function(container_idle_timeout=1)
def g(): ...
"""
SAFE = OLD.replace("keep_warm", "min_containers").replace("web_endpoint", "fastapi_endpoint")
ALL = SAFE.replace("container_idle_timeout=1", "scaledown_window=2")


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clean repository with one legacy file."""
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "user.name", "A Person")
    git(folder, "config", "user.email", "person@example.invalid")
    (folder / "app.py").write_text(OLD)
    (folder / "other.txt").write_text("mine\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "start")
    monkeypatch.chdir(folder)
    return folder


def text(folder: Path) -> str:
    return (folder / "app.py").read_text()


def test_safe_rewrites_are_written_and_what_remains_is_counted(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["apply"]) == 1
    assert text(repository) == SAFE
    assert "1 finding left (1 review)" in capsys.readouterr().out
    assert git(repository, "rev-list", "--count", "HEAD") == "1\n"


def test_everything_is_written_one_commit_a_section_in_guide_order(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["apply", "--all", "--commit"]) == 0
    assert text(repository) == ALL
    assert git(repository, "log", "--format=%s", "--reverse").splitlines() == [
        "start",
        "Modal 1.0: rename autoscaler parameters",
        "Modal 1.0: rename web_endpoint to fastapi_endpoint",
    ]
    assert git(repository, "status", "--porcelain") == ""
    body = git(repository, "log", "-1", "--format=%b", "HEAD~1")
    assert "  app.py\n" in body
    assert "Changes: 2 accepted." in body
    assert "https://modal.com/docs/guide/modal-1-0-migration#renaming-autoscaler-parameters" in body


def test_a_second_run_changes_nothing(repository: Path) -> None:
    main(["apply", "--all", "--commit"])
    before = git(repository, "rev-parse", "HEAD")
    assert main(["apply", "--all", "--commit"]) == 0
    assert git(repository, "rev-parse", "HEAD") == before
    assert text(repository) == ALL


def test_diff_writes_nothing_and_shows_all_sections(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["apply", "--all", "--diff"]) == 1
    out = capsys.readouterr().out
    assert text(repository) == OLD
    assert out.startswith("--- a/app.py\n+++ b/app.py\n@@ ")
    assert "+@app.function(min_containers=1)" in out
    assert "+@modal.fastapi_endpoint()" in out
    assert "+@app.function(scaledown_window=2)" in out


def test_only_the_asked_section_is_written(repository: Path) -> None:
    assert main(["apply", "--section", "fastapi-endpoint"]) == 0
    assert text(repository) == OLD.replace("web_endpoint", "fastapi_endpoint")


@pytest.mark.parametrize(
    ("stage", "state", "flag"),
    [
        pytest.param(False, "modified", "--allow-dirty", id="modified"),
        pytest.param(True, "staged", "--allow-staged", id="staged"),
    ],
)
@pytest.mark.parametrize("mode", [["--commit"], []], ids=["commit", "write"])
def test_a_file_of_ours_with_the_persons_changes_is_refused_by_name(
    repository: Path, capsys: pytest.CaptureFixture[str], stage: bool, state: str, flag: str, mode: list[str]
) -> None:
    mine = OLD + "\n# mine\n"
    (repository / "app.py").write_text(mine)
    if stage:
        git(repository, "add", "app.py")
    assert main(["apply", *mode]) == 2
    said = capsys.readouterr().err
    assert "app.py" in said
    assert state in said
    assert flag in said
    assert text(repository) == mine
    assert git(repository, "rev-list", "--count", "HEAD") == "1\n"


def test_allowed_dirty_lines_stay_the_persons_own(repository: Path) -> None:
    (repository / "app.py").write_text(OLD + "\n# mine\n")
    assert main(["apply", "--commit", "--allow-dirty"]) == 1
    assert text(repository) == SAFE + "\n# mine\n"
    assert git(repository, "show", "HEAD:app.py") == SAFE
    assert git(repository, "diff", "--cached", "--name-only") == ""


def test_unrelated_work_of_the_person_does_not_stand_in_the_way(repository: Path) -> None:
    (repository / "other.txt").write_text("changed\n")
    (repository / "staged.txt").write_text("staged\n")
    git(repository, "add", "staged.txt")
    (repository / "untracked.txt").write_text("untracked\n")
    assert main(["apply", "--commit"]) == 1
    assert git(repository, "status", "--porcelain") == " M other.txt\nA  staged.txt\n?? untracked.txt\n"
    assert git(repository, "show", "--name-only", "--format=", "HEAD") == "app.py\n"


def test_an_untracked_file_of_ours_is_written_but_never_committed(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "new.py").write_text(OLD)
    assert main(["apply", "--all", "--commit"]) == 0
    assert (repository / "new.py").read_text() == ALL
    assert git(repository, "status", "--porcelain") == "?? new.py\n"
    assert "new.py" in capsys.readouterr().out


def test_without_a_repository_nothing_is_written_unless_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "app.py").write_text(OLD)
    monkeypatch.chdir(tmp_path)
    assert main(["apply"]) == 2
    assert "--allow-no-vcs" in capsys.readouterr().err
    assert text(tmp_path) == OLD
    assert main(["apply", "--commit", "--allow-no-vcs"]) == 2
    assert main(["apply", "--allow-no-vcs"]) == 1
    assert text(tmp_path) == SAFE


def test_nothing_to_do_needs_no_repository(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "app.py").write_text("print()\n")
    assert main(["apply", str(tmp_path)]) == 0
    assert "Nothing is left to migrate" in capsys.readouterr().out


def test_no_identity_stops_before_anything_is_changed(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    git(repository, "config", "--unset", "user.name")
    git(repository, "config", "--unset", "user.email")
    git(repository, "config", "user.useConfigOnly", "true")
    for variable in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", str(tmp_path / "none"))
    assert main(["apply", "--commit"]) == 2
    assert "user.name" in capsys.readouterr().err
    assert text(repository) == OLD


def test_a_failing_hook_leaves_files_as_they_were(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n")
    hook.chmod(0o755)
    assert main(["apply", "--commit"]) == 2
    assert "not today" in capsys.readouterr().err
    assert text(repository) == OLD
    assert git(repository, "status", "--porcelain") == ""


def test_a_merge_in_progress_is_refused_by_name(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(repository, "checkout", "-q", "-b", "other")
    (repository / "other.txt").write_text("theirs\n")
    git(repository, "commit", "-q", "-am", "theirs")
    git(repository, "checkout", "-q", "main")
    (repository / "other.txt").write_text("ours\n")
    git(repository, "commit", "-q", "-am", "ours")
    subprocess.run(["git", "merge", "-q", "other"], cwd=repository, capture_output=True, check=False)
    assert main(["apply", "--commit"]) == 2
    assert "merge" in capsys.readouterr().err
    assert text(repository) == OLD


def test_a_detached_head_may_be_committed_on(repository: Path) -> None:
    git(repository, "checkout", "-q", "--detach")
    assert main(["apply", "--commit"]) == 1
    assert git(repository, "rev-list", "--count", "HEAD") == "3\n"


def test_bytes_outside_the_edits_never_change(repository: Path) -> None:
    odd = b"\xef\xbb\xbf" + OLD.replace("\n", "\r\n").encode() + b"\x0c\r\nx = 1  \t"
    (repository / "app.py").write_bytes(odd)
    git(repository, "commit", "-q", "-am", "odd bytes")
    main(["apply", "--all", "--commit"])
    expected = b"\xef\xbb\xbf" + ALL.replace("\n", "\r\n").encode() + b"\x0c\r\nx = 1  \t"
    assert (repository / "app.py").read_bytes() == expected


def test_what_follows_in_another_file_lands_in_the_same_commit(repository: Path) -> None:
    (repository / "common.py").write_text(
        'import modal\n\napp = modal.App("a")\nfiles = modal.Mount.from_local_dir("data", remote_path="/data")\n'
    )
    (repository / "app.py").write_text(
        "from common import app, files\n\n\n@app.function(mounts=[files])\ndef f(): ...\n"
    )
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "mounts")
    main(["apply", "--section", "mount", "--all", "--commit"])
    assert git(repository, "log", "--format=%s", "-2").splitlines() == [
        "Modal 1.0: add local files to images instead of mounts",
        "mounts",
    ]
    assert "files" not in (repository / "common.py").read_text()
    assert git(repository, "show", "--name-only", "--format=", "HEAD").split() == ["app.py", "common.py"]


def test_what_is_recommended_once_an_earlier_section_is_written_is_taken(repository: Path) -> None:
    method = '@modal.build()\n    @modal.enter()\n    def load(self):\n        open("/a").close()\n'
    mounts = 'app = modal.App("a", mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])'
    (repository / "app.py").write_text(f"import modal\n\n{mounts}\n\n\n@app.cls()\nclass Model:\n    {method}")
    git(repository, "commit", "-qam", "mounts")
    assert main(["apply", "--all", "--commit"]) == 0
    assert ".run_function(load, timeout=86400)" in text(repository)


def test_a_stub_is_renamed_in_every_file_that_knows_it_by_one_commit(repository: Path) -> None:
    cell: dict[str, object] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**cell, "source": ["import app\n", "app.stub.name"]}]
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
    files = {
        "app.py": "import modal\n\nstub = modal.Stub('a')\n\n@stub.function()\ndef f(): ...\n",
        "job.py": "from app import stub\n\n@stub.function()\ndef g(): ...\n",
        "Makefile": "run:\n\tmodal run app.py::stub.f\n",
        "README.md": "```sh\nmodal run app.py::stub.f\n```\n",
        "look.ipynb": notebook,
    }
    for name, content in files.items():
        (repository / name).write_text(content)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "stub")
    assert main(["apply", "--all", "--commit", "--section", "stub-app"]) == 0
    assert git(repository, "diff", "--name-only", "HEAD~1").split() == sorted(files)
    for name, content in files.items():
        assert (repository / name).read_text() == content.replace("stub", "app").replace("Stub", "App")
    assert main(["apply", "--all", "--commit", "--section", "stub-app"]) == 0
    assert git(repository, "rev-list", "--count", "HEAD") == "3\n"
