"""The action for GitHub's runners, its scripts run here by the same shell; and the workflow that the README shows."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.pilot import DESK

from modal_wizard import __version__

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".github" / "actions" / "modal-wizard"
TEXT = (FOLDER / "action.yml").read_text(encoding="utf-8")
ACTION: dict[str, Any] = yaml.safe_load(TEXT)
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def evaluated(text: str, values: dict[str, str]) -> str:
    """Return text with the runner's expressions replaced."""
    return re.sub(r"\$\{\{ (\S+) \}\}", lambda match: values[match[1]], text)


def run(step: str, values: dict[str, str], folder: Path) -> tuple[int, str]:
    """Run the script of a step as a runner does, taking up what it gives out; return its exit code and output."""
    (found,) = (each for each in STEPS if each.get("id", each.get("name")) == step)
    assert found["shell"] == "bash"
    given = {name: evaluated(value, values) for name, value in found["env"].items()}
    out, summary = folder / f"{step}.out", folder / "summary"
    environment = {**os.environ, **given, "RUNNER_TEMP": str(folder)}
    environment |= {"GITHUB_OUTPUT": str(out), "GITHUB_STEP_SUMMARY": str(summary)}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", found["run"]]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    for line in out.read_text().splitlines() if out.exists() else ():
        name, _, value = line.partition("=")
        values[f"steps.{step}.outputs.{name}"] = value
    return done.returncode, done.stdout + done.stderr


def values(**inputs: str) -> dict[str, str]:
    """Return what the expressions of the action stand for, after it was installed."""
    assert inputs.keys() <= ACTION["inputs"].keys()
    given = {name: each["default"] for name, each in ACTION["inputs"].items()} | inputs
    found = {f"inputs.{name}": value for name, value in given.items()}
    return found | {"steps.install.outputs.command": str(Path(sys.executable).with_name("modal-wizard"))}


def test_every_input_is_used_and_reaches_no_script_as_text() -> None:
    used = set(re.findall(r"inputs\.([\w-]+)", json.dumps(STEPS)))
    assert used == set(ACTION["inputs"])
    scripts = [step["run"] for step in STEPS if "run" in step]
    assert len(scripts) == 3
    assert not any("${{" in script for script in scripts)
    (root,) = re.findall(r"\$GITHUB_ACTION_PATH/(\S+)\"", scripts[0])
    assert (FOLDER / root / "pyproject.toml").resolve() == ROOT / "pyproject.toml"


@pytest.fixture
def shop(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a new file on top of what HEAD has, the working directory."""
    (repository / "-new.py").write_text(DESK)
    monkeypatch.chdir(repository)
    return repository


def test_what_is_found_is_annotated_summed_up_and_given_to_code_scanning(shop: Path, tmp_path: Path) -> None:
    known = values(paths="-new.py\nshop.py\n", since="HEAD", target="1.6.4")
    code, said = run("scan", known, tmp_path)
    assert code == 0
    assert "::warning file=-new.py,line=3,endLine=3,col=" in said
    assert "shop.py" not in said
    results = json.loads(Path(known["steps.scan.outputs.sarif"]).read_text())["runs"][0]["results"]
    assert len(results) == 1
    summary = (tmp_path / "summary").read_text()
    assert summary.startswith("### modal-wizard\n\n~~~~~~~~text\n")
    assert "1 finding on lines changed since HEAD in 1 section" in summary
    assert run("Result", known, tmp_path)[0] == 1
    assert run("Result", known | {"inputs.fail-on-findings": "false"}, tmp_path)[0] == 0


def test_a_scan_that_cannot_begin_fails_and_gives_nothing_to_code_scanning(shop: Path, tmp_path: Path) -> None:
    known = values(since="gone", baseline="known.json")
    code, said = run("scan", known, tmp_path)
    assert code == 0
    assert "There is no baseline known.json." in said
    assert "steps.scan.outputs.sarif" not in known
    assert run("Result", known | {"inputs.fail-on-findings": "false"}, tmp_path)[0] == 2


def test_the_blocks_of_the_readme_name_what_there_is() -> None:
    blocks = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)]
    hooks, workflow = blocks
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in hooks["repos"][0]["hooks"]] == [hook["id"] for hook in offered]
    *_, ours = workflow["jobs"]["modal"]["steps"]
    assert ours["uses"].endswith(f"/{FOLDER.relative_to(ROOT).as_posix()}@v{__version__}")
    assert hooks["repos"][0]["rev"] == f"v{__version__}"
    assert ours["with"].keys() <= ACTION["inputs"].keys()
