"""A rewrite that a requirement is too old for: said on the finding, never safe, told at the end, and raised."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.pilot import git, make_repository

from modal_transforms.core.model import Applicability
from modal_transforms.core.target import Goal
from modal_transforms.requirements import pins_of, too_old
from modal_wizard.cli.main import main
from modal_wizard.migration.migration import Migration
from modal_wizard.scan.discover import scope_of
from modal_wizard.scan.scanner import scan_all

APP = """\
import modal

app = modal.App("a")


@app.function(keep_warm=1)
def f(): ...


@app.function(gpu=modal.gpu.T4())
def g(): ...
"""
IN_IMAGE = APP.replace('modal.App("a")', 'modal.App("a", image=modal.Image.debian_slim().pip_install("modal==0.73.5"))')
LOCK = '[[package]]\nname = "modal"\nversion = "0.73.5"\n'

# where the requirement stands, what it says, and how the finding names it
KINDS = [
    ("requirements.txt", "a\nmodal==0.73.5\n", "requirements.txt:2 installs modal==0.73.5"),
    ("requirements/dev.txt", "modal~=0.72.1\n", "requirements/dev.txt:1 installs modal~=0.72.1"),
    ("requirements.txt", "modal-client\n", "requirements.txt:1 installs modal-client"),
    ("pyproject.toml", '[project]\ndependencies = ["modal<0.73"]\n', "pyproject.toml:2 installs modal<0.73"),
    ("pyproject.toml", '[tool.poetry.dependencies]\nmodal = "^0.70.1"\n', "pyproject.toml:2 installs modal^0.70.1"),
    ("uv.lock", LOCK, "uv.lock:3 installs modal==0.73.5"),
    ("poetry.lock", LOCK, "poetry.lock:3 installs modal==0.73.5"),
    ("Pipfile.lock", '{"default": {"modal": {"version": "==0.73.5"}}}', "Pipfile.lock:1 installs modal==0.73.5"),
    (
        ".github/workflows/ci.yml",
        "x:\n  - run: pip install modal==0.71.8\n",
        ".github/workflows/ci.yml:2 installs modal==0.71.8",
    ),
    ("Dockerfile", "FROM x\nRUN pip install \\\n  a modal==0.66.0\n", "Dockerfile:3 installs modal==0.66.0"),
    ("deploy.sh", "uv pip install 'modal==0.66.0'\n", "deploy.sh:1 installs modal==0.66.0"),
    ("environment.yml", "dependencies:\n  - modal=0.70\n", "environment.yml:2 installs modal=0.70"),
    ("setup.py", "setup(install_requires=['modal<0.73'])\n", "setup.py:1 installs modal<0.73"),
]


def found(root: Path) -> dict[str, Any]:
    """Return the findings of a folder by rule."""
    return {finding.rule: finding for finding in scan_all(scope_of(root)).findings}


@pytest.mark.parametrize(("path", "text", "named"), KINDS, ids=[f"{kind[0]}-{n}" for n, kind in enumerate(KINDS)])
def test_a_requirement_of_every_kind_keeps_a_rewrite_from_being_safe(
    tmp_path: Path, path: str, text: str, named: str
) -> None:
    (tmp_path / "app.py").write_text(APP)
    assert found(tmp_path)["autoscaler-rename"].applicability is Applicability.SAFE
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text)
    after = found(tmp_path)
    assert after["autoscaler-rename"].applicability is Applicability.REVIEW
    assert after["autoscaler-rename"].evidence[0] == f"needs modal >= 0.73.76; {named}"
    assert after["gpu-object"].applicability is Applicability.SAFE
    assert not any("needs modal" in line for line in after["gpu-object"].evidence)


@pytest.mark.parametrize(
    ("lists", "rules"),
    [
        ({"uv.lock": LOCK.replace("0.73.5", "1.5.1"), "requirements.txt": "modal>=1.0\n"}, {"asks"}),
        ({"requirements.txt": "modal>=1.4\n"}, {"asks"}),
        ({"requirements.txt": "modal>=1.4\n", "Dockerfile": "RUN pip install modal==0.66.0\n"}, {"asks", "follows"}),
        ({"requirements.txt": "modal>=1.3\n"}, {"asks", "follows"}),
        ({}, {"asks", "follows"}),
    ],
)
def test_what_a_repository_has_lived_with_is_not_changed(
    tmp_path: Path, lists: dict[str, str], rules: set[str]
) -> None:
    lines = [f'subprocess.run(["modal", "app", "{command}", "a"])' for command in ("logs", "stop")]
    (tmp_path / "a.py").write_text("\n".join(["import subprocess", *lines, ""]))
    for path, text in lists.items():
        (tmp_path / path).write_text(text)
    assert set(found(tmp_path)) == rules


def test_a_requirement_in_an_image_counts(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(IN_IMAGE)
    (finding,) = (f for f in scan_all(scope_of(tmp_path)).findings if f.rule == "autoscaler-rename")
    assert finding.applicability is Applicability.REVIEW
    assert finding.evidence[0] == "needs modal >= 0.73.76; app.py:3 installs modal==0.73.5"


def test_what_a_document_tells_people_to_install_counts_where_nothing_else_installs(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "README.md").write_text("Run `pip install modal==0.73.5`.\n")
    told = found(tmp_path)["autoscaler-rename"]
    said = "needs modal >= 0.73.76; README.md:1 tells people to install modal==0.73.5"
    assert (told.applicability, told.evidence[0]) == (Applicability.REVIEW, said)
    (tmp_path / "requirements.txt").write_text("modal==0.77.0\n")
    told = found(tmp_path)["autoscaler-rename"]
    assert (told.applicability, told.evidence[0]) == (Applicability.SAFE, said)


def test_what_a_document_beside_the_code_tells_people_counts_but_for_what_installs_its_own(tmp_path: Path) -> None:
    for path, text in {
        "infra/app.py": APP,
        "infra/README.md": "Run `pip install modal==0.66.0`.\n",
        ".github/workflows/a.yml": "x:\n  - run: pip install modal==1.1.3\n  - run: modal deploy infra.app\n",
        "other/app.py": APP,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    needing = [f for f in scan_all(scope_of(tmp_path)).findings if f.rule in {"autoscaler-rename", "module-mode"}]
    assert {f.site.path: f.applicability for f in needing} == {
        "infra/app.py": Applicability.REVIEW,
        ".github/workflows/a.yml": Applicability.SAFE,
        "other/app.py": Applicability.SAFE,
    }


@pytest.mark.parametrize(
    "text", ["modal\n", "modal>=0.60\n", "modal==0.73.76\n", "modal~=0.73.5\n", "modal<1\n", "modal>=1.1,<1.4\n"]
)
def test_a_requirement_that_allows_what_is_needed_keeps_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "requirements.txt").write_text(text)
    assert found(tmp_path)["autoscaler-rename"].applicability is Applicability.SAFE


def test_several_are_counted(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    for name in ("a", "b", "c"):
        (tmp_path / f"requirements-{name}.txt").write_text("modal==0.73.5\n")
    said = found(tmp_path)["autoscaler-rename"].evidence[0]
    assert said == "needs modal >= 0.73.76; requirements-a.txt:1 installs modal==0.73.5, as do 2 more"


def test_the_list_of_another_project_in_the_repository_does_not_count(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "app.py").write_text(APP)
    (tmp_path / "two" / "requirements.txt").write_text("modal==0.73.5\n")
    levels = {
        f.site.path: f.applicability.value for f in scan_all(scope_of(tmp_path)).findings if f.section == "autoscaler"
    }
    assert levels == {"one/app.py": "safe", "two/app.py": "review"}


def test_what_a_workflow_runs_may_be_of_any_project(tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "app.py").write_text(APP)
    (tmp_path / "two" / "__init__.py").write_text("")
    (tmp_path / "two" / "requirements.txt").write_text("modal==0.71.8\n")
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/a.yml").write_text("jobs:\n  a:\n    steps:\n      - run: modal deploy two.app\n")
    (finding,) = (f for f in scan_all(scope_of(tmp_path)).findings if f.section == "module-mode")
    assert finding.applicability is Applicability.REVIEW
    assert finding.evidence[0].startswith("needs modal >= 0.73.58; two/requirements.txt:1 installs modal==0.71.8")


def test_the_list_above_a_single_file_counts(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop", {"app.py": APP, "requirements.txt": "modal==0.73.5\n"})
    assert found(root / "app.py")["autoscaler-rename"].applicability is Applicability.REVIEW


def test_what_an_empty_need_is_held_against_is_nothing() -> None:
    pins = pins_of("requirements.txt", b"modal==0.50\n")
    assert too_old(pins, "", ["a.py"]) == ()
    assert too_old(pins, "0.60", ["a.py"]) == pins


def test_json_tells_what_is_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "app.py").write_text(APP)
    main(["scan", "--format", "json", str(tmp_path)])
    said = json.loads(capsys.readouterr().out)["findings"]
    assert {finding["rule"]: finding["needs"] for finding in said} == {
        "autoscaler-rename": "0.73.76",
        "gpu-object": None,
    }


def test_text_tells_how_many_findings_a_requirement_is_too_old_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "requirements.txt").write_text("modal==0.73.5\n")
    main(["scan", str(tmp_path)])
    assert "too old for what 1 finding would become\n" in capsys.readouterr().out


# --- at the end of apply ---------------------------------------------------------------------------------------------

PINNED = {"app.py": APP, "requirements.txt": "modal==0.73.5\n", "uv.lock": LOCK}


def applied(root: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    main(["apply", str(root), *options])
    return capsys.readouterr().out.splitlines()


def test_apply_leaves_what_the_pin_cannot_run_unless_all_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_repository(tmp_path / "shop", PINNED)
    said = applied(root, capsys)
    assert "keep_warm" in (root / "app.py").read_text()
    assert said[-1].startswith("1 finding left (1 review)")


def test_apply_ends_with_the_pins_that_are_too_old(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_repository(tmp_path / "shop", PINNED)
    said = applied(root, capsys, "--all")
    assert (
        said[-1] == "2 pins are too old for what was written: --raise-pin, update uv.lock with the tool that made it."
    )


def test_nothing_is_said_when_they_are_raised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_repository(tmp_path / "shop", {**PINNED, "uv.lock": ""})
    said = applied(root, capsys, "--all", "--raise-pin")
    assert (root / "requirements.txt").read_text() == "modal==1.6.4\n"
    assert not any("too old" in line for line in said)


def test_a_lock_is_told_of_after_raising(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_repository(tmp_path / "shop", PINNED)
    said = applied(root, capsys, "--all", "--raise-pin", "--commit")
    assert said[-1] == "1 pin is too old for what was written: update uv.lock with the tool that made it."


def test_one_that_is_too_old_is_told_of_in_the_singular(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_repository(tmp_path / "shop", {**PINNED, "uv.lock": ""})
    assert applied(root, capsys, "--all")[-1] == "1 pin is too old for what was written: --raise-pin."


def test_a_pin_outside_of_what_was_asked_for_is_raised_by_hand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_repository(tmp_path / "shop", {**PINNED, "uv.lock": ""})
    said = applied(root / "app.py", capsys, "--all", "--raise-pin")
    assert said[-1] == "1 pin is too old for what was written: raise it by hand in requirements.txt."
    assert (root / "requirements.txt").read_text() == "modal==0.73.5\n"


def test_the_report_ends_with_them(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop", {**PINNED, "uv.lock": ""})
    report = tmp_path / "report.md"
    main(["apply", str(root), "--all", "--commit", "--report", str(report)])
    text = report.read_text()
    assert text.endswith("\n1 pin is too old for what was written: --raise-pin.\n")
    assert "Raise the pin" not in text


def test_what_was_written_earlier_counts_as_well(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop", PINNED)
    migration = Migration(scope_of(root))
    for _ in migration.scan():
        pass
    (rename,) = (f for f in migration.findings("autoscaler"))
    migration.accept(rename)
    migration.landed(migration.preview(migration.sections[0]), "")
    assert migration.session.landings[-1].needs == (("app.py", "0.73.76"),)


# --- raising ---------------------------------------------------------------------------------------------------------

OLD_NAMES = {
    "requirements.txt": "modal-client\n",
    "a/pyproject.toml": '[tool.poetry.dependencies]\nmodal-client = "^0.60"\n',
    "Dockerfile": "RUN pip install modal-client==0.62.5\n",
    ".github/workflows/ci.yml": "- run: pip install 'modal==0.71.8'\n",
    "deploy.sh": "pip install modal-client\n",
    "environment.yml": "dependencies:\n  - pip:\n    - modal-client==0.60.1\n",
}
RENAMED = {
    "requirements.txt": "modal\n",
    "a/pyproject.toml": '[tool.poetry.dependencies]\nmodal = "^1.6"\n',
    "Dockerfile": "RUN pip install modal==1.6.4\n",
    ".github/workflows/ci.yml": "- run: pip install 'modal==1.6.4'\n",
    "deploy.sh": "pip install modal\n",
    "environment.yml": OLD_NAMES["environment.yml"],
}


@pytest.mark.parametrize("commit", [True, False], ids=["commit", "written"])
def test_the_old_name_goes_wherever_it_may(tmp_path: Path, capsys: pytest.CaptureFixture[str], commit: bool) -> None:
    root = make_repository(tmp_path / "shop", {"app.py": APP, **OLD_NAMES})
    applied(root, capsys, "--raise-pin", *(["--commit"] if commit else []))
    assert {path: (root / path).read_text() for path in OLD_NAMES} == RENAMED
    assert bool(git(root, "status", "--porcelain")) is not commit


def test_the_old_name_is_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_repository(tmp_path / "shop", {"app.py": APP, **OLD_NAMES})
    main(["scan", str(root)])
    said = capsys.readouterr().out
    assert "(modal-client is modal's old name: its 1.0.0 raises when it is imported)\n" in said
    assert "raises when it is imported, and must be renamed by hand here)\n" in said


def test_decisions_outlive_the_raising_of_a_pin_in_the_same_file(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop", {"app.py": IN_IMAGE})
    migration = Migration(scope_of(root))
    for _ in migration.scan():
        pass
    skipped = migration.findings("gpu")[0]
    migration.skip([skipped], "later")
    from modal_wizard.migration.options import RunOptions
    from modal_wizard.migration.requirements import changes
    from modal_wizard.migration.write import SectionWriter

    files = changes(migration.scope)
    SectionWriter(migration, None, RunOptions(), None).write_requirements(files)  # type: ignore[arg-type]
    assert 'pip_install("modal==1.6.4")' in (root / "app.py").read_text()
    (again,) = migration.findings("gpu")
    assert migration.decision(again).reason == "later"
    (rename,) = migration.findings("autoscaler")
    assert rename.applicability is Applicability.SAFE


# --- on the way to another version than the newest -------------------------------------------------------------------


def test_a_pin_is_raised_to_the_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        "requirements.txt": "modal==0.73.5\n",
        "dev/requirements.txt": "modal==1.3.0\n",
        "pyproject.toml": "x = ['modal<1']\n",
    }
    root = make_repository(tmp_path / "shop", {"app.py": APP, **files})
    said = applied(root, capsys, "--all", "--raise-pin", "--commit", "--target", "1.2.0")
    assert any(
        line.startswith(
            "raised modal<1 to modal>=1.2,<1.3 (pyproject.toml); modal==0.73.5 to modal==1.2.0 (requirements.txt), "
        )
        for line in said
    )
    assert (root / "requirements.txt").read_text() == "modal==1.2.0\n"
    assert (root / "dev/requirements.txt").read_text() == "modal==1.3.0\n"
    assert (root / "pyproject.toml").read_text() == "x = ['modal>=1.2,<1.3']\n"
    assert git(root, "log", "-1", "--format=%s").strip() == "Modal 1.0: require modal 1.2"


MOUNTED = """\
import modal

app = modal.App("a")
image = modal.Image.debian_slim()


@app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data", recursive=False)])
def f(): ...
"""


def test_what_the_target_cannot_run_is_not_safe(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(MOUNTED)
    (tmp_path / "data").mkdir()
    (newest,) = scan_all(scope_of(tmp_path)).findings
    assert newest.needs == "0.76.0"
    assert not any("target" in line for line in newest.evidence)
    (finding,) = scan_all(scope_of(tmp_path, Goal("0.75.0"))).findings
    assert finding.applicability is Applicability.REVIEW
    assert finding.evidence[0] == "needs modal >= 0.76.0, which is newer than the target 0.75.0"


def test_a_lock_that_keeps_the_target_out_is_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"pyproject.toml": "x = ['modal>=0.60']\n", "uv.lock": LOCK.replace("0.73.5", "1.3.0.post1")}
    root = make_repository(tmp_path / "shop", {"app.py": APP, **files})
    said = applied(root, capsys, "--all", "--raise-pin")
    assert "raised modal>=0.60 to modal>=1.6 (pyproject.toml); update uv.lock with the tool that made it" in said
    assert "too old" not in said[-1]
