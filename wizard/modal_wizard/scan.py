"""From files to findings: read, prefilter, look; one bad file is a result, not the end.

Imports neither LibCST nor Textual nor git.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field

from modal_transforms.finding import look_at, may_hold_modal, open_module
from modal_transforms.model import FileReport, Finding, Problem
from modal_transforms.parsing import ParseFailure
from modal_transforms.project import Project
from modal_transforms.source import SourceFile, Unreadable
from modal_transforms.surfaces import NOTEBOOK, is_looked_at, open_source
from modal_wizard.discover import Scope, list_files

MAX_BYTES = 8 * 1024 * 1024
"""A larger file is not source code that somebody wrote."""

_IMPORTS_MODAL = re.compile(rb"\b(?:import|from)\s+modal\b")


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a scan: how many files are done of how many, and what the last one gave."""

    done: int
    total: int
    report: FileReport | None = None


@dataclass(slots=True)
class Scan:
    """What a scan of one scope found so far."""

    scope: Scope
    files: int = 0
    python: int = 0
    """How many of the files are Python files."""
    paths: list[str] = field(default_factory=list)
    """All files of the root, looked at or not."""
    reports: dict[str, FileReport] = field(default_factory=dict)
    sources: dict[str, SourceFile] = field(default_factory=dict)
    """The files that hold findings, as they were read."""

    @property
    def findings(self) -> list[Finding]:
        """All findings, by path and place."""
        return [finding for path in sorted(self.reports) for finding in self.reports[path].findings]

    @property
    def problems(self) -> list[Problem]:
        """Files that could not be read, or only in part."""
        return [problem for path in sorted(self.reports) for problem in self.reports[path].problems]

    @property
    def ignored(self) -> int:
        """How many findings a comment silences."""
        return sum(report.ignored for report in self.reports.values())


class Reader:
    """Reads files below a root, and never through a link, a pipe or a device."""

    def __init__(self, scope: Scope) -> None:
        self._root = os.fspath(scope.root)

    def __call__(self, path: str) -> bytes | None:
        """Return a file's bytes, or ``None`` when they cannot be had."""
        try:
            return self.read(path)
        except OSError:
            return None

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes; ``None`` for what is no regular file of bearable size. Raises `OSError`."""
        full = os.path.join(self._root, path)
        if not stat.S_ISREG(os.lstat(full).st_mode):
            return None
        descriptor = os.open(full, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            return file.read() if os.fstat(descriptor).st_size <= MAX_BYTES else None

    def is_large(self, path: str) -> bool:
        """Tell whether a file is too large to be looked at and speaks of Modal."""
        full = os.path.join(self._root, path)
        state = os.lstat(full)
        if not stat.S_ISREG(state.st_mode) or state.st_size <= MAX_BYTES:
            return False
        with open(full, "rb") as file:
            return any(_IMPORTS_MODAL.search(line) for line in iter(lambda: file.readline(MAX_BYTES), b""))


def scan(found: Scan) -> Iterator[Progress]:
    """Look at every file of the scope that Modal may be written in, filling ``found``; yields after each file."""
    paths = found.paths = list_files(found.scope)
    reader = Reader(found.scope)
    project = Project(paths, reader)
    wanted = [path for path in paths if is_looked_at(path) and found.scope.covers(path)]
    yield Progress(0, len(wanted))
    for done, path in enumerate(wanted, start=1):
        report = _look(found, project, reader, path)
        if report is not None:
            found.reports[path] = report
        found.files += 1
        found.python += path.endswith(".py")
        yield Progress(done, len(wanted), report)


def _look(found: Scan, project: Project, reader: Reader, path: str) -> FileReport | None:
    """Return what one file gave; ``None`` when there is nothing to say of it."""
    try:
        data = reader.read(path)
    except OSError as error:
        return FileReport(path, "", problems=(Problem(path, f"cannot be read: {error.strerror}"),))
    if data is None and path.endswith(NOTEBOOK) and reader.is_large(path):
        reason = f"larger than {MAX_BYTES // 1024 // 1024} MB: clear its outputs to have it looked at"
        return FileReport(path, "", problems=(Problem(path, reason),))
    if data is None or not may_hold_modal(data, path, lambda: project.reaches_modal(path)):
        return None
    try:
        module = project.module(path) or open_module(open_source(path, data), project)
    except (ParseFailure, Unreadable) as error:
        return FileReport(path, SourceFile(path, data).sha256, problems=(Problem(path, str(error)),))
    report = look_at(module)
    if report.findings:
        found.sources[path] = module.source
    return report


def scan_all(scope: Scope) -> Scan:
    """Scan a scope to the end."""
    found = Scan(scope)
    for _ in scan(found):
        pass
    return found
