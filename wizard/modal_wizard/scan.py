"""From files to findings: read, prefilter, look; one bad file is a result, not the end.

Imports neither LibCST nor Textual nor git.
"""

from __future__ import annotations

import contextlib
import gc
import os
import re
import stat
from collections.abc import Callable, Iterator

from modal_transforms.finding import holds_command, look_at, may_hold_modal, may_hold_old, open_module
from modal_transforms.model import FileReport, Finding, Problem
from modal_transforms.parsing import ParseFailure
from modal_transforms.project import Project
from modal_transforms.records import dataclass, field
from modal_transforms.source import SourceFile, Unreadable
from modal_transforms.surfaces import NOTEBOOK, is_looked_at, is_python, may_hold, may_require, open_source
from modal_wizard import skipping
from modal_wizard.discover import Scope, list_files

MAX_BYTES = 8 * 1024 * 1024
"""A larger file is not source code that somebody wrote."""

_UTF_16 = {b"\xff\xfe", b"\xfe\xff"}
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
    skipped: dict[str, str] = field(default_factory=dict)
    """Files that are not looked at, and why."""
    silent: set[str] = field(default_factory=set)
    """Files that were read and do not say which version of modal they want."""
    reports: dict[str, FileReport] = field(default_factory=dict)
    sources: dict[str, SourceFile] = field(default_factory=dict)
    """The files that hold findings, as they were read."""

    @property
    def stating(self) -> list[str]:
        """The files that may say which version of modal they want."""
        return [path for path in self.paths if path not in self.silent]

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


Looking = Callable[[Scan], Iterator[Progress]]
"""Looks at every file of a scope, as `scan` does."""


