"""``modal-wizard scan``: list findings."""

from __future__ import annotations

from pathlib import Path

from modal_wizard.discover import scope_of
from modal_wizard.migration import Migration

FOUND, FAILED = 1, 2


def run(path: Path, sections: tuple[str, ...], output_format: str, edits: bool) -> int:
    """Print what a path holds; returns bit 1 for findings, bit 2 for files that could not be read."""
    migration = Migration(scope_of(path))
    for _ in migration.scan():
        pass
    findings = [f for f in migration.findings() if not sections or f.section in sections]
    if output_format == "json":
        from modal_wizard.reports.json_report import render

        print(render(migration, findings, edits))
    else:
        from modal_wizard.reports import text

        text.show(migration, findings, narrowed=bool(sections))
    return (FOUND if findings else 0) | (FAILED if migration.problems else 0)
