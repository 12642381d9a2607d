"""Look-alikes: what a scan left alone though it reads like old code, and why. Looked for only on request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modal_transforms.analysis.parse import ParseFailure
from modal_transforms.analysis.project import Project
from modal_transforms.core.model import FileReport, Finding, LookAlike
from modal_transforms.core.source import SourceFile, Unreadable
from modal_transforms.engine import open_module
from modal_transforms.formats import is_looked_at, is_python, may_hold, open_source
from modal_transforms.look_alikes import left_alone, may_look_alike
from modal_transforms.look_alikes.other_languages import in_other_language, language
from modal_transforms.look_alikes.settings import in_settings, is_settings
from modal_transforms.prefilter import may_hold_old
from modal_wizard.scan.result import Scan


def look_alikes(scanned: Scan, project: Project) -> Iterator[LookAlike]:
    """Yield the look-alikes in all files of the scan's scope, by path and place; ``project`` is what was scanned."""
    reaching = _by_path(scanned.findings)
    for path in scanned.paths:
        data = project.data(path) if scanned.scope.covers(path) and path not in scanned.skipped else None
        if data is not None:
            yield from _of_file(project, path, data, scanned.reports.get(path), reaching.get(path, ()))


def _by_path(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        for path in finding.paths:
            found.setdefault(path, []).append(finding)
    return found


def _of_file(
    project: Project, path: str, data: bytes, report: FileReport | None, reaching: Iterable[Finding]
) -> Iterator[LookAlike]:
    try:
        if is_settings(path):
            yield from in_settings(SourceFile(path, data))
        if language(path):
            yield from in_other_language(SourceFile(path, data))
        if is_looked_at(path) and _wanted(project, path, data):
            module = project.module(path) or open_module(open_source(path, data), project)
            yield from left_alone(module, report or FileReport(path, ""), reaching)
    except (ParseFailure, Unreadable):
        return


def _wanted(project: Project, path: str, data: bytes) -> bool:
    """Tell, without parsing, whether a file can hold a look-alike."""
    if not is_python(path, data):
        return may_hold(path, data)
    return may_look_alike(data) or (may_hold_old(data) and project.reaches_modal(path))
