"""The demo: a fresh repository with a history, in which every section occurs, and which an old SDK really runs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from support.cases import Sdk, look
from support.proof import Outcome, import_job, import_under, job_key, write_files
from support.sdk import NEW, OLD

from modal_transforms.analysis.project import Project
from modal_transforms.core.model import Applicability, Finding
from modal_transforms.core.source import SourceFile
from modal_transforms.prefilter import may_hold_modal
from modal_transforms.sections import GUIDE
from modal_wizard.cli.main import main
from modal_wizard.demo import HISTORY, demo_files, write_demo
from modal_wizard.errors import WizardError

pytestmark = pytest.mark.xdist_group("sdk")

IN_PLACE = [rule.slug for rule in GUIDE if rule.hints]
"""The sections whose rules look for something."""
LOOK_ALIKES = (
    "docsearch/cache.py",
    "config/search.json",
    "docsearch/chunks.py",
    "docsearch/search_index.py",
    "corpus.py",
)
"""Files that use the words of the old API for things of their own, or none of them."""


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    files = demo_files()
    sources = {path: SourceFile(path, data) for path, data in files.items() if may_hold_modal(data)}
    project = Project(files, files.get)
    reports = [look(source, project) for source in sources.values()]
    assert [problem for report in reports for problem in report.problems if problem.path.endswith(".py")] == []
    return [finding for report in reports for finding in report.findings]


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize("slug", IN_PLACE)
def test_every_section_occurs(findings: list[Finding], slug: str) -> None:
    assert [finding for finding in findings if finding.section == slug]


def test_copied_files_are_safe_to_migrate(findings: list[Finding]) -> None:
    copies = [finding for finding in findings if finding.section == "image-copy"]
    assert Applicability.SAFE in {finding.applicability for finding in copies}


def test_look_alikes_and_the_silenced_line_are_left_alone(findings: list[Finding]) -> None:
    assert not [finding for finding in findings if finding.site.path in LOOK_ALIKES]
    assert not [finding for finding in findings if "docsearch-v1" in finding.site.text]
    assert not [finding for finding in findings if "docsearch-shell" in finding.site.text]


def test_every_file_is_in_the_history_once() -> None:
    told = [path for commit in HISTORY for path in commit.paths]
    assert sorted(told) == sorted(demo_files())


def test_a_fresh_repository_has_history_an_identity_of_its_own_and_a_clean_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    folder = write_demo(tmp_path / "demo")
    assert _git(folder, "log", "--reverse", "--format=%s").splitlines() == [commit.message for commit in HISTORY]
    assert _git(folder, "status", "--porcelain") == ""
    assert _git(folder, "branch", "--show-current") == "main"
    assert _git(folder, "config", "--local", "user.name")
    assert "@example." in _git(folder, "config", "--local", "user.email")
    assert sorted(_git(folder, "ls-files").splitlines()) == sorted(demo_files())


def test_odd_settings_of_the_person_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("pre-commit", "commit-msg", "post-checkout"):
        (hooks / name).write_text("#!/bin/sh\nexit 1\n")
        (hooks / name).chmod(0o755)
    ignored = tmp_path / "ignored"
    ignored.write_text("*.json\nMakefile\n.github\n")
    odd = tmp_path / "gitconfig"
    odd.write_text(
        f"[core]\nhooksPath = {hooks}\nexcludesFile = {ignored}\nautocrlf = true\nsafecrlf = true\n"
        "[commit]\ngpgsign = true\ntemplate = /no/such/template\n[tag]\ngpgsign = true\n[init]\ndefaultBranch = trunk\n"
        f"templateDir = {tmp_path}\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(odd))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    folder = write_demo(tmp_path / "demo")
    monkeypatch.delenv("GIT_DIR", raising=False)
    assert not (tmp_path / "elsewhere").exists()
    assert _git(folder, "rev-list", "--count", "HEAD") == str(len(HISTORY))
    assert _git(folder, "branch", "--show-current") == "main"
    assert _git(folder, "status", "--porcelain") == ""
    assert (folder / "Makefile").read_bytes() == demo_files()["Makefile"]


def test_without_a_folder_it_goes_to_a_temporary_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    first, second = write_demo(), write_demo()
    assert first.parent == second.parent == tmp_path.resolve()
    assert first != second


@pytest.mark.parametrize("taken", ["file", "folder"])
def test_what_is_there_already_is_not_touched(tmp_path: Path, taken: str) -> None:
    target = tmp_path / "demo"
    mine = target if taken == "file" else target / "mine.txt"
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine")
    with pytest.raises(WizardError, match="Nothing was written"):
        write_demo(target)
    assert [path.read_text() for path in tmp_path.rglob("*") if path.is_file()] == ["mine"]


PYTHON = [path for path in sorted(demo_files()) if path.endswith(".py")]


def _import_all(version: str, root: Path, home: Path) -> dict[str, Outcome]:
    """Import and deploy the demo's Python files under one SDK; what happened, by path."""
    jobs = [{**import_job(root, path, automount=True, deploy=[NEW]), "id": path, "side": "demo"} for path in PYTHON]
    outcomes = import_under(version, jobs, home)
    return {path: outcomes[job_key(version, path, "demo")] for path in PYTHON}


@pytest.fixture(scope="module")
def legacy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Outcome]]:
    """The demo as it is written, under both SDKs."""
    folder = tmp_path_factory.mktemp("demo-proof")
    write_files(folder / "demo", demo_files())
    return {version: _import_all(version, folder / "demo", folder) for version in (OLD, NEW)}


@pytest.mark.parametrize("path", PYTHON)
def test_the_demo_runs_on_the_old_sdk(legacy: dict[str, dict[str, Outcome]], path: str) -> None:
    assert legacy[OLD][path].error is None, str(legacy[OLD][path])


@pytest.mark.parametrize("path", ["docsearch/api.py", "docsearch/ingest.py", "docsearch/reranker.py", "benchmark.py"])
def test_the_demo_needs_the_migration(legacy: dict[str, dict[str, Outcome]], path: str) -> None:
    assert legacy[OLD][path].warnings
    assert legacy[NEW][path].error_type in ("AttributeError", "ImportError")


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_demo(tmp_path_factory.mktemp("migrated") / "demo")
    assert main(["apply", "--all", "--commit", str(folder)]) == 0
    return folder


def test_the_migrated_demo_runs_and_deploys_on_the_new_sdk(
    migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outcomes = _import_all(NEW, migrated, tmp_path_factory.mktemp("migrated-proof"))
    assert {path: str(outcome) for path, outcome in outcomes.items() if outcome.kind is not Sdk.ACCEPTS} == {}
    assert {path: outcome.deploy_error for path, outcome in outcomes.items() if outcome.deploy_error} == {}
    registered = "\n".join(outcomes["docsearch/api.py"].registered or ())
    assert all(
        f'"function_name": "{name}"' in registered for name in ("search", "feedback", "Embedder.*", "Reranker.*")
    )


def test_the_migrated_demo_has_commits_for_every_section_and_a_clean_tree(migrated: Path) -> None:
    subjects = _git(migrated, "log", "--reverse", "--format=%s").splitlines()[len(HISTORY) :]
    assert all(f"Modal 1.0: {rule.section.subject}" in subjects for rule in GUIDE if rule.hints)
    assert _git(migrated, "status", "--porcelain") == ""
    assert main(["scan", str(migrated)]) == 0
