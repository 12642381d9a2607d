"""Undo and redo, told in words, with the cursor where the change is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modal_wizard.display import visible
from modal_wizard.session import Step

if TYPE_CHECKING:
    from modal_wizard.app import WizardApp


def undo(app: WizardApp) -> None:
    """Take the last step back, unless it is in a commit already."""
    session = app.migration.session
    landed = {finding: landing for landing in session.landings for finding in landing.findings}
    held = [landed[identity] for identity, _ in session.steps[-1].decisions if identity in landed]
    if held:
        commit = held[0].commit[:7]
        way = f"git revert {commit} takes it back" if commit else "it was written without a commit"
        app.tell(f"The last decision is written already; {way}.", bad=True)
        return
    _told(app, "Undone", session.undo())


def redo(app: WizardApp) -> None:
    """Make the last undone step again."""
    _told(app, "Done again", app.migration.session.redo())


def _told(app: WizardApp, verb: str, step: Step | None) -> None:
    from modal_wizard.screens.review import Review

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