class Reader:
    """Reads files below a root, and never through a link, a pipe or a device."""

    def __init__(self, scope: Scope) -> None:
        self._root = os.fspath(scope.root)
        self._linked: dict[str, bool] = {}

    def __call__(self, path: str) -> bytes | None:
        """Return a file's bytes, or ``None`` when they cannot be had."""
        try:
            return self.read(path)
        except OSError:
            return None

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes; ``None`` for what is no regular file of bearable size. Raises `OSError`."""
        full = os.path.join(self._root, path)
        if not stat.S_ISREG(os.lstat(full).st_mode) or self.is_behind_link(path):
            return None
        descriptor = os.open(full, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        try:
            size = os.fstat(descriptor).st_size
            return _all_of(descriptor, size) if size <= MAX_BYTES else None
        finally:
            os.close(descriptor)

    def is_behind_link(self, path: str) -> bool:
        """Tell whether the way to a file leads through a link, be it to a folder in here."""
        folder = path.rpartition("/")[0]
        if folder and folder not in self._linked:
            self._linked[folder] = os.path.islink(os.path.join(self._root, folder)) or self.is_behind_link(folder)
        return self._linked.get(folder, False)

    def is_large(self, path: str) -> bool:
        """Tell whether a file is too large to be looked at and speaks of Modal."""
        full = os.path.join(self._root, path)
        state = os.lstat(full)
        if not stat.S_ISREG(state.st_mode) or state.st_size <= MAX_BYTES:
            return False
        with open(full, "rb") as file:
            return any(_IMPORTS_MODAL.search(line) for line in iter(lambda: file.readline(MAX_BYTES), b""))


def _all_of(descriptor: int, size: int) -> bytes:
    """Return what is left to read; in one go where the size is true, which a buffered file would take several for."""
    data = os.read(descriptor, size + 1)
    while more := os.read(descriptor, MAX_BYTES) if len(data) > size or len(data) < size else b"":
        data += more
    return data


def scan(found: Scan) -> Iterator[Progress]:
    """Look at every file of the scope that Modal may be written in, filling ``found``; yields after each file.

    All files are read once, to tell which of them can hold anything; those are then looked at, in order, but for those
    that ``found`` holds already: a scan that came to a bad end gave it these.
    """
    paths = found.paths = list_files(found.scope)
    found.files, found.python, known = 0, 0, frozenset(found.reports)
    wanted = [path for path in paths if is_looked_at(path) and found.scope.covers(path)]
    nested = skipping.nested(os.fspath(found.scope.root), paths) if found.scope.in_git else ()
    found.skipped.update(dict.fromkeys(nested, skipping.NESTED))
    sieve = Sieve(found, Project(paths, Reader(found.scope)))
    yield Progress(0, len(wanted))
    done = 0
    for path in wanted:
        found.files += 1
        found.python += path.endswith(".py")
        problem = sieve.sift(path)
        if problem is not None:
            found.reports[path] = problem
        if path not in sieve.candidates:
            done += 1
            yield Progress(done, len(wanted), problem)
    for path in sieve.wanted():
        report = None if path in known else _look(found, sieve.project, path)
        if report is not None:
            found.reports[path] = report
        done = min(done + 1, len(wanted))
        yield Progress(done, len(wanted), report)


class Sieve:
    """Tells from the bytes of files which can hold findings, and takes note of what they import on the way."""

    def __init__(self, found: Scan, project: Project) -> None:
        self._found = found
        self.project = project
        self._root = os.fspath(found.scope.root)
        self._reader = Reader(found.scope)
        self.candidates: set[str] = set()
        """Files that are to be looked at whatever the others import."""
        self._others: list[str] = []
        """Python files that matter only if they get Modal's names from other files."""

    def sift(self, path: str) -> FileReport | None:
        """Read a file and note what it may be; returns why it cannot be read."""
        try:
            data = self._reader.read(path)
        except FileNotFoundError:
            self._found.skipped[path] = skipping.MISSING
            return None
        except OSError as error:
            return FileReport(path, "", problems=(Problem(path, f"cannot be read: {error.strerror}"),))
        if data is None or skipping.is_pointer(data):
            return self._skip(path, data is None)
        if path.endswith(".py") and data[:2] in _UTF_16 and b"modal" in data.replace(b"\0", b""):
            return FileReport(path, "", problems=(Problem(path, "in UTF-16, which Python does not read either"),))
        if not may_require(path, data):
            self._found.silent.add(path)
        if not is_python(path, data):
            self._keep(path, data, may_hold(path, data))
        elif path in self.project.paths:
            self.project.note(path, data)
            self._keep(path, data, self.project.imports_modal(path) or holds_command(data))
            if path not in self.candidates and (not self._found.scope.inside or may_hold_old(data)):
                self._others.append(path)
        else:
            self._keep(path, data, may_hold_modal(data))
        return None

    def _keep(self, path: str, data: bytes, candidate: bool) -> None:
        if candidate:
            self.candidates.add(path)
            self.project.keep(path, data)

    def _skip(self, path: str, unread: bool) -> FileReport | None:
        if unread and path.endswith(NOTEBOOK) and self._reader.is_large(path):
            reason = f"larger than {MAX_BYTES // 1024 // 1024} MB: clear its outputs to have it looked at"
            return FileReport(path, "", problems=(Problem(path, reason),))
        if unread and self._reader.is_behind_link(path):
            why = skipping.LINKED
        else:
            why = skipping.why(self._root, path, MAX_BYTES) if unread else skipping.POINTER
        self._found.skipped.setdefault(path, why or skipping.MISSING)
        return None

    def wanted(self) -> list[str]:
        """Return the files to look at, in order."""
        reaching = (path for path in self._others if self.project.reaches_modal(path))
        return sorted(self.candidates.union(path for path in reaching if may_hold_old(self._reader(path) or b"")))


def _look(found: Scan, project: Project, path: str) -> FileReport | None:
    """Return what one file gave; ``None`` when it is not there any more."""
    module = project.module(path)
    if module is None:
        data = project.data(path)
        if data is None:
            return None
        try:
            module = open_module(open_source(path, data), project)
        except (ParseFailure, Unreadable) as error:
            return FileReport(path, SourceFile(path, data).sha256, problems=(Problem(path, str(error)),))
    report = look_at(module)
    if report.findings:
        found.sources[path] = module.source
    return report


def scan_all(scope: Scope) -> Scan:
    """Scan a scope to the end."""
    found = Scan(scope)
    with uncollected():
        for _ in scan(found):
            pass
    return found


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Leave cycles alone for a while, and what was made meanwhile for good.

    A scan keeps its syntax trees to the end: the collector would walk them in vain, now and when the program ends.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()
