"""What of a scan is told: what is on changed lines, and what a baseline does not know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from modal_transforms.core.model import Finding
from modal_wizard.errors import WizardError
from modal_wizard.migration import baseline
from modal_wizard.migration.changed import changes_since, on_changed_lines, without_problems_elsewhere
from modal_wizard.migration.migration import Migration
from modal_wizard.scan.discover import ScanScope
from modal_wizard.scan.result import Scan
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible


@dataclass(frozen=True, slots=True)
class NarrowedBy:
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
        self._changed = changes_since(scope, by.since) if by.since is not None else None
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
            findings = on_changed_lines(migration, findings, self._changed)
            scanned = without_problems_elsewhere(scanned, self._changed)
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
