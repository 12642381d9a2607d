"""``modal-wizard scan``: list findings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from modal_transforms.core.model import Finding, LookAlike
from modal_wizard.scan.discover import scope_of
from modal_wizard.scan.result import Scan
from modal_wizard.scan.scanner import scan_all

FOUND, FAILED = 1, 2


def run(path: Path, sections: tuple[str, ...], output_format: str, edits: bool, left_alone: bool = False) -> int:
    """Print what a path holds; returns bit 1 for findings, bit 2 for files that could not be read."""
    scanned = scan_all(scope_of(path))
    findings = [f for f in scanned.findings if not sections or f.section in sections]
    aside = _left_alone(scanned, sections) if left_alone else None
    if output_format == "text":
        _show(scanned, findings, aside, narrowed=bool(sections))
    else:
        print(_rendered(scanned, findings, output_format, edits, aside), end="")
    return (FOUND if findings else 0) | (FAILED if scanned.problems else 0)


def _left_alone(scanned: Scan, sections: tuple[str, ...]) -> list[LookAlike]:
    from modal_wizard.scan.look_alikes import look_alikes

    return [each for each in look_alikes(scanned) if not sections or each.section in sections]


def _show(scanned: Scan, findings: Sequence[Finding], aside: Sequence[LookAlike] | None, narrowed: bool) -> None:
    from modal_wizard.reports import text

    text.show(scanned, findings, narrowed)
    if aside is not None:
        text.show_left_alone(scanned.scope.root, aside)


def _rendered(
    scanned: Scan,
    findings: Sequence[Finding],
    output_format: str,
    edits: bool,
    aside: Sequence[LookAlike] | None,
) -> str:
    from modal_wizard.migration.migration import Migration
    from modal_wizard.reports import github, json_report, sarif

    migration = Migration(scanned.scope)
    migration.scanned = scanned
    if output_format == "github":
        return "".join(f"{line}\n" for line in github.lines(migration, findings))
    if output_format == "sarif":
        return sarif.render(migration, findings, edits) + "\n"
    return json_report.render(migration, findings, edits, aside) + "\n"
