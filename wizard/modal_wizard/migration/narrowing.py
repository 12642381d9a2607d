"""What of a scan is told: what is on changed lines, and what a baseline does not know."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from modal_transforms.core.model import Finding, Site
from modal_transforms.core.patches import Patch
from modal_transforms.core.source import SourceFile, Unreadable
from modal_wizard.errors import WizardError
from modal_wizard.migration import baseline
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.open import repository_of
from modal_wizard.scan.discover import ScanScope
from modal_wizard.scan.result import Scan
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_wizard.git.changed_lines import ChangedLines
    from modal_wizard.scan.discover import ScanScope
    from modal_wizard.scan.result import Scan


class NarrowedBy(Struct, frozen=True):
    """What a scan is narrowed by, as it was said on the command line."""

    since: str | None
    baseline: Path | None
    writes: bool
    """Whether what is gone is taken out of the baseline."""


class Narrowing:
    """Narrows a scan; what it compares with is read, and refused, before anything is scanned."""

    def __init__(self, scope: ScanScope, by: NarrowedBy) -> None:
        """Read the changes and the baseline; raises `WizardError` where there is no such thing."""
        self._by = by
        self._baseline = baseline.read(scope, by.baseline) if by.baseline is not None else None
        if by.baseline is not None and self._baseline is None and not by.writes:
            shown = visible(str(by.baseline))
            raise WizardError(f"There is no baseline {shown}.", f"--write-baseline {shown} makes one.")
        self._changed = _changes_since(scope, by.since) if by.since is not None else None
        self.told: dict[str, object] = {}
        """What it came to, by the names of fields in JSON."""
        self.note = ""
        """What became of the baseline, in a sentence."""

    @property
    def where(self) -> str:
        """Where findings are that are told, as the end of a sentence."""
        since = f" on lines changed since {visible(self._by.since)}" if self._by.since is not None else ""
        beside = f" beside those in {visible(str(self._by.baseline))}" if self._baseline is not None else ""
        return since + beside

    def narrowed(self, scanned: Scan, sections: Sequence[str]) -> tuple[Scan, list[Finding]]:
        """Return what is told of a scan, and the findings of the sections that are; writes the baseline if asked."""
        findings = [finding for finding in scanned.findings if not sections or finding.section in sections]
        migration = Migration(scanned.scope)
        migration.scanned = scanned
        if self._by.baseline is not None:
            findings = self._beside_baseline(migration, self._by.baseline, findings, sections)
        if self._changed is not None:
            self.told["since"] = {"ref": self._by.since, "commit": self._changed.since}
            findings = _on_changed_lines(migration, findings, self._changed)
            scanned = _without_problems_elsewhere(scanned, self._changed)
        return scanned, findings

    def _beside_baseline(
        self, migration: Migration, file: Path, findings: list[Finding], sections: Sequence[str]
    ) -> list[Finding]:
        shown = visible(str(file))
        if self._baseline is None:
            self._baseline = baseline.first(migration, findings)
            baseline.write(migration.scope.root, file, self._baseline)
            self.note = f"{shown}: {counted(len(findings), 'finding')} written."
            self.told["baseline"] = {"known": len(findings), "gone": 0}
            return []
        found = baseline.compare(migration, self._baseline, sections)
        self.told["baseline"] = {"known": found.known, "gone": found.gone}
        if self._by.writes:
            if found.gone or found.kept != self._baseline.findings:
                baseline.write(migration.scope.root, file, baseline.of(self._baseline, found))
            kept = sum(entry.count for entry in found.kept)
            added = "; a baseline only shrinks, so that these were not added" if found.new else ""
            self.note = f"{shown}: {kept} kept, {found.gone} gone, {len(found.new)} new{added}."
        else:
            drops = f" (--write-baseline {shown} takes these out)" if found.gone else ""
            self.note = f"{shown}: {found.known} known, {found.gone} gone{drops}, {len(found.new)} new."
        return found.new


def _changes_since(scope: ScanScope, ref: str) -> ChangedLines:
    """Return which lines changed since ``ref``; raises `WizardError` where there is no repository or no such commit."""
    from modal_wizard.git.changed_lines import changed_lines

    repository = repository_of(scope)
    if repository is None:
        raise WizardError("--since needs a git repository, and this is none.", "Leave it out.")
    with repository:
        return changed_lines(repository.git, ref)


def _on_changed_lines(migration: Migration, findings: Sequence[Finding], changed: ChangedLines) -> list[Finding]:
    """Return the findings with a place on changed lines, be it their first or another one."""
    return [finding for finding in findings if any(_is_touched(migration, site, changed) for site in finding.sites)]


def _without_problems_elsewhere(scanned: Scan, changed: ChangedLines) -> Scan:
    """Return a scan without what is to be said of files that did not change."""
    reports = {
        path: report if changed.has(path) else structs.replace(report, problems=())
        for path, report in scanned.reports.items()
    }
    return structs.replace(scanned, reports=reports)


def _is_touched(migration: Migration, site: Site, changed: ChangedLines) -> bool:
    if not changed.has(site.path):
        return False
    first, last = _lines_on_disk(migration.source(site.path), site)
    return changed.touch(site.path, first, last)


def _lines_on_disk(source: SourceFile, site: Site) -> tuple[int, int]:
    """Return the first and the last line of a place as git counts them: by ``\\n``, in a notebook those of its JSON.

    Where that cannot be told it is the whole file.
    """
    try:
        ends = [source.lifted([Patch(at, at, b"\0")])[0].start for at in (site.span.start, site.span.end)]
    except (Unreadable, ValueError, IndexError):
        return 1, source.raw.count(b"\n") + 1
    first, last = (source.raw.count(b"\n", 0, at) + 1 for at in ends)
    return first, last
