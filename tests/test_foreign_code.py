"""Files of the scanned repository are read, never run: whatever they are called and wherever Python looks first."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.gitbox import own_settings

NAMES = (
    "__future__ argparse ast asyncio base64 collections contextlib dataclasses difflib enum functools git gitdb "
    "hashlib json libcst modal modal_transforms pathlib random re secrets session signal smmap ssl "
    "stat subprocess symbols tempfile textual threading tokenize transforms tree_sitter types typing "
    "typing_extensions warnings wizard rich pygments markdown_it"
).split()
"""What hostile files are called; what the interpreter itself loads before our first line is not among them."""
LEGACY = "import modal\napp = modal.App()\n@app.function(keep_warm=1)\ndef f(): ...\n"
SCRIPT = Path(sys.executable).with_name("modal-wizard")
INSTALLERS = re.findall(r"^import (\w+)$", SCRIPT.read_text(encoding="utf-8"), re.MULTILINE)
"""What the script that pip wrote imports before it imports us; older ones import ``re``."""
BEFORE_US = {
    name.partition(".")[0]
    for name in subprocess.run(
        [sys.executable, "-c", f"import runpy, {', '.join([*INSTALLERS, 'sys'])}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
}
"""What Python has loaded, or loads for ``-m``, before any line of ours: nobody's program can keep that out."""


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    own_settings(monkeypatch, tmp_path)
    root = tmp_path / "repo"
    root.mkdir()
    for name in set(NAMES) - BEFORE_US:
        (root / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r} + ' ')\n")
    (root / "app.py").write_text(LEGACY)
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "start"]):
        subprocess.run(["git", *arguments], cwd=root, check=True)
    return root


@pytest.mark.parametrize(
    ("command", "path"),
    [
        pytest.param([str(SCRIPT)], ".", id="dot"),
        pytest.param([str(SCRIPT)], "/nowhere:../repo", id="relative"),
        pytest.param([str(SCRIPT)], ":/nowhere", id="empty entry"),
        pytest.param([sys.executable, "-m", "modal_wizard"], "", id="python -m"),
    ],
)
def test_nothing_of_the_repository_is_imported(hostile: Path, command: list[str], path: str) -> None:
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run([*command, "apply", "--commit"], cwd=hostile, env=environment, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert not (hostile.parent / "ran").exists(), (hostile.parent / "ran").read_text()
    assert "min_containers" in (hostile / "app.py").read_text()
    assert subprocess.run(["git", "rev-list", "--count", "HEAD"], cwd=hostile, capture_output=True).stdout == b"2\n"


def test_hooks_find_the_persons_path(hostile: Path) -> None:
    hook = hostile / ".git/hooks/pre-commit"
    hook.write_text('#!/bin/sh\necho "$PYTHONPATH" > "$(git rev-parse --git-dir)/path"\n')
    hook.chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": ".:/somewhere"}
    subprocess.run([SCRIPT, "apply", "--commit"], cwd=hostile, env=environment, capture_output=True, check=False)
    assert (hostile / ".git/path").read_text() == ".:/somewhere\n"


def test_a_path_that_names_what_python_needs_takes_nothing_away(hostile: Path) -> None:
    import libcst

    installed = Path(str(libcst.__file__)).parents[1]
    environment = {**os.environ, "PYTHONPATH": f"{installed}:{Path(os.__file__).parent}"}
    done = subprocess.run([SCRIPT, "apply", "--diff"], cwd=hostile, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert "+@app.function(min_containers=1)" in done.stdout


def test_a_copy_found_by_the_path_alone_still_runs(hostile: Path, tmp_path: Path) -> None:
    import modal_transforms
    import modal_wizard

    for package in (modal_wizard, modal_transforms):
        folder = Path(str(package.__file__)).parent
        shutil.copytree(folder, tmp_path / "copy" / folder.name)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "copy")}
    done = subprocess.run(
        [sys.executable, "-m", "modal_wizard", "--version"], cwd=hostile, env=environment, capture_output=True
    )
    assert done.stdout.startswith(b"modal-wizard ")
