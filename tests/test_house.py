"""The house keeps its own rules: who may import what, and how big things may grow."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import modal_transforms
import modal_wizard

TRANSFORMS = Path(str(modal_transforms.__file__)).parent
WIZARD = Path(str(modal_wizard.__file__)).parent
MODULES = sorted([*TRANSFORMS.rglob("*.py"), *WIZARD.rglob("*.py")])
IDS = [
    str(
        path.relative_to(
            path.parents[
                len(path.parts)
                - path.parts.index("modal_wizard" if "modal_wizard" in path.parts else "modal_transforms")
                - 1
            ]
        )
    )
    for path in MODULES
]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_a_module_imports_only_what_its_place_allows(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(path)}
    if TRANSFORMS in path.parents:
        assert not roots & {"modal_wizard", "textual", "git", "subprocess", "socket"}
    if path != WIZARD / "git/runner.py":
        assert "git" not in roots
    if "tui" not in path.parts:
        assert "textual" not in roots
    assert "modal" not in roots


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_a_module_stays_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or 0) - node.lineno + 1 <= 40, f"{node.name} has grown too long"


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_what_is_public_says_what_it_does(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


def module_of(path: Path) -> ModuleType:
    root = TRANSFORMS if TRANSFORMS in path.parents else WIZARD
    parts = path.relative_to(root.parent).with_suffix("").parts
    return importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))


@pytest.mark.parametrize("path", [path for path in MODULES if path.name != "__main__.py"])
def test_a_class_has_at_most_two_ancestors_of_ours(path: Path) -> None:
    module = module_of(path)
    for kind in vars(module).values():
        if inspect.isclass(kind) and kind.__module__ == module.__name__:
            ours = [each for each in kind.__mro__ if each.__module__.startswith(("modal_wizard", "modal_transforms"))]
            assert len(ours) <= 3, f"{kind.__name__}: {[each.__name__ for each in ours]}"


def test_scanning_loads_no_heavy_library(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import modal\napp = modal.App()\n@app.function(keep_warm=1)\ndef f(): ...\n")
    script = (
        "import sys\n"
        "from modal_wizard.cli.main import main\n"
        f"code = main(['scan', {str(tmp_path)!r}])\n"
        "heavy = {'libcst', 'textual', 'git'} & set(sys.modules)\n"
        "sys.exit(100 if heavy else code)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "keep_warm is now min_containers" in done.stdout


def module_name(path: Path) -> str:
    package = TRANSFORMS if TRANSFORMS in path.parents else WIZARD
    return ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")


def imports_within(path: Path, known: set[str]) -> set[str]:
    """Return the modules of ours that a module imports: at the top, inside functions, and for its types."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            named = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {name if name in known else str(node.module) for name in named} & known
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & known
    return found


def test_no_module_of_the_transforms_imports_itself_by_way_of_others() -> None:
    names = {module_name(path): path for path in MODULES if TRANSFORMS in path.parents}
    arrows = {name: imports_within(path, set(names)) for name, path in names.items()}
    while free := {name for name, imports in arrows.items() if not imports & set(arrows)}:
        arrows = {name: imports for name, imports in arrows.items() if name not in free}
    assert not arrows


def test_no_two_classes_of_the_transforms_have_one_name() -> None:
    homes: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body if TRANSFORMS in path.parents else ():
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(module_name(path))
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}
