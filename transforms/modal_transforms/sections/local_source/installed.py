"""The distributions that an image installs: a local module of the same name is not what the container imports."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator

from modal_transforms.analysis.calls import argument
from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.import_scan import script_path
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.paths import known_path
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.image_walk import chain

_INSTALLS = frozenset({"pip_install", "uv_pip_install", "pip_install_private_repos"})
_FILES = {
    "pip_install_from_requirements": (0, "requirements_txt"),
    "pip_install_from_pyproject": (0, "pyproject_toml"),
    "poetry_install_from_file": (0, "poetry_pyproject_toml"),
}
_NAME = pattern(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?=$|[<>=!~;@,\s#])")
_REPOSITORY = pattern(r"(?:git\+|github\.com[/:])[^\s'\"]*?/([\w.-]+?)(?:\.git)?/?(?=$|[@#?\s'\"])")
_COMMAND = pattern(r"\b(?:pip3?|uv)\s+(?:pip\s+)?(?:install|add)\s+([^&|;\n]*)")
_ENTERED = pattern(r"\bcd\s+([^\s&|;]+)")
_QUOTED = pattern(r"[\"']([^\"'\n]+)[\"']")
_TABLE = pattern(r"^\s*\[tool\.poetry[^\]\n]*dependencies\]\s*$(.*?)(?=^\s*\[|\Z)", re.MULTILINE | re.DOTALL)
_BUILD_FILES = {
    "pyproject.toml": pattern(r"^\[(?:project|tool\.poetry)\]\s*$[^[]*?^name\s*=\s*[\"']([\w.-]+)[\"']", re.MULTILINE),
    "setup.cfg": pattern(r"^\[metadata\]\s*$[^[]*?^name\s*=\s*([\w.-]+)", re.MULTILINE),
    "setup.py": pattern(r"\bname\s*=\s*[\"']([\w.-]+)[\"']"),
}
"""Where a repository says what its distribution is called."""
_LIST = pattern(r"^\s*dependencies\s*=\s*\[(.*?)^\s*\]|^\s*dependencies\s*=\s*\[([^\n]*)\]", re.MULTILINE | re.DOTALL)


def installed(module: Module, image: ast.expr | None) -> frozenset[str]:
    """Return the names, as they would be imported, of the distributions that an image installs."""
    return frozenset(_imported(name) for where, call in chain(module, image) for name in _named(where, call))


def provided_by(module: Module, place: str) -> str:
    """Return the name, as it would be imported, of the distribution that a package of the repository belongs to.

    ``place`` is its folder. Empty where no build file of that folder's, or of the one around ``src``, says one, and
    where another package beside it might be the distribution's.
    """
    folder, package = posixpath.split(place)
    is_source = posixpath.basename(folder) == "src"
    root = posixpath.dirname(folder) if is_source else folder
    for name, naming in _BUILD_FILES.items():
        data = module.project.data(posixpath.join(root, name)) if module.project is not None else None
        said = naming.search((data or b"").decode("utf-8", "replace"))
        if said:
            own = _imported(said[1])
            return own if is_source or package.lower() in own else ""
    return ""


def _imported(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_")


def _named(module: Module, call: ast.Call) -> Iterator[str]:
    assert isinstance(call.func, ast.Attribute)
    method = call.func.attr
    if method in _INSTALLS:
        for text in _texts(module, call.args):
            yield from _requirement(text)
        files = next((item.value for item in call.keywords if item.arg == "requirements"), None)
        for path in _texts(module, [files] if files is not None else []):
            yield from _listed(_text_of(module, path))
    elif method in _FILES:
        node = argument(call, *_FILES[method])
        listing = known_path(module, node) if node is not None else None
        text = _text_of(module, listing) if listing is not None else ""
        yield from _listed(text) if method.endswith("requirements") else _project(text)
    elif method == "run_commands":
        for text in _texts(module, call.args):
            for command in _COMMAND.finditer(text):
                for word in command[1].split():
                    yield from _installed(word.strip("\"'"), text[: command.start()])


def _installed(word: str, before: str) -> Iterator[str]:
    """Yield the name of what a word of an install command installs; ``before`` are the commands that lead to it."""
    folder = word.partition("[")[0].rstrip("/")
    if folder == ".":
        folder = "/".join(_ENTERED.findall(before)[-1:]) or "/".join(_REPOSITORY.findall(before)[-1:])
    if folder.startswith(("./", "../", "/")) or folder != word.partition("[")[0].rstrip("/"):
        yield posixpath.basename(folder.rstrip("/"))
    elif not word.startswith("-"):
        yield from _requirement(word)


def _texts(module: Module, nodes: Iterable[ast.expr]) -> Iterator[str]:
    """Yield the literal strings among arguments, those of lists included."""
    for node in nodes:
        home, value = origin(module, node.value if isinstance(node, ast.Starred) else node)
        if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
            yield from _texts(home, value.elts)
        elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
            yield from _texts(home, [value.left, value.right])
        elif isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value
        elif isinstance(value, ast.JoinedStr) and value.values and isinstance(value.values[0], ast.Constant):
            yield str(value.values[0].value)


def _requirement(text: str) -> Iterator[str]:
    """Yield the name of what a requirement installs: ``name[extra]>=1``, ``git+https://…/name.git@ref``."""
    repository = _REPOSITORY.search(text)
    named = _NAME.match(text)
    if named and not text.lstrip().startswith("git+"):
        yield named[1]
    elif repository:
        yield repository[1]


def _listed(text: str) -> Iterator[str]:
    """Yield the names of a requirements file."""
    for line in text.splitlines():
        if not line.lstrip().startswith(("#", "-")):
            yield from _requirement(line.split("#")[0] if "git+" not in line else line)


def _project(text: str) -> Iterator[str]:
    """Yield the names of the dependencies of a ``pyproject.toml``."""
    for many, one in _LIST.findall(text):
        for quoted in _QUOTED.findall(many or one):
            yield from _requirement(quoted)
    for table in _TABLE.findall(text):
        yield from re.findall(r"^\s*[\"']?([\w.-]+)[\"']?\s*=", table, re.MULTILINE)


def _text_of(module: Module, path: str) -> str:
    """Return the text of a file of the repository that a local path may mean."""
    if module.project is None or path.startswith(("/", "~")):
        return ""
    folders = script_path(posixpath.dirname(module.source.path))[:-1]
    places = (posixpath.normpath(posixpath.join(folder, path)) for folder in folders)
    data = next((found for place in places if (found := module.project.data(place)) is not None), b"")
    return data.decode("utf-8", "replace")
