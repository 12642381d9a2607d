"""The other files of a repository that may speak of a variable of one of its modules."""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module, ProjectView
from modal_transforms.core.source import SourceFile, Unreadable
from modal_transforms.formats import is_looked_at, open_source

_NAMED = b"::stub"


def holding_stub(project: ProjectView) -> tuple[SourceFile, ...]:
    """Return the files that name a stub on a command line, and those beside Python's that hold the word."""
    return tuple(_opened(project, _NAMED, b"stub"))


def _others_holding_stub(project: ProjectView) -> tuple[SourceFile, ...]:
    """Return the files beside Python's that hold the word."""
    return tuple(filter(None, (project.once(readable, path) for path in project.holding(b"stub", _is_other))))


def holding_commands(project: ProjectView) -> tuple[SourceFile, ...]:
    """Return the files that may hold a ``modal deploy`` or ``modal serve``."""
    found = {source.path: source for word in (b"deploy", b"serve") for source in _opened(project, word, word)}
    return tuple(source for _, source in sorted(found.items()) if b"modal" in source.raw)


def _opened(project: ProjectView, in_python: bytes, elsewhere: bytes) -> Iterator[SourceFile]:
    """Yield the files that are looked at and hold a text; for Python files that may be another one."""
    paths = sorted([*project.holding(in_python, _is_module), *project.holding(elsewhere, _is_other)])
    return filter(None, (project.once(readable, path) for path in paths))


def readable(project: ProjectView, path: str) -> SourceFile | None:
    """Return a file by what it is; ``None`` where it cannot be read as text."""
    try:
        source = open_source(path, project.data(path) or b"")
        source.text  # noqa: B018  raises Unreadable when offsets could not be trusted
    except Unreadable:
        return None
    return source


def _is_module(path: str) -> bool:
    return path.endswith(".py")


def _is_other(path: str) -> bool:
    return is_looked_at(path) and not _is_module(path)


def notebooks_and_documents(project: ProjectView) -> list[Module]:
    """Return the parsed files that hold Python beside the modules of a repository, and say ``stub``."""
    sources = (each for each in project.once(_others_holding_stub) if each.program.strip())
    return [module for module in map(project.opened, sources) if module is not None]
