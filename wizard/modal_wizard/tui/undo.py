"""Undo and redo, told in words, with the cursor where the change is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardScreen
from modal_wizard.tui.host import Host

if TYPE_CHECKING:
    from modal_wizard.session.decisions import UndoStep


def possible(host: Host, action: str) -> bool:
    """Tell whether one of the keys that work everywhere works now."""
    if not host.is_open:
        return action not in {"undo", "redo", "problems"}
    screen, session = host.screen, host.migration.session
    steps_back = isinstance(screen, WizardScreen) and screen.steps_back
    if action == "undo":
        return steps_back and session.can_undo
    if action == "redo":
        return steps_back and bool(session.undone)
    if action == "leave":
        return not (isinstance(screen, WizardScreen) and screen.busy)
    return bool(host.migration.problems or host.migration.scanned.skipped) if action == "problems" else True


def undo(host: Host) -> None:
    """Take the last step back."""
    _told(host, "Undone", host.migration.session.undo())


def redo(host: Host) -> None:
    """Make the last undone step again."""
    _told(host, "Done again", host.migration.session.redo())


def _told(host: Host, verb: str, step: UndoStep | None) -> None:
    if step is None:
        return
    host.show_all()
    screen = host.screen
    found = screen.point_at({identity for identity, _ in step.decisions}) if isinstance(screen, WizardScreen) else True
    host.tell(f"{verb}: {visible(step.label)}{'' if found else ' (in another section)'}")
