"""The result of a scan, its progress, and the type of whatever carries one out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from modal_transforms.core.model import ApiUses, FileReport, Finding, LookAlike, Problem
from modal_transforms.core.source import SourceFile
from modal_wizard.scan.discover import ScanScope

if TYPE_CHECKING:
    from modal_transforms.requirements import Pin


class Progress(Struct, frozen=True):
    """One step of a scan: ``done`` of ``total`` files, and the report of the last one where it has one."""

    done: int
    total: int
    report: FileReport | None = None


class Scan(Struct):
    """What the scan of one scope has found so far; filled while it runs."""

    scope: ScanScope
    files: int = 0
    python: int = 0
    """How many of them are Python files."""
    paths: list[str] = field(default_factory=list)
    """All files of the root, scanned or not."""
    skipped: dict[str, str] = field(default_factory=dict)
    """Files that are not scanned, and why."""
    pins: list[Pin] = field(default_factory=list)
    """What is asked for of modal, by path and place: by the files that are scanned, and by those of the root that are
    there to say it."""
    reports: dict[str, FileReport] = field(default_factory=dict)
    sources: dict[str, SourceFile] = field(default_factory=dict)
    """The files that hold findings, as they were read, by path."""

    @property
    def pins_elsewhere(self) -> list[Pin]:
        """What files out of the scope ask for: it is installed for those in it as well, and raised by nobody here."""
        return [pin for pin in self.pins if not self.scope.covers(pin.path)]

    @property
    def pins_covered(self) -> list[Pin]:
        """What the files of the scope ask for of modal."""
        return [pin for pin in self.pins if self.scope.covers(pin.path)]

    @property
    def findings(self) -> list[Finding]:
        """All findings, by path and place."""
        return [finding for path in sorted(self.reports) for finding in self.reports[path].findings]

    @property
    def problems(self) -> list[Problem]:
        """Files that could not be read, or only in part, by path."""
        return [problem for path in sorted(self.reports) for problem in self.reports[path].problems]

    @property
    def api(self) -> ApiUses:
        """The uses of Modal's API in all files."""
        return sum((report.api for report in self.reports.values()), ApiUses())

    @property
    def ignored(self) -> int:
        """How many findings are silenced by comments."""
        return sum(report.ignored for report in self.reports.values())


class ScanStrategy(Protocol):
    """What finds out about the files of a scope: `Analysis`, or `BackgroundScan`."""

    def __call__(self, found: Scan) -> Iterator[Progress]:
        """Scan every file as it is, filling the `Scan`, and yield after each."""

    def as_if(self, changes: Mapping[str, bytes]) -> Scan:
        """Return what a scan would find if some files had other bytes, and all else were as the last scan found it."""

    def look_alikes(self) -> Sequence[LookAlike]:
        """Return what the last scan left alone though it reads like old code, by path and place."""

    def is_outdated(self) -> bool:
        """Tell whether files changed since the last scan; may be asked in any thread, and again and again."""


AsIf = Callable[[Mapping[str, bytes]], Scan]
"""The second of these."""
