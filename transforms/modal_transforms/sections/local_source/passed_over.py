"""Which files need not be parsed to tell what loading them takes: all of that is known already."""

from __future__ import annotations

from collections.abc import Sequence, Set

from modal_transforms.analysis.import_scan import dotted_names
from modal_transforms.analysis.loaded_imports import all_run_later, placed_statements, with_unix_lines
from modal_transforms.analysis.module import ProjectView
from modal_transforms.core.patterns import pattern

_GAP = rb"(?:[\s\\]|#[^\n]*\n)*"
_MAY_CHANGE_PATH = (
    pattern(rb"path(?<!\wpath)G\.G(?:append|insert|extend)\b".replace(b"G", _GAP)),
    pattern(rb"from(?<!\wfrom)[\s\\]+sys[\s\\]+import\b"),
    pattern(rb"addsitedir"),
)
"""What adds to Python's search path: what a file finds then cannot be told from its bytes."""


def brings_nothing_new(project: ProjectView, path: str, bases: Sequence[str], named: Set[str]) -> bool:
    """Tell whether loading a file surely takes no modules but those at the paths that are ``named`` already.

    ``bases`` are the folders in which absolute names are looked for; nothing adds to them but the file itself may.
    """
    data = with_unix_lines(project.data(path) or b"")
    if any(each.search(data) for each in _MAY_CHANGE_PATH):
        return False
    new = {_name(other) for other in project.imports(path) - named}
    leading = (
        start
        for start, home, names in placed_statements(data)
        if (_may_mean(new, home, names) if home.startswith(b".") else _is_found(project, bases, home, names))
    )
    return all_run_later(data, leading)


def _name(path: str) -> tuple[bytes, bool]:
    """Return the name by which a file is imported, and whether it is that of a package."""
    folder, _, name = path.rpartition("/")
    is_package = name == "__init__.py"
    word = folder.rpartition("/")[2] if is_package else name.removesuffix(".py")
    return word.encode("utf-8", "surrogateescape"), is_package


def _may_mean(files: Set[tuple[bytes, bool]], home: bytes, names: bytes) -> bool:
    """Tell whether a relative import may mean one of some files: it says their names, or a package by dots alone."""
    by_dots = not home.strip(b".")
    return any(word in home or word in names or (by_dots and is_package) for word, is_package in files)


def _is_found(project: ProjectView, bases: Sequence[str], home: bytes, names: bytes) -> bool:
    return any(
        project.may_be_local(dotted) and project.locate_on(bases, dotted) is not None
        for dotted in dotted_names(home, names)
    )
