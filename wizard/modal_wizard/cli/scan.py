"""``modal-wizard scan``: list findings."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from modal_wizard.cli.arguments import UsageError, add_goal, add_path, add_sections, goal_of

if TYPE_CHECKING:
    from modal_transforms.core.model import Finding, LookAlike
    from modal_wizard.scan.result import Scan

DESCRIPTION = "List code written for the Modal SDK before 1.0."
FOUND, FAILED = 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``scan`` takes."""
    add_path(parser)
    add_sections(parser)
    add_goal(parser)
    parser.add_argument("--format", choices=("text", "json", "sarif", "github"), default="text")
    parser.add_argument("--edits", action="store_true", help="json and sarif: the edits of each choice")
    parser.add_argument("--left-alone", action="store_true", help="text and json: also what only reads like it")


def run(options: argparse.Namespace) -> int:
    """Print what a path holds; returns bit 1 for findings, bit 2 for files that could not be read."""
    if options.edits and options.format not in {"json", "sarif"}:
        raise UsageError("--edits goes with --format json or sarif")
    if options.left_alone and options.format not in {"text", "json"}:
        raise UsageError("--left-alone goes with --format text or json")
    goal = goal_of(options)
    from modal_wizard.scan.discover import scope_of
    from modal_wizard.scan.scanner import scan_all

    sections = tuple(options.section)
    scanned = scan_all(scope_of(options.path, goal))
    findings = [f for f in scanned.findings if not sections or f.section in sections]
    aside = _left_alone(scanned, sections) if options.left_alone else None
    if options.format == "text":
        _show(scanned, findings, aside, narrowed=bool(sections))
    else:
        print(_rendered(scanned, findings, options.format, options.edits, aside), end="")
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
