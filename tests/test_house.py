"""The house keeps its own rules: how big things may grow, what they must say, and who alone may use a library.

Which way imports go is in the contracts of ``lint-imports`` (pyproject.toml).
"""

from __future__ import annotations

import ast
import importlib
import inspect
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
from modal_transforms.core.patterns import Uncompiled

pytestmark = pytest.mark.xdist_group("house")  # each module is parsed once, not once a worker

PACKAGES = [Path(str(package.__file__)).parent for package in (modal_transforms, modal_wizard)]
MODULES = {path.relative_to(root.parent).as_posix(): path for root in PACKAGES for path in sorted(root.rglob("*.py"))}
TESTS = Path(__file__).parent
DOORS = {"git": {"modal_wizard/git/runner.py"}, "libcst": {"modal_transforms/analysis/newer_syntax.py"}}
"""Libraries with one door, and the modules that may import them; `textual` has a folder."""
STARTS_PROGRAMS = {"subprocess", "socket"}
"""What nothing in the transforms may import: they neither start programs nor connect."""


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


def test_libraries_with_one_door_are_imported_there_alone() -> None:
    for name in MODULES:
        roots = {each.split(".")[0] for each in imported(name)}
        assert {library for library, doors in DOORS.items() if library in roots and name not in doors} == set(), name
        assert "modal" not in roots, name
        assert "textual" not in roots or name.startswith("modal_wizard/tui/"), name
        assert not (roots & STARTS_PROGRAMS and name.startswith("modal_transforms/")), name


def test_a_module_stays_small() -> None:
    grown = [name for name in MODULES if text_of(name).count("\n") > 400]
    grown += [
        f"{name}: {node.name}"
        for name in MODULES
        for node in nodes(name)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        if (node.end_lineno or 0) - node.lineno + 1 > 40
    ]
    assert not grown, "\n".join(grown)


def test_what_is_public_says_what_it_does() -> None:
    silent: list[str] = []
    for name in MODULES:
        tree = nodes(name)[0]
        assert isinstance(tree, ast.Module)
        public = [
            node
            for node in tree.body
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_")
        ]
        silent += [name] * (not ast.get_docstring(tree))
        silent += [f"{name}: {node.name}" for node in public if not ast.get_docstring(node)]
    assert not silent, "\n".join(silent)


@pytest.mark.parametrize("root", PACKAGES, ids=lambda root: root.name)
def test_the_hall_of_a_package_holds_five_modules_at_most(root: Path) -> None:
    assert len([path for path in root.glob("*.py") if path.name != "__init__.py"]) <= 5


def test_a_class_has_two_ancestors_of_ours_at_most() -> None:
    for name in [name for name in MODULES if not name.endswith("__main__.py")]:
        module = importlib.import_module(name.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        for kind in [each for each in vars(module).values() if inspect.isclass(each)]:
            ours = [each for each in kind.__mro__ if each.__module__.startswith(("modal_wizard", "modal_transforms"))]
            assert len(ours) <= 3 or kind.__module__ != module.__name__, f"{kind}: {ours}"


def test_no_two_classes_have_the_same_name() -> None:
    """One word has one meaning. A message inside a widget's class is the widget's own."""
    top = [
        node.name for name in MODULES for node in getattr(nodes(name)[0], "body", ()) if isinstance(node, ast.ClassDef)
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


def test_patterns_are_compiled_when_they_are_used() -> None:
    """One that is wrong would be found out only then: all of them are compiled here."""
    alone = {"modal_wizard/verify/runtime/stand_in_server.py"}  # runs in another environment
    for name in MODULES:
        top = [each for each in getattr(nodes(name)[0], "body", ()) if isinstance(each, (ast.Assign, ast.AnnAssign))]
        assert not any("re.compile(" in ast.unparse(each) for each in top) or name in alone, name
    naming = [name for name in MODULES if "import pattern\n" in text_of(name)]
    modules = [
        importlib.import_module(name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")) for name in naming
    ]
    values = [each for module in modules for each in vars(module).values()]
    values += [part for each in values if isinstance(each, tuple) for part in each]
    patterns = [each for each in values if isinstance(each, Uncompiled)]
    assert len(patterns) > 100
    assert all(each.groups >= 0 for each in patterns)


def imports_within(name: str, known: Mapping[str, str]) -> set[str]:
    """Return the modules of ours that a module imports: at the top, inside functions, and for its types."""
    found: set[str] = set()
    for node in nodes(name):
        if isinstance(node, ast.ImportFrom):
            named = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {each if each in known else str(node.module) for each in named} & set(known)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & set(known)
    return found


def test_no_module_imports_itself_by_way_of_others() -> None:
    known = {name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): name for name in MODULES}
    arrows = {module: imports_within(name, known) for module, name in known.items()}
    while free := {module for module, imports in arrows.items() if not imports & set(arrows)}:
        arrows = {module: imports for module, imports in arrows.items() if module not in free}
    assert not arrows
