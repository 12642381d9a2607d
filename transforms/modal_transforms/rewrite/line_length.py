"""How long a line of a file may be: as its formatter is told, else as its lines are."""

from __future__ import annotations

import configparser
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from modal_transforms.analysis.module import Module, ProjectView
from modal_transforms.core.source import SourceFile

SHORTEST, LONGEST = 88, 100
"""Between these, a file without a formatter's setting is as wide as its longest line."""
_WIDE = range(40, 400)


def line_length(module: Module) -> int:
    """Return how many columns a line of a file may have: by the nearest setting of a formatter, else by its lines."""
    known = module.project.once(_Settings).columns(module.source.path) if module.project is not None else None
    return known or usual_length(module.source)


def usual_length(source: SourceFile) -> int:
    """Return how many columns a line may have where only the file itself can tell."""
    longest = max((len(line) for line in source.text.splitlines()), default=0)
    return min(max(SHORTEST, longest), LONGEST)


class _Settings:
    """The line lengths that formatters of a repository are told, by folder."""

    def __init__(self, project: ProjectView) -> None:
        self._project = project
        self._known: dict[PurePosixPath, int | None] = {}

    def columns(self, path: str) -> int | None:
        """Return the setting that is nearest above a file."""
        return next(filter(None, map(self._of_folder, PurePosixPath(path).parents)), None)

    def _of_folder(self, folder: PurePosixPath) -> int | None:
        if folder not in self._known:
            self._known[folder] = next(self._read(folder), None)
        return self._known[folder]

    def _read(self, folder: PurePosixPath) -> Iterator[int]:
        for name, tables in _TOML.items():
            given = _toml(self._project.data(str(folder / name)))
            yield from _lengths(_table(given, *table) for table in tables)
        for name in ("setup.cfg", "tox.ini", ".flake8"):
            yield from _lengths(_sections(self._project.data(str(folder / name))))


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
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        return tomllib.loads((data or b"").decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}


def _table(given: object, *names: str) -> Mapping[str, object]:
    for name in names:
        given = given.get(name) if isinstance(given, dict) else None
    return given if isinstance(given, dict) else {}


def _sections(data: bytes | None) -> Iterator[Mapping[str, object]]:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string((data or b"").decode())
    except (configparser.Error, UnicodeDecodeError):
        return
    yield from (parser[name] for name in _TOOLS if parser.has_section(name))
