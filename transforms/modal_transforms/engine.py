"""Look at one file: parse it once, ask every section, and leave out what a comment silences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from modal_transforms.analysis.module import Module
from modal_transforms.analysis.project import Project
from modal_transforms.core.model import ApiUses, FileReport, Finding, LookAlike, Problem
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile
from modal_transforms.core.target import TARGET, WHOLE_WAY, Goal
from modal_transforms.formats.file_kinds import tells_of_change
from modal_transforms.modal_api.needs import with_needs
from modal_transforms.modal_api.surface import SurfaceUnreadable
from modal_transforms.modal_api.version_branches import lowered
from modal_transforms.sections import BACKSTOP, REGISTRY, is_due, possible

IGNORE = pattern(rb"#\s*modal-wizard:\s*ignore\b")
SILENCED = "silenced by the comment modal-wizard: ignore on its line"
TELLS_WHAT_WAS = "the document tells, by its name, what changed: what it shows is what was"


def open_module(source: SourceFile, project: Project | None = None) -> Module:
    """Parse a file; raises `ParseFailure` or `Unreadable`."""
    return Module(source, project.view(source.path) if project is not None else None)


def look_at(module: Module, goal: Goal = WHOLE_WAY) -> FileReport:
    """Return what a parsed file holds, of all sections that lead to a goal.

    A section that fails is a problem; the others go on. Raises `SurfaceUnreadable`.
    """
    findings: list[Finding] = []
    problems: list[Problem] = []
    uses = ApiUses()
    for rule in possible(module, goal):
        try:
            if rule is not BACKSTOP:
                findings += rule.find(module)
            else:
                unknown, uses = _unexplained(module, findings, goal.target)
                findings += rule.own(unknown)
        except SurfaceUnreadable:
            raise  # every section is as blind as this one
        except Exception as error:  # a fault of ours in one section must not hide the others' findings
            reason = f"section {rule.slug} failed here: {type(error).__name__}: {error}"
            problems.append(Problem(module.source.path, reason))
    if goal.target != TARGET:
        findings = [each for each in findings if is_due(each.since, each.breaks_in, goal.target)]
    return _reported(module, lowered(module, _one_each(findings)), problems, uses)


def _unexplained(module: Module, findings: list[Finding], target: str) -> tuple[list[Finding], ApiUses]:
    from modal_transforms.sections.unknown_api import look as look_beyond

    return look_beyond(module, findings, _EXPLAINED, target)


_EXPLAINED = {rule.slug: tuple(word.lstrip(b".") for word in (*rule.words, *rule.hints)) for rule in REGISTRY}
"""The words that each section explains uses of Modal's API by, without the dots that some begin with."""


def _reported(module: Module, several: Sequence[Finding], problems: list[Problem], uses: ApiUses) -> FileReport:
    """Return the report of a file: without what a comment silences, and as a whole what a document shows."""
    may_silence = several and IGNORE.search(module.source.data) is not None
    silenced = [finding for finding in several if may_silence and _is_ignored(module.source, finding)]
    shown = [finding for finding in several if finding not in silenced] if silenced else several
    left = [LookAlike(finding.section, finding.site, SILENCED) for finding in silenced]
    if module.source.shown and tells_of_change(module.source.path):
        left += [LookAlike(finding.section, finding.site, TELLS_WHAT_WAS) for finding in shown]
        shown = []
    elif module.source.shown:
        from modal_transforms.document_findings import grouped

        shown = grouped(module, shown)
    return FileReport(
        module.source.path,
        module.source.sha256,
        tuple(map(with_needs, sorted(shown, key=lambda finding: finding.site.span))),
        tuple(problems),
        ignored=len(silenced),
        left_alone=tuple(left),
        api=uses,
    )


def _one_each(findings: Iterable[Finding]) -> list[Finding]:
    return list({finding.id: finding for finding in findings}.values())


def _is_ignored(source: SourceFile, finding: Finding) -> bool:
    """Tell whether a line of the finding's first place says ``# modal-wizard: ignore``."""
    span = finding.site.span
    start = source.line_at(span.start).start
    return IGNORE.search(source.data[start : source.line_at(span.end).end]) is not None
