"""``modal-wizard scan``: list findings."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from modal_wizard.cli.arguments import UsageError, add_color, add_goal, add_paths, add_sections, goal_of, own_place

if TYPE_CHECKING:
    from modal_transforms.core.model import Finding, LookAlike
    from modal_wizard.migration.narrowing import Narrowing
    from modal_wizard.scan.analysis import Analysis
    from modal_wizard.scan.discover import ScanScope
    from modal_wizard.scan.result import Scan

DESCRIPTION = "List code written for the Modal SDK before 1.0."
EPILOG = """\
formats, all on standard output; what could not be read is told on standard error:
  text    for people: findings by section with their places, what breaks when, the counts last; skipped files are
          named on standard error, those above 20 of a kind counted
  json    one object for programs: every finding with its id, places and choices; with --edits the exact bytes of each
          choice, for one choice at a time (modal-wizard schema plan describes it)
  sarif   SARIF 2.1.0 for code scanning and editors; with --edits as fixes
  github  lines that GitHub Actions shows beside the code of a pull request
"""
FOUND, FAILED = 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``scan`` takes."""
    add_paths(parser)
    add_sections(parser)
    add_goal(parser)
    formats = ("text", "json", "sarif", "github")
    parser.add_argument("--format", choices=formats, default="text", help="what is printed (text)")
    add_color(parser)
    parser.add_argument("--edits", action="store_true", help="json and sarif: the edits of each choice")
    parser.add_argument("--left-alone", action="store_true", help="text and json: also what only reads like it")
    parser.add_argument("--since", metavar="REF", help="only what is on lines changed since HEAD parted from REF")
    known = parser.add_mutually_exclusive_group()
    known.add_argument("--baseline", type=own_place, metavar="FILE", help="leave out the findings that FILE knows")
    known.add_argument(
        "--write-baseline", type=own_place, metavar="FILE", help="make FILE, or take out of it what is gone"
    )


def run(options: argparse.Namespace) -> int:
    """Print what a path holds; returns bit 1 for findings, bit 2 for files that could not be read."""
    _check(options)
    goal = goal_of(options)
    from modal_wizard.process.progress import ProgressBar
    from modal_wizard.scan.analysis import Analysis
    from modal_wizard.scan.discover import scope_of_all
    from modal_wizard.scan.scanner import scan_all

    sections = tuple(options.section)
    scope = scope_of_all(options.paths, goal)
    narrowing = _narrowing(scope, options)
    analysis = Analysis(scope, is_lean=not (options.edits or options.left_alone))
    with ProgressBar("scanning") as bar:
        scanned = scan_all(scope, bar.step, analysis)
    gc.enable()
    findings = [f for f in scanned.findings if not sections or f.section in sections]
    if narrowing is not None:
        scanned, findings = narrowing.narrowed(scanned, sections)
        if narrowing.note:
            print(f"modal-wizard: {narrowing.note}", file=sys.stderr)
    aside = _left_alone(analysis, sections) if options.left_alone else None
    if options.format == "text":
        where = narrowing.where if narrowing is not None else ""
        _show(scanned, findings, aside, options.color, bool(sections), where)
        if findings and sys.stdout.isatty():
            _say_next(options.paths, findings[0].section)
    else:
        told = narrowing.told if narrowing is not None else {}
        print(_rendered(scanned, findings, options.format, options.edits, aside, told), end="")
    return (FOUND if findings else 0) | (FAILED if scanned.problems else 0)


def _check(options: argparse.Namespace) -> None:
    """Raise `UsageError` for options that do not go together."""
    if options.edits and options.format not in {"json", "sarif"}:
        raise UsageError("--edits goes with --format json or sarif")
    if options.left_alone and options.format not in {"text", "json"}:
        raise UsageError("--left-alone goes with --format text or json")
    if options.since is not None and options.write_baseline is not None:
        raise UsageError("--write-baseline does not go with --since, which leaves most findings out")


def _narrowing(scope: ScanScope, options: argparse.Namespace) -> Narrowing | None:
    """Return what narrows the scan; ``None`` where nothing does, and nothing is loaded for it."""
    file = options.baseline if options.baseline is not None else options.write_baseline
    if options.since is None and file is None:
        return None
    from modal_wizard.migration.narrowing import NarrowedBy, Narrowing

    return Narrowing(scope, NarrowedBy(options.since, file, writes=options.write_baseline is not None))


def _left_alone(analysis: Analysis, sections: tuple[str, ...]) -> list[LookAlike]:
    return [each for each in analysis.look_alikes() if not sections or each.section in sections]


def _show(
    scanned: Scan,
    findings: Sequence[Finding],
    aside: Sequence[LookAlike] | None,
    color: str,
    narrowed: bool,
    where: str,
) -> None:
    from modal_wizard.reports import text
    from modal_wizard.text.paint import paint_for

    text.show(scanned, findings, narrowed, where, paint_for(color))
    if aside is not None:
        text.show_left_alone(scanned.scope.root, aside)


def _say_next(paths: Sequence[Path], section: str) -> None:
    """Tell a person at a terminal what to do with findings."""
    from modal_wizard.process.platform import quoted
    from modal_wizard.text.sanitize import visible

    where = "".join(f" {visible(quoted(str(path)))}" for path in paths if path != Path("."))
    wizard = f"modal-wizard{where}" if len(paths) == 1 else "modal-wizard"
    print(
        f"Next: {wizard} reviews them one by one, modal-wizard apply --diff{where} shows the safe rewrites, "
        f"modal-wizard explain {section} tells what that section is about.",
        file=sys.stderr,
    )


def _rendered(
    scanned: Scan,
    findings: Sequence[Finding],
    output_format: str,
    edits: bool,
    aside: Sequence[LookAlike] | None,
    told: Mapping[str, object],
) -> str:
    from modal_wizard.migration.migration import Migration
    from modal_wizard.reports import github, json_report, sarif

    migration = Migration(scanned.scope)
    migration.scanned = scanned
    if output_format == "github":
        return "".join(f"{line}\n" for line in github.lines(migration, findings))
    if output_format == "sarif":
        return sarif.render(migration, findings, edits) + "\n"
    return json_report.render(migration, findings, edits, aside, told) + "\n"
