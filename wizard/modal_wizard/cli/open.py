"""``modal-wizard``: open the wizard, or say which command to use where there is no terminal."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from modal_wizard.cli.arguments import (
    add_consent,
    add_decisions,
    add_goal,
    add_looks,
    add_path,
    add_ways,
    goal_of,
    run_options,
)
from modal_wizard.errors import WizardError

if TYPE_CHECKING:
    from modal_transforms.core.target import Goal
    from modal_wizard.decisions.lookup import DecisionSet
    from modal_wizard.migration.options import RunOptions
    from modal_wizard.scan.discover import ScanScope

DESCRIPTION = "Bring code written for the Modal SDK before 1.0 to 1.x, reviewed change by change."
NO_TERMINAL = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the wizard takes."""
    add_path(parser)
    add_options(parser)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the wizard's options, whatever it is opened on."""
    add_goal(parser)
    add_decisions(parser)
    add_consent(parser)
    add_ways(parser)
    add_looks(parser)


def run(options: argparse.Namespace) -> int:
    """Open the wizard as the options say; returns its exit code."""
    if options.low_bandwidth:
        spare_the_line()
    if agent := agent_in_front(options):
        from modal_wizard.cli.agent import tell
        from modal_wizard.scan.discover import scope_of

        return tell(scope_of(options.path, goal_of(options)), options.path, agent)
    decisions = decisions_of(options.decisions) if options.decisions else None
    return open_as_said(options.path, options, run_options(options), decisions)


def open_as_said(path: Path, options: argparse.Namespace, wishes: RunOptions, decisions: DecisionSet | None) -> int:
    """Open the wizard on a path as its options say; returns its exit code."""
    goal = goal_of(options)
    return open_wizard(path, wishes, goal, theme=options.theme, plain=options.plain, decisions=decisions)


def agent_in_front(options: argparse.Namespace) -> str:
    """Return the variable that tells of an agent, which cannot use screens; empty where a person asked for them."""
    from modal_wizard.process.agent import agent_variable

    return "" if options.plain or options.tui else agent_variable()


def decisions_of(source: str) -> DecisionSet:
    """Return the decisions of a file; raises `WizardError`. After ``-``, keys come from the terminal again."""
    from modal_wizard.decisions.lookup import DecisionSet
    from modal_wizard.decisions.read import read
    from modal_wizard.process.platform import take_keys_from_terminal

    taken = DecisionSet(*read(source))
    if source == "-":
        take_keys_from_terminal()
    return taken


def has_terminal() -> bool:
    """Tell whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def is_dumb() -> bool:
    """Tell whether the terminal can neither move its cursor nor show colours."""
    return os.environ.get("TERM", "") == "dumb"


def lacks_glyphs() -> bool:
    """Tell whether the terminal's encoding has not what the screens are drawn with."""
    try:
        "─│▾○✓←→␛…".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def spare_the_line() -> None:
    """Draw seldom and move nothing: for slow connections. Textual reads this when it is imported."""
    os.environ.update(TEXTUAL_ANIMATIONS="none", TEXTUAL_SMOOTH_SCROLL="0", TEXTUAL_FPS="10")


def open_wizard(
    path: Path,
    wishes: RunOptions,
    goal: Goal | None = None,
    *,
    theme: str = "",
    plain: bool = False,
    decisions: DecisionSet | None = None,
) -> int:
    """Open the wizard on a path, line by line when asked or when the terminal cannot do more; returns its exit code."""
    from modal_wizard.reports.place import check_report
    from modal_wizard.scan.discover import scope_of

    scope = scope_of(path, goal)
    check_report(scope.root, wishes.report)
    _check_branch(scope, wishes.branch)
    if not plain and has_terminal() and not is_dumb() and lacks_glyphs():
        plain = True
        print(
            f"modal-wizard: the encoding {sys.stdout.encoding} lacks what the screens are drawn with, so this asks "
            "line by line; in a UTF-8 locale (LC_ALL=C.UTF-8) the screens open.",
            file=sys.stderr,
        )
    if plain or (has_terminal() and is_dumb()):
        from modal_wizard.plain import run_plain

        return run_plain(scope, wishes, decisions)
    if not has_terminal():
        _name_commands(path)
        return NO_TERMINAL
    from modal_wizard.scan.background import BackgroundScan

    with BackgroundScan(scope) as aside:
        gc.disable()  # until the first frame: what is loaded for it is there to stay
        from modal_wizard.tui.run import run_wizard

        return run_wizard(scope, wishes, theme, aside, decisions)


def _name_commands(path: Path) -> None:
    """Say what works without a terminal."""
    from modal_wizard.process.platform import quoted
    from modal_wizard.text.sanitize import visible

    shown = visible(quoted(str(path)))
    print(
        "modal-wizard: the wizard needs a terminal, and this is none; nothing was changed.\n"
        f"  modal-wizard scan {shown}          lists what it would offer\n"
        f"  modal-wizard apply --diff {shown}  shows the safe rewrites\n"
        f"  modal-wizard apply {shown}         writes them\n"
        f"  modal-wizard --plain {shown}       asks line by line",
        file=sys.stderr,
    )


def _check_branch(scope: ScanScope, branch: str) -> None:
    """Refuse at once, before anything is decided, what could not be made; raises `WizardError`."""
    if not branch:
        return
    from modal_wizard.migration.open import repository_of

    repository = repository_of(scope)
    if repository is None:
        raise WizardError("--branch needs a git repository, and this is none.", "Nothing was changed.")
    if repository.head().branch != branch:
        repository.check_new_branch(branch)
