"""From files to findings: list, read, prefilter, analyse. A bad file gives a problem and does not end the scan.

Imports neither LibCST nor Textual nor git: a scan as text has to start fast.
"""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Callable, Generator, Iterator

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

__all__ = ["MAX_BYTES", "Progress", "Reader", "Scan", "gc_paused", "scan", "scan_all"]


def scan(found: Scan) -> Generator[Progress, None, None]:
    """Scan every file of the scope that may hold Modal code, filling ``found``; yields after each file.

    All files are read once, to tell which of them can hold findings; those are then parsed and analysed, in order,
    except those that ``found`` has a report of: an earlier scan that was cut short left these.
    """
    paths = found.paths = list_files(found.scope)
    found.files, found.python, found.pins, known = 0, 0, [], frozenset(found.reports)
    wanted = [path for path in paths if is_looked_at(path) and found.scope.covers(path)]
    nested = skip_reasons.nested_repositories(os.fspath(found.scope.root), paths) if found.scope.in_git else ()
    found.skipped.update(dict.fromkeys(nested, skip_reasons.NESTED))
    prefilter = Prefilter(found, Project(paths, Reader(found.scope.root)))
    yield Progress(0, len(wanted))
    done = 0
    for path in wanted:
        problem = prefilter.classify(path)
        found.files += 1
        found.python += path.endswith(".py")
        if problem is not None:
            found.reports[path] = problem
        if path not in prefilter.candidates:
            done += 1
            yield Progress(done, len(wanted), problem)
    prefilter.read_lists()
    todo = prefilter.wanted()
    if known:
        done = min(done + sum(path in known for path in todo), len(wanted))
        yield Progress(done, len(wanted))
    for path in todo:
        if path in known:
            continue
        report = _scan_file(found, prefilter.project, path)
        if report is not None:
            found.reports[path] = report
        done = min(done + 1, len(wanted))
        yield Progress(done, len(wanted), report)


def _scan_file(found: Scan, project: Project, path: str) -> FileReport | None:
    """Parse and analyse one file; ``None`` when it is not there any more."""
    module = project.module(path)
    if module is None:
        data = project.data(path)
        if data is None:
            return None
        try:
            module = open_module(open_source(path, data), project)
        except (ParseFailure, Unreadable) as error:
            return FileReport(path, SourceFile(path, data).sha256, problems=(Problem(path, str(error)),))
    report = look_at(module, goal=found.scope.goal)
    if report.findings and (found.pins or found.scope.asked_goal):
        from modal_transforms.requirements import weighed

        report = weighed(report, found.pins, found.scope.goal.target)
    if report.findings:
        found.sources[path] = module.source
    return report


def scan_all(scope: ScanScope, tell: Callable[[int, int], None] = lambda _done, _total: None) -> Scan:
    """Scan a scope to the end and return the result, sorted by path; ``tell`` gets how many of how many are done."""
    found = Scan(scope)
    with gc_paused(), quietly(), contextlib.closing(scan(found)) as steps:
        for step in steps:
            tell(step.done, step.total)
    found.reports, found.sources = dict(sorted(found.reports.items())), dict(sorted(found.sources.items()))
    return found


@contextlib.contextmanager
def gc_paused() -> Iterator[None]:
    """Pause the garbage collector, and let it never look at what is made within the block.

    A scan keeps its syntax trees to the end: the collector would walk them in vain, now and when the program ends.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
