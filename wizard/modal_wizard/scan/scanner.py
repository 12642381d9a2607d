"""From files to findings: read, prefilter, look; one bad file is a result, not the end.

Imports neither LibCST nor Textual nor git.
"""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Generator, Iterator

from modal_transforms.analysis.parse import ParseFailure, quietly
from modal_transforms.analysis.project import Project
from modal_transforms.core.model import FileReport, Problem
from modal_transforms.core.source import SourceFile, Unreadable
from modal_transforms.engine import look_at, open_module
from modal_transforms.formats import is_looked_at, open_source
from modal_wizard.files.reader import MAX_BYTES, Reader
from modal_wizard.scan import skip_reasons
from modal_wizard.scan.discover import ScanScope, list_files
from modal_wizard.scan.prefilter import Prefilter
from modal_wizard.scan.result import Progress, Scan

__all__ = ["MAX_BYTES", "Progress", "Reader", "Scan", "scan", "scan_all", "uncollected"]


def scan(found: Scan) -> Generator[Progress, None, None]:
    """Look at every file of the scope that Modal may be written in, filling ``found``; yields after each file.

    All files are read once, to tell which of them can hold anything; those are then looked at, in order, but for those
    that ``found`` holds already: a scan that came to a bad end gave it these.
    """
    paths = found.paths = list_files(found.scope)
    found.files, found.python, known = 0, 0, frozenset(found.reports)
    wanted = [path for path in paths if is_looked_at(path) and found.scope.covers(path)]
    nested = skip_reasons.nested(os.fspath(found.scope.root), paths) if found.scope.in_git else ()
    found.skipped.update(dict.fromkeys(nested, skip_reasons.NESTED))
    sieve = Prefilter(found, Project(paths, Reader(found.scope)))
    yield Progress(0, len(wanted))
    done = 0
    for path in wanted:
        problem = sieve.sift(path)
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
    for path in todo:
        if path in known:
            continue
        report = _look(found, sieve.project, path)
        if report is not None:
            found.reports[path] = report
        done = min(done + 1, len(wanted))
        yield Progress(done, len(wanted), report)


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
    with uncollected(), quietly(), contextlib.closing(scan(found)) as steps:
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
