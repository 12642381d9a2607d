"""The wizard as a line-by-line prompt, for screen readers, dumb terminals and pipes: no colours, no cursor movement."""

from __future__ import annotations

import sys

from modal_wizard.config.settings import place, read
from modal_wizard.decisions.lookup import DecisionSet
from modal_wizard.decisions.proposals import NOTHING, Proposals
from modal_wizard.migration.open import open_repository, open_scope
from modal_wizard.migration.options import RunOptions
from modal_wizard.plain.commands import Prompt
from modal_wizard.plain.console import Console, EndOfInput
from modal_wizard.plain.cursor import Desk
from modal_wizard.plain.format import title
from modal_wizard.reports.account import farewell
from modal_wizard.reports.markdown import save_report
from modal_wizard.review.waiting import saved_late, waiting
from modal_wizard.scan.discover import ScanScope

__all__ = ["run_plain"]


def run_plain(scope: ScanScope, wishes: RunOptions, decisions: DecisionSet | None = None) -> int:
    """Ask line by line until the person quits or the input ends; every decision is kept. Returns the exit code.

    Raises `DecisionsRefused`, before anything is asked, for a file of decisions that does not fit what was found.
    """
    console = Console(sys.stdin, sys.stdout)
    migration = open_scope(scope)
    console.say(title(migration))
    opened = open_repository(migration.scope, None)
    console.say(f"Repository: {opened.head_summary}", opened.settled)
    for _ in migration.scan():
        pass
    console.say(*migration.session.notes)
    proposals = Proposals(migration, decisions or NOTHING)
    proposals.check()
    desk = Desk(migration, opened.repository, wishes, console, proposals)
    settings = read(place())
    console.say(*settings.problems, *waiting(migration, desk.drafts))
    try:
        Prompt(desk, settings.keys).run()
    except EndOfInput:
        console.say("", "The input ended.")
    console.say(*saved_late(desk.drafts), farewell(migration))
    if wishes.report is not None:
        save_report(migration, wishes.report)
    return 0
