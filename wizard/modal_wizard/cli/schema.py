"""``modal-wizard schema``: the JSON Schema of what goes out and what comes in."""

from __future__ import annotations

import argparse
import json

DESCRIPTION = (
    "Print the JSON Schema of what scan --format json prints (plan), what --decisions takes (decisions), or each line "
    "that apply --format json prints (outcome)."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``schema`` takes."""
    parser.add_argument("of", choices=("plan", "decisions", "outcome"), help="what it is the schema of")


def run(options: argparse.Namespace) -> int:
    """Print the schema; returns 0."""
    from modal_wizard.reports.schema import schema_of

    print(json.dumps(schema_of(options.of), indent=2))
    return 0
