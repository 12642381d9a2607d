"""Undo and redo, told in words, with the cursor where the change is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardScreen

if TYPE_CHECKING:
    from modal_wizard.session.log import UndoStep
    from modal_wizard.tui.app import WizardApp


def possible(app: WizardApp, action: str) -> bool:
    """Tell whether one of the keys that work everywhere works now."""
    if not app.is_open:
        return action not in {"undo", "redo", "problems"}
    screen, session = app.screen, app.migration.session
    steps_back = isinstance(screen, WizardScreen) and screen.steps_back
    if action == "undo":
        return steps_back and session.can_undo
    if action == "redo":
        return steps_back and bool(session.undone)
    if action == "leave":
        return not (isinstance(screen, WizardScreen) and screen.busy)
    return bool(app.migration.problems or app.migration.scanned.skipped) if action == "problems" else True


def undo(app: WizardApp) -> None:
    """Take the last step back."""
    _told(app, "Undone", app.migration.session.undo())


def redo(app: WizardApp) -> None:
    """Make the last undone step again."""
    _told(app, "Done again", app.migration.session.redo())


def _told(app: WizardApp, verb: str, step: UndoStep | None) -> None:
    from modal_wizard.tui.screens.review.screen import Review

    if step is None:
        return
    app.show_all()
    touched = {identity for identity, _ in step.decisions}
    place = ""
    if isinstance(app.screen, Review):
        found = next((finding for finding in app.screen.findings.order if finding.id in touched), None)
        if found is not None:
            app.screen.findings.go(found)
        else:
            place = " (in another section)"
    app.tell(f"{verb}: {visible(step.label)}{place}")
