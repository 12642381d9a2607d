"""From files to findings: read, prefilter, look; one bad file is a result, not the end.

Imports neither LibCST nor Textual nor git.
"""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Generator, Iterator, Sequence

from modal_transforms.analysis.parse import ParseFailure, quietly
from modal_transforms.analysis.project import Project
from modal_transforms.core.model import FileReport, Problem
from modal_transforms.core.source import SourceFile, Unreadable
from modal_transforms.engine import look_at, open_module
from modal_transforms.formats import is_looked_at, open_source
from modal_transforms.sections import every_section
from modal_wizard.files.reader import MAX_BYTES, Reader
from modal_wizard.scan import skip_reasons
from modal_wizard.scan.discover import ScanScope, list_files
from modal_wizard.scan.fork import halved, helper, may_help
from modal_wizard.scan.prefilter import Prefilter
from modal_wizard.scan.result import Progress, Scan

__all__ = ["MAX_BYTES", "Progress", "Reader", "Scan", "scan", "scan_all", "uncollected"]

_MANY = 200
"""So many files to look at are worth the start of a helper."""
_A_FILE = 2000
"""What a file costs beside its bytes, in bytes: most of the work is in a few lines of each."""


def scan(found: Scan, helped: bool = False) -> Generator[Progress, None, None]:
    """Look at every file of the scope that Modal may be written in, filling ``found``; yields after each file.

    All files are read once, to tell which of them can hold anything; those are then looked at, in order, but for those
    that ``found`` holds already: a scan that came to a bad end gave it these. Where it is ``helped``, by a copy of this
    process, a half comes at the end of each of the two.
    """
    paths = found.paths = list_files(found.scope)
    found.files, found.python, known = 0, 0, frozenset(found.reports)
    wanted = [path for path in paths if is_looked_at(path) and found.scope.covers(path)]
    nested = skip_reasons.nested(os.fspath(found.scope.root), paths) if found.scope.in_git else ()
    found.skipped.update(dict.fromkeys(nested, skip_reasons.NESTED))
    sieve = Prefilter(found, Project(paths, Reader(found.scope)))
    yield Progress(0, len(wanted))
    done = 0
    for path, problem in sieve.sifted(wanted, helped):
        found.files += 1
        found.python += path.endswith(".py")
        if problem is not None:
            found.reports[path] = problem
        if path not in sieve.candidates:
            done += 1
            yield Progress(done, len(wanted), problem)
    todo = sieve.wanted()
    if known:
        done = min(done + sum(path in known for path in todo), len(wanted))
        yield Progress(done, len(wanted))
    for path, report in _looked(found, sieve.project, [path for path in todo if path not in known], helped):
        if report is not None:
            found.reports[path] = report
        done = min(done + 1, len(wanted))
        yield Progress(done, len(wanted), report)


def _looked(
    found: Scan, project: Project, paths: Sequence[str], helped: bool
) -> Iterator[tuple[str, FileReport | None]]:
    """Yield what files gave; with a helper, those that it looked at come last."""
    own: Sequence[str] = paths
    theirs: Sequence[str] = ()
    if helped and len(paths) >= _MANY and may_help():
        work = {path: _A_FILE + len(project.data(path) or b"") for path in paths}
        own, theirs = halved(paths, work, project.imports)
        every_section()  # loaded once for both
    with helper() as other:
        if theirs:
            other.start(lambda: (_look(found, project, path) for path in theirs))
        for path in own:
            yield path, _look(found, project, path)
        delivered = other.delivered() if theirs else None
    for path, report in zip(theirs, delivered or [None] * len(theirs), strict=True):
        if not isinstance(report, FileReport):
            report = _look(found, project, path)
        elif report.findings:
            found.sources[path] = open_source(path, project.data(path) or b"")
        yield path, report


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


def scan_all(scope: ScanScope) -> Scan:
    """Scan a scope to the end."""
    found = Scan(scope)
    with uncollected(), quietly(), contextlib.closing(scan(found, helped=True)) as steps:
        for _ in steps:
            pass
    found.reports, found.sources = dict(sorted(found.reports.items())), dict(sorted(found.sources.items()))
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
