"""``modal-wizard decisions``: the decisions of the session as a file that ``--decisions`` takes."""

from __future__ import annotations

import argparse
import sys

from modal_wizard.cli.arguments import add_goal, add_path, goal_of
from modal_wizard.errors import WizardError

DESCRIPTION = (
    "Print what was decided in the wizard, written or not, as a file that --decisions takes: here, or on another clone "
    "of what the first section was written to."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``decisions`` takes."""
    add_path(parser)
    add_goal(parser)


def run(options: argparse.Namespace) -> int:
    """Print the decisions; returns 0."""
    goal = goal_of(options)
    from modal_wizard.decisions.export import as_text, counts, exported
    from modal_wizard.migration.open import open_scope
    from modal_wizard.scan.discover import scope_of

    migration = open_scope(scope_of(options.path, goal))
    if migration.session.unkept:
        raise WizardError(f"{migration.session.unkept}.", "What was decided is not known.")
    for _ in migration.scan():
        pass
    entries, lost = exported(migration)
    print(as_text(entries), end="")
    for note in migration.session.notes:
        print(f"modal-wizard: {note}", file=sys.stderr)
    gone = f"; {lost} left out, as what they are about is not there any more" if lost else ""
    said = ", ".join(f"{count} {word}" for word, count in counts(entries).items())
    print(f"modal-wizard: {said}{gone}.", file=sys.stderr)
    return 0
