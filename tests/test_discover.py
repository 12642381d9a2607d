"""Which files are looked at: git's own list, else a walk; never through a link."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from modal_wizard.errors import WizardError
from modal_wizard.files.reader import Reader
from modal_wizard.scan.discover import list_files, scope_of
from modal_wizard.scan.scanner import scan_all

OLD = "import modal\napp = modal.App()\n@app.function(keep_warm=1)\ndef f(): ...\n"


def put(root: Path, path: str, text: str = OLD) -> Path:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)
    return root / path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    put(tmp_path, ".gitignore", "ignored.py\n")
    put(tmp_path, "ignored.py")
    put(tmp_path, "tracked.py")
    subprocess.run(["git", "add", "tracked.py"], cwd=tmp_path, check=True)
    put(tmp_path, "pkg/new file\n.py")
    return tmp_path


def test_git_says_which_files_there_are(repository: Path) -> None:
    assert list_files(scope_of(repository)) == [".gitignore", "pkg/new file\n.py", "tracked.py"]


def test_a_folder_inside_a_repository_narrows_what_is_looked_at_not_the_root(repository: Path) -> None:
    scope = scope_of(repository / "pkg")
    assert (scope.root, scope.inside) == (repository.resolve(), "pkg")
    assert list(scan_all(scope).reports) == ["pkg/new file\n.py"]


def test_a_single_file_can_be_asked_for(repository: Path) -> None:
    assert list(scan_all(scope_of(repository / "tracked.py")).reports) == ["tracked.py"]


def test_a_hostile_git_configuration_runs_nothing(repository: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    subprocess.run(["git", "config", "core.fsmonitor", f"touch {mark}; false"], cwd=repository, check=True)
    list_files(scope_of(repository))
    assert not mark.exists()


def test_without_git_the_usual_folders_are_skipped(tmp_path: Path) -> None:
    for path in ("a.py", "pkg/b.py", "node_modules/c.py", ".venv/lib/d.py", "pkg/__pycache__/e.py"):
        put(tmp_path, path)
    assert list_files(scope_of(tmp_path)) == ["a.py", "pkg/b.py"]


def test_a_path_that_does_not_exist_is_said(tmp_path: Path) -> None:
    with pytest.raises(WizardError, match="There is no"):
        scope_of(tmp_path / "missing")


def test_links_pipes_and_huge_files_are_not_read(tmp_path: Path) -> None:
    outside = put(tmp_path, "outside/secret.py")
    root = tmp_path / "root"
    put(root, "real.py")
    (root / "link.py").symlink_to(outside)
    (root / "loop").symlink_to(root)
    (root / "itself").symlink_to("itself")
    os.mkfifo(root / "pipe.py")
    with (root / "huge.py").open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    found = scan_all(scope_of(root))
    assert [finding.site.path for finding in found.findings] == ["real.py"]
    reader = Reader(found.scope.root)
    assert [reader(name) for name in ("link.py", "pipe.py", "huge.py", "missing.py", "loop")] == [None] * 5


def test_one_bad_file_is_a_result_and_the_others_go_on(tmp_path: Path) -> None:
    put(tmp_path, "a.py")
    put(tmp_path, "bad.py", "import modal\ndef (:\n")
    (tmp_path / "latin.py").write_bytes(b"import modal\nx = '\xe9'\n")
    put(tmp_path, "z.py")
    found = scan_all(scope_of(tmp_path))
    assert [finding.site.path for finding in found.findings] == ["a.py", "z.py"]
    assert [problem.path for problem in found.problems] == ["bad.py", "latin.py"]
    assert found.files == 4


def test_a_file_name_that_is_no_text_is_looked_at_like_any_other(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\xfe.py")
    put(tmp_path, name)
    put(tmp_path, "other.py")
    found = scan_all(scope_of(tmp_path))
    assert {finding.site.path for finding in found.findings} == {name, "other.py"}
    assert not found.problems
