"""Findings put together by their file, as the tree of the review shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from modal_transforms.core.model import Finding
from modal_wizard.text.sanitize import visible


@dataclass(slots=True)
class FileGroup:
    """A file and its findings, in order."""

    path: str
    findings: list[Finding]
    expanded: bool = True

    @property
    def height(self) -> int:
        """How many rows it takes."""
        return 1 + (len(self.findings) if self.expanded else 0)


def grouped(findings: Iterable[Finding]) -> list[FileGroup]:
    """Return the files of findings, by path."""
    files: dict[str, FileGroup] = {}
    for finding in findings:
        path = finding.site.path
        if path not in files:
            files[path] = FileGroup(path, [])
        files[path].findings.append(finding)
    return [files[path] for path in sorted(files)]


def name_of(finding: Finding) -> str:
    """Return a finding's place and the first line of its code."""
    first = finding.site.text.strip().split("\n")[0]
    return f"{finding.site.label} {visible(first, ' ')}"
