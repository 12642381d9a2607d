"""The other files of a repository that may speak of a variable of one of its modules."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from modal_transforms.analysis.module import Module, ProjectView
from modal_transforms.analysis.parse import ParseFailure
from modal_transforms.core.source import SourceFile, Unreadable
from modal_transforms.formats import is_looked_at, open_source

_NAMED = b"::stub"


def holding_stub(project: ProjectView) -> tuple[SourceFile, ...]:
    """Return the files that name a stub on a command line, and those beside Python's that hold the word."""
    return tuple(_opened(project, _NAMED, b"stub"))


def holding_commands(project: ProjectView) -> tuple[SourceFile, ...]:
    """Return the files that may hold a ``modal deploy`` or ``modal serve``."""
    found = {source.path: source for word in (b"deploy", b"serve") for source in _opened(project, word, word)}
    return tuple(source for _, source in sorted(found.items()) if b"modal" in source.raw)


def _opened(project: ProjectView, in_python: bytes, elsewhere: bytes) -> Iterator[SourceFile]:
    """Yield the files that are looked at and hold a text; for Python files that may be another one."""
    for path in sorted(project.files):
        data = project.data(path) if is_looked_at(path) else None
        if data is None or (in_python if path.endswith(".py") else elsewhere) not in data:
            continue
        try:
            source = open_source(path, data)
            source.text  # noqa: B018  raises Unreadable when offsets could not be trusted
        except Unreadable:
            continue
        yield source


def notebooks_and_documents(project: ProjectView) -> tuple[Module, ...]:
    """Return the parsed files that hold Python beside the modules of a repository, and say ``stub``."""
    found = []
    for source in project.once(holding_stub):
        if not source.path.endswith(".py") and source.program.strip():
            with contextlib.suppress(ParseFailure, Unreadable):
                found.append(Module(source, project))
    return tuple(found)
