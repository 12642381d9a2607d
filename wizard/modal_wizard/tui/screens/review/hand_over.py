"""What is handed over to other programs: the diff and the guide's address, by the terminal's clipboard."""

from __future__ import annotations

import webbrowser

from modal_transforms.core.model import Finding, Section
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.process.platform import shows_windows
from modal_wizard.review.change import as_patch
from modal_wizard.review.cursor import ReviewCursor
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardScreen


def copy_diff(screen: WizardScreen, cursor: ReviewCursor, finding: Finding) -> None:
    """Copy the change of a finding, alone, as a patch."""
    try:
        patch = as_patch(cursor.migration.hunks(finding, cursor.shown(finding)))
    except CannotRewrite as error:
        screen.wizard.tell(f"This change cannot be made: {visible(str(error))}", bad=True)
        return
    if not patch:
        screen.wizard.tell("There is no change here to copy: this is done by hand.")
        return
    screen.app.copy_to_clipboard(patch)
    screen.wizard.tell(f"Copied: the change of {visible(finding.site.path, '␉')}:{finding.site.line} as a patch.")


def open_guide(screen: WizardScreen, section: Section) -> None:
    """Copy the address of a section in the guide, and open it where a browser has a window of its own."""
    screen.app.copy_to_clipboard(section.link)
    if shows_windows():
        screen.run_worker(lambda: webbrowser.open(section.link), thread=True, group="browser")
        screen.wizard.tell(f"Opened, and copied: {section.link}")
    else:
        screen.wizard.tell(f"Copied: {section.link}")
