"""Private names of Textual stand in ``tui/textual_ext/`` only, where each module says what they buy."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import textual
from textual.screen import Screen

import modal_wizard.tui

TUI = Path(str(modal_wizard.tui.__file__)).parent
DOOR = TUI / "textual_ext"
TEXTUAL = Path(str(textual.__file__)).parent
MODULES = [path for path in sorted(TUI.rglob("*.py")) if DOOR not in path.parents]


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def defined(tree: ast.AST) -> set[str]:
    """Return the private names that a class, or the classes of a module, give their objects."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            names |= {each.name for each in node.body if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))}
            names |= {each.id for line in node.body for each in targets(line) if isinstance(each, ast.Name)}
        names |= {each.attr for each in targets(node) if isinstance(each, ast.Attribute) and is_own(each.value)}
    return set(filter(is_private, names))


def targets(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what a statement gives a value to."""
    if isinstance(node, ast.AnnAssign):
        yield node.target
    elif isinstance(node, ast.Assign):
        yield from (part for target in node.targets for part in ast.walk(target) if isinstance(part, ast.expr))


@cache
def all_of_textual() -> set[str]:
    return {name for path in TEXTUAL.rglob("*.py") for name in defined(ast.parse(path.read_text(encoding="utf-8")))}


@cache
def of_class(kind: type) -> frozenset[str]:
    return frozenset(defined(ast.parse(textwrap.dedent(inspect.getsource(kind)))))


def of_textual(kind: type) -> set[str]:
    """Return the private names that a class has from Textual."""
    own = (each for each in kind.__mro__ if each.__module__.split(".")[0] == "textual")
    return {name for each in own for name in of_class(each)}


def faults(source: str, classes: dict[str, type]) -> Iterator[str]:
    """Yield the uses of Textual's private names in a module, given its classes by name."""
    tree = ast.parse(source)
    foreign = all_of_textual() - defined(tree)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            named = [alias.name for alias in node.names]
            parts = ".".join([node.module or "", *named] if isinstance(node, ast.ImportFrom) else named).split(".")
            if "textual" in parts and any(map(is_private, parts)):
                yield f"{node.lineno}: import of {'.'.join(parts)}"
        elif isinstance(node, ast.ClassDef) and node.name in classes:
            inherited = of_textual(classes[node.name])
            yield from (f"{node.name} has Textual's {name}" for name in sorted(inherited & defined(node)))
            for each in ast.walk(node):
                if isinstance(each, ast.Attribute) and each.attr in inherited and is_own(each.value):
                    yield f"{each.lineno}: {node.name} uses Textual's {each.attr}"
        elif isinstance(node, ast.Attribute) and not is_own(node.value) and node.attr in foreign:
            yield f"{node.lineno}: {ast.unparse(node)}"


def is_own(node: ast.expr) -> bool:
    """Tell whether an expression is the object itself."""
    return ast.unparse(node) in {"self", "cls", "super()"}


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(TUI)) for path in MODULES])
def test_private_names_of_textual_stand_behind_one_door(path: Path) -> None:
    module = importlib.import_module(".".join(["modal_wizard.tui", *path.relative_to(TUI).with_suffix("").parts]))
    classes = {name: each for name, each in vars(module).items() if inspect.isclass(each)}
    assert list(faults(path.read_text(encoding="utf-8"), classes)) == []


@pytest.mark.parametrize("path", sorted(DOOR.glob("[!_]*.py")), ids=lambda path: path.name)
def test_each_module_behind_the_door_says_what_its_private_names_buy(path: Path) -> None:
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert "Private: " in doc
    assert "Buys: " in doc


@pytest.mark.parametrize(
    "line",
    [
        "from textual._styles_cache import StylesCache",
        "import textual._compose",
        "class Own(Screen[None]):\n    def draw(self): self._compositor.reflow()",
        "class Own(Screen[None]):\n    def _on_timer_update(self): ...",
        "def draw(app): app._handle_exception(ValueError())",
    ],
)
def test_a_private_name_of_textual_is_seen(line: str) -> None:
    assert list(faults(line, {"Own": Screen}))
