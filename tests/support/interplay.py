"""Take findings of a small repository in different ways: all at once, section after section, one after another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from modal_transforms.analysis.project import Project
from modal_transforms.core.model import Change, Finding, fill
from modal_transforms.core.patches import map_offset
from modal_transforms.core.source import SourceFile
from modal_transforms.engine import look_at, open_module
from modal_transforms.rewrite.rewrite import Rewritten, rewrite_all
from modal_transforms.sections import every_section

Sources = dict[str, SourceFile]
NUMBERS = {section.slug: section.number for section in every_section()}


@dataclass(frozen=True, order=True)
class Mark:
    """What stays of a finding while the text around it changes: what it is, and where it has moved."""

    path: str
    start: int
    section: str
    rule: str

    def moved(self, done: Mapping[str, Rewritten]) -> Mark:
        """Return the mark after files were rewritten."""
        if self.path not in done:
            return self
        start = map_offset(done[self.path].patches, self.start)
        return Mark(self.path, -1 if start is None else start, self.section, self.rule)


def sources(texts: Mapping[str, str]) -> Sources:
    """Return the files of a repository."""
    return {path: SourceFile(path, text.encode()) for path, text in texts.items()}


def scan(files: Sources) -> dict[Mark, Finding]:
    """Return all findings of a repository."""
    project = Project(files, lambda path: files[path].data)
    found: dict[Mark, Finding] = {}
    for path in sorted(files):
        module = open_module(files[path], project)
        project.adopt(module)
    for path in sorted(files):
        module = project.module(path) or open_module(files[path], project)
        report = look_at(module)
        assert not report.problems, report.problems
        for finding in report.findings:
            found[Mark(finding.site.path, finding.site.span.start, finding.section, finding.rule)] = finding
    return found


def in_guide_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings by the section's number and by place, as they are written."""
    return sorted(findings, key=lambda f: (NUMBERS[f.section], f.site.path, f.site.span))


def take(files: Sources, findings: Iterable[Finding]) -> tuple[Sources, dict[str, Rewritten]]:
    """Make the recommended choices of several findings together."""
    changes: list[Change] = []
    for finding in in_guide_order(findings):
        changes += fill(finding.choices[0], {})
    done = rewrite_all(files, changes)
    return files | {path: result.after for path, result in done.items()}, done


def all_at_once(files: Sources, wanted: Iterable[Mark]) -> Sources:
    """Take all wanted findings from the same text."""
    found = scan(files)
    return take(files, [found[mark] for mark in wanted])[0]


def step_by_step(files: Sources, steps: Sequence[Sequence[Mark]]) -> Sources:
    """Take findings in steps, scanning again after each; what is still to come is followed to where it moved."""
    waiting = [list(step) for step in steps]
    while waiting:
        step = waiting.pop(0)
        found = scan(files)
        files, done = take(files, [found[mark] for mark in step])
        waiting = [[mark.moved(done) for mark in later] for later in waiting]
    return files


def by_section(wanted: Iterable[Mark]) -> list[list[Mark]]:
    """Return findings as the steps that a person commits: one a section, in guide order."""
    marks = list(wanted)
    groups = [[mark for mark in marks if mark.section == section.slug] for section in every_section()]
    return [group for group in groups if group]


def kinds(found: Iterable[Mark]) -> list[tuple[str, str, str]]:
    """Return what findings there are, without their places."""
    return sorted((mark.path, mark.section, mark.rule) for mark in found)


def texts(files: Sources) -> dict[str, str]:
    """Return the texts of a repository."""
    return {path: source.text for path, source in files.items()}
