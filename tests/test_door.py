"""What a newcomer reads first is true: the tree in the README, the commands, the paths, and what CI runs."""

from __future__ import annotations

import ast
import re
import shlex
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PACKAGES = ("wizard/modal_wizard", "transforms/modal_transforms")
NOT_ON_WINDOWS = {"fcntl", "grp", "pty", "pwd", "resource", "termios", "tty", "support.terminal"}


# --- the tree in the README ------------------------------------------------------------------------------------------


def named(package: str) -> list[str]:
    """Return the rooms and modules that the README's tree has below a package, in its order."""
    lines = README.partition(f"```\n{PACKAGES[0]}/\n")[2].partition("```")[0]
    block = f"{PACKAGES[0]}/\n{lines}".partition(f"{package}/\n")[2]
    found, room = [], ""
    for line in block.splitlines():
        entry = re.fullmatch(r"(  |    )(\w+(?:/|\.py)) {2,}\S.*", line)
        if entry is None:
            break
        room = entry[2] if entry[1] == "  " else room
        found.append(entry[2] if entry[1] == "  " else room + entry[2])
    return found


def existing(package: str) -> set[str]:
    """Return the folders of code that a package has on two levels, and the modules that are in none of them.

    The packages in ``sections`` are one room: there is one for each section.
    """
    top = ROOT / package
    folders = {f"{path.parent.relative_to(top).as_posix()}/" for path in top.rglob("__init__.py")} - {"./"}
    rooms = {folder for folder in folders if folder.count("/") < 3 and not re.match("sections/.", folder)}
    return rooms | {path.name for path in top.glob("*.py")} - {"__init__.py"}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_tree_names_every_room_once_and_no_other(package: str) -> None:
    rooms = named(package)
    assert set(rooms) == existing(package), "README.md, How it is built"
    assert len(rooms) == len(set(rooms))


@pytest.mark.parametrize(
    ("package", "container"),
    [
        (PACKAGES[0], "modal_wizard"),
        (PACKAGES[0], "modal_wizard.tui"),
        (PACKAGES[1], "modal_transforms"),
    ],
)
def test_the_tree_goes_in_the_direction_of_imports(package: str, container: str) -> None:
    contract = re.search(rf'containers = \["{re.escape(container)}"\]\nlayers = (\[.*?\])\n', PYPROJECT, re.DOTALL)
    assert contract
    level = {
        name.strip(" ()"): number
        for number, layer in enumerate(ast.literal_eval(contract[1]))
        for name in re.split(r"[|:]", layer)
    }
    inside = "".join(f"{part}/" for part in container.split(".")[1:])
    rooms = [room.removeprefix(inside).removesuffix("/").removesuffix(".py") for room in named(package)]
    levels = [level[room] for room in rooms if room in level]
    assert len(levels) > 3
    assert levels == sorted(levels)


# --- what can be typed and looked up ---------------------------------------------------------------------------------


def commands(text: str) -> list[list[str]]:
    """Return the commands of the shell blocks of a document, by their words."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(command, comments=True) for line in lines for command in line.split("&&")]


def scripts() -> set[str]:
    """Return the programs that what is installed here brings along."""
    points = (point for each in distributions() for point in each.entry_points if point.group == "console_scripts")
    return {point.name for point in points} | {"python", "pip", "ruff"}  # ruff is a program of its own


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README.md", "CONTRIBUTING.md"])
def test_every_command_can_be_typed(text: str) -> None:
    typed = commands(text)
    assert typed
    for program, *words in typed:
        folder, _, name = program.rpartition("/")
        if folder.endswith(".venv/bin"):
            assert name in scripts(), name
        elif folder:
            assert (ROOT / program).is_file(), program
        else:
            assert name in {"cd", "python3", "uv", "uvx"}, name
        paths = [word for word in words if "/" in word and not word.startswith("-")]
        assert all((ROOT / path).exists() for path in paths), paths


def test_contributing_names_what_is_there() -> None:
    places = (ROOT, *(ROOT / package for package in PACKAGES))
    paths = re.findall(r"`([\w./-]+/[\w.-]*)`", CONTRIBUTING.replace(".venv/bin/", ""))
    assert len(paths) > 20
    assert [path for path in paths if not any((place / path).exists() for place in places)] == []


def test_a_section_takes_ten_lines() -> None:
    steps = CONTRIBUTING.partition("## Add a section")[2].partition("\n## ")[0]
    assert re.findall(r"^(\d+)\. ", steps, re.MULTILINE) == [str(number) for number in range(1, 11)]


# --- what CI runs ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    """The jobs of the workflow."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert {"push", "pull_request"} <= workflow[True].keys()  # YAML reads the bare word "on" so
    jobs = workflow["jobs"]
    assert isinstance(jobs, dict)
    return jobs


def ran(job: dict[str, Any]) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def test_ci_runs_the_same_checks_on_every_python_and_two_systems(jobs: dict[str, Any]) -> None:
    job = jobs["all"]
    assert ran(job) == [".ci/run"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    assert job["strategy"]["matrix"] == {
        "os": ["ubuntu-latest", "macos-latest"],
        "python": ["3.10", "3.11", "3.12", "3.13", "3.14"],
    }
    assert 'requires-python = ">=3.10"' in PYPROJECT


def imports(path: Path) -> set[str]:
    """Return the names of modules that a test file imports, by way of our own helpers too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    helpers = {ROOT / "tests" / f"{name.replace('.', '/')}.py" for name in found if name.startswith("support.")}
    return found.union(*(imports(helper) for helper in helpers if helper.is_file() and helper.name != "sdk.py"))


def test_ci_runs_on_windows_what_needs_no_terminal(jobs: dict[str, Any]) -> None:
    (tests,) = (run for run in ran(jobs["windows"]) if "pytest" in run)
    files = [word for word in tests.split() if word.endswith(".py")]
    assert len(files) > 30
    assert len(files) == len(set(files))
    for file in files:
        assert not imports(ROOT / file) & NOT_ON_WINDOWS, file
