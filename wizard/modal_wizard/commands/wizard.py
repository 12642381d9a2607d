"""``modal-wizard``: open the wizard, or say which command to use where there is no terminal."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from modal_wizard.discover import scope_of
from modal_wizard.display import visible
from modal_wizard.landing import Consent

NO_TERMINAL = 2


def has_terminal() -> bool:
    """Tell whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def run(path: Path, allow_dirty: bool, allow_staged: bool, allow_no_vcs: bool) -> int:
    """Open the wizard on a path; returns its exit code."""
    scope_of(path)
    if not has_terminal():
        shown = visible(shlex.quote(str(path)))
        print(
            "modal-wizard: the wizard needs a terminal, and this is none; nothing was changed.\n"
            f"  modal-wizard scan {shown}          lists what it would offer\n"
            f"  modal-wizard apply --diff {shown}  shows the safe rewrites\n"
            f"  modal-wizard apply {shown}         writes them",
            file=sys.stderr,
        )
        return NO_TERMINAL
    from modal_wizard.app import run_wizard

    return run_wizard(path, Consent(allow_dirty, allow_staged, allow_no_vcs))
