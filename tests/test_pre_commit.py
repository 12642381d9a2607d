"""The hooks that are offered to pre-commit: it takes their file, and they do in a repository what they say."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pre_commit.clientlib import load_manifest
from support.pilot import DESK, LEGACY, git, make_repository

from modal_wizard.cli.main import command_of, parser_of

ROOT = Path(__file__).parent.parent
HOOKS: list[dict[str, Any]] = load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_a_hook_is_a_command_that_takes_several_files(hook: dict[str, Any]) -> None:
    program, name, *options = shlex.split(hook["entry"])
    assert program == "modal-wizard"
    parsed = parser_of(command_of(name), name).parse_args([*options, *hook["args"], "a.py", "b/c.md"])
    assert parsed.paths == [Path("a.py"), Path("b/c.md")]
    assert hook["language"] == "python"
    assert hook["require_serial"]


def run(root: Path, *words: str) -> tuple[int, str]:
    """Run a command in a repository with pre-commit and our command on its path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PRE_COMMIT_HOME": str(root.parent / "home")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(words, cwd=root, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def hooked(tmp_path: Path) -> Path:
    """A repository in which pre-commit runs our hooks, without an environment of their own."""
    (tmp_path / "folder").mkdir()
    root = make_repository(tmp_path / "folder" / "shop", LEGACY)
    hooks = [{**hook, "language": "system"} for hook in HOOKS]
    (root / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [{"repo": "local", "hooks": hooks}]}))
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Hooks")
    assert run(root, "pre-commit", "install")[0] == 0
    return root


def test_only_files_that_change_are_looked_at_and_rewritten_before_the_commit(hooked: Path) -> None:
    (hooked / "new.py").write_text(DESK)
    (hooked / "desk.py").write_text(DESK + "# not staged\n")
    git(hooked, "add", "new.py")
    code, said = run(hooked, "git", "commit", "--message", "New")
    assert code == 1
    assert "new.py:3:24: " in said
    assert "lookup: 1 change in 1 file\nNothing is left to migrate." in said
    assert "desk.py" not in said
    assert git(hooked, "status", "--porcelain") == " M desk.py\nAM new.py\n"
    code, said = run(hooked, "git", "commit", "--all", "--message", "All")  # an index of its own, with the old desk.py
    assert code == 1
    assert "desk.py:3:24" in said
    assert (hooked / "desk.py").read_text() == (hooked / "new.py").read_text() + "# not staged\n"
    assert run(hooked, "git", "commit", "--all", "--message", "All")[0] == 0
    assert git(hooked, "log", "-1", "--format=%s", "--name-only").split() == ["All", "desk.py", "new.py"]
    code, said = run(hooked, "pre-commit", "run", "modal-wizard", "--all-files")
    assert code == 1
    assert "3 findings in 1 section" in said
    assert git(hooked, "status", "--porcelain") == ""


@pytest.mark.parametrize("args", [None, ["--section", "lookup"]], ids=["as offered", "with arguments of one's own"])
def test_a_file_that_is_called_like_an_option_is_a_file(hooked: Path, args: list[str] | None) -> None:
    settings = hooked / ".pre-commit-config.yaml"
    if args is not None:
        written = yaml.safe_load(settings.read_text())
        for hook in written["repos"][0]["hooks"]:
            hook["args"] = args
        settings.write_text(yaml.safe_dump(written))
    for name in ("--commit", "--check=touch obeyed"):
        (hooked / name).write_text("text\n")
    (hooked / "new.py").write_text(DESK)
    git(hooked, "add", "--all")
    before = git(hooked, "rev-parse", "HEAD")
    code, said = run(hooked, "git", "commit", "--message", "New")
    assert code == 1
    assert ("new.py:3:24: " in said) is (args is None)
    assert ("is the name of a file as well as an option" in said) is (args is not None)
    assert git(hooked, "rev-parse", "HEAD") == before
    assert not (hooked / "obeyed").exists()
