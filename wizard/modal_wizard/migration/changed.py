"""Findings on lines that changed: what a branch, or work that is in no commit yet, added or touched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import structs

from modal_transforms.core.model import Finding, Site
from modal_transforms.core.patches import Patch
from modal_transforms.core.source import SourceFile, Unreadable
from modal_wizard.errors import WizardError
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.open import repository_of

if TYPE_CHECKING:
    from modal_wizard.git.changed_lines import ChangedLines
    from modal_wizard.scan.discover import ScanScope
    from modal_wizard.scan.result import Scan


def changes_since(scope: ScanScope, ref: str) -> ChangedLines:
    """Return which lines changed since ``ref``; raises `WizardError` where there is no repository or no such commit."""
    from modal_wizard.git.changed_lines import changed_lines

    repository = repository_of(scope)
    if repository is None:
        raise WizardError("--since needs a git repository, and this is none.", "Leave it out.")
    with repository:
        return changed_lines(repository.git, ref)


def on_changed_lines(migration: Migration, findings: Sequence[Finding], changed: ChangedLines) -> list[Finding]:
    """Return the findings with a place on changed lines, be it their first or another one."""
    return [finding for finding in findings if any(_is_touched(migration, site, changed) for site in finding.sites)]


def without_problems_elsewhere(scanned: Scan, changed: ChangedLines) -> Scan:
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
