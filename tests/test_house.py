"""The house keeps its own rules: how big things may grow, what they must say, and who alone may use a library.

Which way imports go is in the contracts of ``lint-imports`` (pyproject.toml).
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import modal_transforms
import modal_wizard

PACKAGES = [Path(str(package.__file__)).parent for package in (modal_transforms, modal_wizard)]
MODULES = {path.relative_to(root.parent).as_posix(): path for root in PACKAGES for path in sorted(root.rglob("*.py"))}
TESTS = Path(__file__).parent
DOORS = {
    "git": {"modal_wizard/git/runner.py"},
    "libcst": {"modal_transforms/rewrite/layout.py", "modal_transforms/analysis/newer_syntax.py"},
}
"""Libraries with one door, and the modules that may import them; `textual` has a folder."""
STARTS_PROGRAMS = {"subprocess", "socket"}
"""What nothing in the transforms may import: they neither start programs nor connect."""

every_module = pytest.mark.parametrize("name", MODULES)
Classes = Mapping[str, tuple[str, ...]]


@cache
def text_of(name: str) -> str:
    return MODULES[name].read_text(encoding="utf-8")


@cache
def nodes(name: str) -> tuple[ast.AST, ...]:
    """All nodes of a module, which is parsed once; itself is the first."""
    return tuple(ast.walk(ast.parse(text_of(name))))


def imported(name: str) -> Iterator[str]:
    for node in nodes(name):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def classes() -> Classes:
    """All classes by module and name, each with the names of its bases."""
    return {
        f"{name}:{node.name}": tuple(re.split(r"[.\[]", ast.unparse(base).partition("[")[0])[-1] for base in node.bases)
        for name in MODULES
        for node in nodes(name)
        if isinstance(node, ast.ClassDef)
    }


@every_module
def test_libraries_with_one_door_are_imported_there_alone(name: str) -> None:
    roots = {each.split(".")[0] for each in imported(name)}
    assert {library for library, doors in DOORS.items() if library in roots and name not in doors} == set()
    assert "modal" not in roots
    assert "textual" not in roots or name.startswith("modal_wizard/tui/")
    assert not (roots & STARTS_PROGRAMS and name.startswith("modal_transforms/"))


@every_module
def test_a_module_stays_small(name: str) -> None:
    assert text_of(name).count("\n") <= 400
    for node in nodes(name):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or 0) - node.lineno + 1 <= 40, f"{node.name} has grown too long"


@every_module
def test_what_is_public_says_what_it_does(name: str) -> None:
    tree = nodes(name)[0]
    assert isinstance(tree, ast.Module)
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


@pytest.mark.parametrize("root", PACKAGES, ids=lambda root: root.name)
def test_the_hall_of_a_package_holds_five_modules_at_most(root: Path) -> None:
    assert len([path for path in root.glob("*.py") if path.name != "__init__.py"]) <= 5


def test_a_class_has_two_ancestors_of_ours_at_most() -> None:
    bases: dict[str, set[str]] = {}
    for place, names in classes().items():
        bases.setdefault(place.partition(":")[2], set()).update(names)

    def ancestors(name: str) -> set[str]:
        own = {base for base in bases.get(name, ()) if base in bases and base != name}
        return own.union(*map(ancestors, own))

    assert {name: sorted(found) for name in bases if len(found := ancestors(name)) > 2} == {}


def test_no_two_public_classes_have_the_same_name() -> None:
    """One word has one meaning. A message inside a widget's class is the widget's own, a private class its module's."""
    top = [
        node.name
        for name in MODULES
        for node in getattr(nodes(name)[0], "body", ())
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert [name for name, times in Counter(top).items() if times > 1] == []


def test_no_test_sleeps() -> None:
    """What takes its time tells by an event: a pipe, a process that ends, messages that are handled (`settle`)."""
    sleeping = re.compile(r"\bsleep\(")
    found = [path.name for path in sorted(TESTS.rglob("*.py")) if sleeping.search(path.read_text(encoding="utf-8"))]
    assert found == []


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
