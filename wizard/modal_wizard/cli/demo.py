"""``modal-wizard demo``: write a small legacy Modal repository and open the wizard on it."""

from __future__ import annotations

import argparse
import sys

from modal_wizard.cli import open
from modal_wizard.cli.arguments import own_place, run_options

DESCRIPTION = "Write a small legacy Modal repository and open the wizard on it."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``demo`` takes."""
    parser.add_argument("folder", nargs="?", metavar="DIR", type=own_place, help="an empty or absent folder")
    open.add_options(parser)


def run(options: argparse.Namespace) -> int:
    """Write the demo to a folder (a fresh temporary one when not said); without a terminal, print its path."""
    from modal_wizard.demo import write_demo
    from modal_wizard.text.sanitize import visible

    if options.low_bandwidth:
        open.spare_the_line()
    decisions = open.decisions_of(options.decisions) if options.decisions else None
    wishes = run_options(options)
    written = write_demo(options.folder)
    if not options.plain and (open.agent_in_front(options) or not open.has_terminal()):
        print(visible(str(written)) if sys.stdout.isatty() else written)
        return 0
    code = open.open_as_said(written, options, wishes, decisions)
    print(f"The demo is in {visible(str(written))}")
    return code
