"""Look at a small program the way the tool does, and show what becomes of it line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from support.cases import MAIN, clean

from modal_transforms.analysis.project import Project
from modal_transforms.core.model import Change, Finding, fill
from modal_transforms.core.source import SourceFile
from modal_transforms.engine import look_at, open_module
from modal_transforms.formats import open_source
from modal_transforms.rewrite.rewrite import Rewritten, rewrite_all
from modal_transforms.sections import REGISTRY

HEAD = 'import modal\n\napp = modal.App("a")\nimage = modal.Image.debian_slim()\n'
"""How the programs of ``in_app`` begin."""


@dataclass(frozen=True)
class Seen:
    """What a section finds in a program, in source order."""

    path: str
    sources: Mapping[str, SourceFile]
    findings: tuple[Finding, ...]

    @property
    def found(self) -> list[str]:
        """The rules found, each with how far its rewrite may be trusted."""
        return [f"{finding.rule}: {finding.applicability.value}" for finding in self.findings]

    @property
    def choices(self) -> list[str]:
        """The choices of the first finding, the recommended one first."""
        return [choice.key for choice in self.findings[0].choices]

    @property
    def said(self) -> str:
        """Everything that a person is told."""
        parts: list[str] = []
        for finding in self.findings:
            parts += [finding.message, *finding.evidence, finding.advice]
            parts += [choice.effect for choice in finding.choices]
        return "\n".join(parts)

    def becomes(self, choice: str = "", values: Mapping[str, str] | None = None) -> list[str]:
        """Return the lines that go and come when one choice of every finding is taken, the first unless named."""
        changes: list[Change] = []
        for finding in self.findings:
            if finding.choices:
                keys = [each.key for each in finding.choices]
                changes += fill(finding.choice(choice if choice in keys else keys[0]), values or {})
        return list(self._lines(rewrite_all(self.sources, changes)))

    def text(self) -> str:
        """Return the file with the first choice of every finding taken, all at once and in the guide's order."""
        order = [rule.slug for rule in REGISTRY]
        findings = sorted(self.findings, key=lambda found: order.index(found.section))
        changes = [change for found in findings if found.choices for change in fill(found.choices[0], {})]
        return rewrite_all(self.sources, changes)[self.path].after.text

    def _lines(self, after: Mapping[str, Rewritten]) -> Iterator[str]:
        for path in sorted(after, key=lambda each: (each != self.path, each)):
            made = after[path]
            lines = difflib.ndiff(made.before.text.splitlines(), made.after.text.splitlines())
            changed = [line for line in lines if line.startswith(("- ", "+ "))]
            yield from [f"{path}:", *changed] if changed and path != self.path else changed


def look(section: str, program: str, path: str = MAIN, files: Mapping[str, str] | None = None) -> Seen:
    """Return what a section (all of them when not said) finds in one file of a repository of just these files."""
    texts = {path: program, **(files or {})}
    data = {name: clean(text).encode() for name, text in texts.items()}
    project = Project(data, data.get)
    module = open_module(open_source(path, data[path]), project)
    project.adopt(module)
    report = look_at(module)
    assert not report.problems
    sources = {name: open_source(name, text) for name, text in data.items()}
    return Seen(path, sources, tuple(found for found in report.findings if section in {"", found.section}))


def in_app(section: str, program: str, files: Mapping[str, str] | None = None) -> Seen:
    """Return what a section finds in a program that has ``modal``, an ``app`` and an ``image``."""
    return look(section, HEAD + "\n" + clean(program), files=files)
