"""``modal-wizard apply``: take the recommended choice of every finding, unasked."""

from __future__ import annotations

import argparse
import sys

from modal_wizard.cli.arguments import (
    UsageError,
    add_color,
    add_consent,
    add_decisions,
    add_goal,
    add_paths,
    add_sections,
    add_ways,
    goal_of,
    run_options,
)

DESCRIPTION = "Take the recommended rewrite of every finding, unasked."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``apply`` takes."""
    add_paths(parser)
    add_sections(parser)
    add_goal(parser)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--safe", action="store_true", help="take safe rewrites only (the default)")
    which.add_argument("--all", action="store_true", help="take safe and review rewrites")
    add_decisions(parser)
    parser.add_argument("--raise-pin", action="store_true", help="raise the required version of modal, last")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--diff", action="store_true", help="print the diff, write nothing")
    how.add_argument("--commit", action="store_true", help="one commit a section")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="json: one outcome a line")
    add_color(parser)
    add_consent(parser)
    parser.add_argument("--allow-overlap", action="store_true", help="write into lines that you have changed")
    add_ways(parser)
    parser.add_argument("--stack", metavar="PREFIX", help="a branch a section, each on the one before: PREFIX/01-...")


def run(options: argparse.Namespace) -> int:
    """Apply; returns bit 1 when findings of the asked sections remain, bit 2 when something failed or was refused."""
    if (options.branch or options.check or options.trailers) and not options.commit:
        raise UsageError("--branch, --check and --trailers go with --commit")
    if options.allow_overlap and options.commit:
        raise UsageError("--allow-overlap does not go with --commit, which takes our lines only")
    if options.stack is not None and not options.commit:
        raise UsageError("--stack goes with --commit")
    if options.stack is not None and options.branch:
        raise UsageError("--stack does not go with --branch: it makes its own")
    if options.report and options.diff:
        raise UsageError("--report does not go with --diff")
    if options.diff and options.format == "json":
        raise UsageError("--format json does not go with --diff; scan --format json --edits has what would be written")
    goal = goal_of(options)
    from modal_wizard.cli.unattended import ApplyRequest, apply

    if options.trailers:
        from modal_wizard.verify.commit_proof import ABOUT

        print(ABOUT, file=sys.stderr)
    return apply(
        ApplyRequest(
            tuple(options.paths),
            tuple(options.section),
            goal,
            everything=options.all,
            diff=options.diff,
            commit=options.commit,
            raise_pin=options.raise_pin,
            stack=options.stack,
            wishes=run_options(options),
            safe=options.safe or not options.decisions,
            decisions=options.decisions,
            color=options.color,
            as_lines=options.format == "json",
        )
    )
