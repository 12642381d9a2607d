"""The wizard from its start to its exit code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from modal_wizard.config.settings import place, read
from modal_wizard.migration.options import RunOptions
from modal_wizard.process import hangup, shutdown, signals
from modal_wizard.process.crash_report import report_crash
from modal_wizard.scan.discover import ScanScope
from modal_wizard.tui.app import WizardApp

if TYPE_CHECKING:
    from modal_wizard.decisions.lookup import DecisionSet
    from modal_wizard.scan.background import BackgroundScan


def run_wizard(
    scope: ScanScope,
    wishes: RunOptions,
    theme: str = "",
    aside: BackgroundScan | None = None,
    decisions: DecisionSet | None = None,
) -> int:
    """Open the wizard on a scope and return its exit code; raises `DecisionsRefused`, `SurfaceUnreadable`."""
    app = WizardApp(scope, None, wishes.consent, theme, read(place()))
    app.wishes, app.branch, app.aside, app.decisions = wishes, wishes.branch, aside, decisions
    with signals.telling(app.stop_soon):
        hangup.watch(signals.stop)
        try:
            code = app.run()
        finally:
            if app.is_open:
                app.migration.session.settle()
    if app.fault is not None:
        from modal_transforms.modal_api.surface import SurfaceUnreadable

        cause = getattr(app.fault, "error", app.fault)  # of a worker that failed
        if isinstance(cause, SurfaceUnreadable):
            raise cause
        return report_crash(app.fault)
    if app.refusal is not None:
        raise app.refusal
    if app.is_open and app.migration.session.steps:
        from modal_wizard.reports.account import farewell
        from modal_wizard.review.waiting import saved_late

        shutdown.say("\n".join([*saved_late(app.drafts), farewell(app.migration)]), sys.stdout)
    if wishes.report is not None and app.is_open:
        from modal_wizard.reports.markdown import save_report

        save_report(app.migration, wishes.report)
    if number := signals.asked():
        return shutdown.stopped(number)
    return code or 0
