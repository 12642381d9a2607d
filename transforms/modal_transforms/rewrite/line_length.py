"""How long a line of a file may be: as its formatter is told, else as its lines are."""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Iterable, Iterator, Mapping

from modal_transforms.analysis.module import Module, ProjectView
from modal_transforms.core.source import SourceFile

SHORTEST, LONGEST = 88, 100
"""Between these, a file without a formatter's setting is as wide as its longest line."""
_WIDE = range(40, 400)


def line_length(module: Module) -> int:
    """Return how many columns a line of a file may have: by the nearest setting of a formatter, else by its lines."""
    known = _set_for(module, module.source.path) if module.project is not None else None
    return known or usual_length(module.source)


def usual_length(source: SourceFile) -> int:
    """Return how many columns a line may have where only the file itself can tell."""
    return min(max(SHORTEST, source.longest_line), LONGEST)


def _set_for(module: Module, path: str) -> int | None:
    """Return the setting that is nearest above a file."""
    assert module.project is not None
    known = module.project.once(_settings)
    while path:
        path = posixpath.dirname(path)
        if path in known:
            return known[path]
    return None


def _settings(project: ProjectView) -> dict[str, int]:
    """Return the line lengths that formatters of a repository are told, by folder."""
    named = [path for path in project.files if path.endswith((*_TOML, *_INI))]
    folders = set(map(posixpath.dirname, named))
    found = ((folder, next(_read(project, folder), None)) for folder in folders)
    return {folder: columns for folder, columns in found if columns is not None}


def _read(project: ProjectView, folder: str) -> Iterator[int]:
    for name, tables in _TOML.items():
        given = _toml(project.data(posixpath.join(folder, name)))
        yield from _lengths(_table(given, *table) for table in tables)
    for name in _INI:
        yield from _lengths(_sections(project.data(posixpath.join(folder, name))))


_INI = ("setup.cfg", "tox.ini", ".flake8")
_TOML: dict[str, list[tuple[str, ...]]] = {
    "ruff.toml": [()],
    ".ruff.toml": [()],
    "pyproject.toml": [("tool", "ruff"), ("tool", "black")],
}
_NAMES = ("line-length", "line_length", "max-line-length", "max_line_length")
_TOOLS = ("flake8", "pycodestyle", "black", "yapf")


def _lengths(tables: Iterable[Mapping[str, object]]) -> Iterator[int]:
    for table in tables:
        for name in _NAMES:
            given = str(table.get(name, ""))
            if given.isdecimal() and int(given) in _WIDE:
                yield int(given)


def _toml(data: bytes | None) -> Mapping[str, object]:
    """Return what a TOML file holds; nothing where it cannot be read."""
    if not data:
        return {}
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        return tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}


def _table(given: object, *names: str) -> Mapping[str, object]:
    for name in names:
        given = given.get(name) if isinstance(given, dict) else None
    return given if isinstance(given, dict) else {}


def _sections(data: bytes | None) -> Iterator[Mapping[str, object]]:
    if not data:
        return
    import configparser

    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(data.decode())
    except (configparser.Error, UnicodeDecodeError):
        return
    yield from (parser[name] for name in _TOOLS if parser.has_section(name))
