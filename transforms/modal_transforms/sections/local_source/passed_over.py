"""Which files need not be parsed to tell what loading them takes: all of that is known already."""

from __future__ import annotations

from collections.abc import Sequence, Set

from modal_transforms.analysis.import_scan import dotted_names
from modal_transforms.analysis.loaded_imports import all_run_later, placed_statements, with_unix_lines
from modal_transforms.analysis.module import ProjectView
from modal_transforms.core.patterns import pattern

_GAP = rb"(?:[\s\\]|#[^\n]*\n)*"
_MAY_CHANGE_PATH = pattern(
    rb"\bpathG\.G(?:append|insert|extend)\b|\baddsitedir\b|\bfrom[\s\\]+sys[\s\\]+import\b".replace(b"G", _GAP)
)
"""What adds to Python's search path: what a file finds then cannot be told from its bytes."""


def brings_nothing_new(project: ProjectView, path: str, bases: Sequence[str], named: Set[str]) -> bool:
    """Tell whether loading a file surely takes no modules but those at the paths that are ``named`` already.

    ``bases`` are the folders in which absolute names are looked for; nothing adds to them but the file itself may.
    """
    data = with_unix_lines(project.data(path) or b"")
    if _MAY_CHANGE_PATH.search(data):
        return False
    new = project.imports(path) - named
    leading = [
        start
        for start, home, names in placed_statements(data)
        if (_may_mean(new, home, names) if home.startswith(b".") else _is_found(project, bases, home, names))
    ]
    return all_run_later(data, leading)


def _may_mean(paths: Set[str], home: bytes, names: bytes) -> bool:
    """Tell whether a relative import may mean one of some files: it says their names, or a package by dots alone."""
    return any(
        (folder.rpartition("/")[2] if name == "__init__.py" else name.removesuffix(".py")).encode() in home + names
        or (name == "__init__.py" and not home.strip(b"."))
        for folder, _, name in (path.rpartition("/") for path in paths)
    )


def _is_found(project: ProjectView, bases: Sequence[str], home: bytes, names: bytes) -> bool:
    return any(
        project.may_be_local(dotted) and project.locate_on(bases, dotted) is not None
        for dotted in dotted_names(home, names)
    )
