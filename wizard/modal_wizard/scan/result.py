"""What a scan gives, how far it is, and which way it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from modal_transforms.core.model import FileReport, Finding, Problem
from modal_transforms.core.source import SourceFile
from modal_wizard.scan.discover import ScanScope


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a scan: how many files are done of how many, and what the last one gave."""

    done: int
    total: int
    report: FileReport | None = None


@dataclass(slots=True)
class Scan:
    """What a scan of one scope found so far."""

    scope: ScanScope
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


ScanStrategy = Callable[[Scan], Iterator[Progress]]
"""Looks at every file of a scope, as `scan` does."""
