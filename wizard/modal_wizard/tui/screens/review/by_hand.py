"""Changing a finding by hand: in place, in the person's own editor, or outside the wizard altogether."""

from __future__ import annotations

from collections.abc import Callable

from textual.worker import get_current_worker

from modal_transforms.core.model import Finding
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.migration.migration import Migration
from modal_wizard.review.by_hand import LookedAgain, as_edit, look_again, to_edit
from modal_wizard.review.cursor import ReviewCursor
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardScreen

_LOOKING = "Looking again…"


class ByHand:
    """Opens editors on the finding under the cursor; ``decided`` is called with what was taken."""

    def __init__(self, cursor: ReviewCursor, screen: WizardScreen, decided: Callable[[Finding], None]) -> None:
        self._cursor, self._screen, self._decided = cursor, screen, decided
        self.looking = False
        """Whether the files are looked at again, so that nothing may be decided."""

    @property
    def _migration(self) -> Migration:
        return self._cursor.migration

    def _choice(self) -> str:
        choice = self._cursor.choice
        return choice.key if choice else ""

    def in_place(self, finding: Finding) -> None:
        """Have the new lines written in the wizard."""
        from modal_wizard.tui.dialogs.edit import EditLines

        def done(taken: bool | None) -> None:
            if taken:
                self._decided(finding)

        self._screen.app.push_screen(EditLines(finding, self._choice()), done)

    def outside(self, finding: Finding) -> None:
        """Open the person's editor: on the file after the change, or on the file itself where there is none."""
        if not finding.choices:
            self._open_itself(finding)
            return
        try:
            self._edit_outside(finding)
        except CannotRewrite as error:
            self._screen.wizard.tell(f"Not taken: {visible(str(error))}", bad=True)
        else:
            self._decided(finding)

    def _edit_outside(self, finding: Finding) -> None:
        """Take what the editor saves as the person's own text; raises `CannotRewrite`."""
        from modal_wizard.process.editor import NoEditor
        from modal_wizard.tui.suspend import edited_outside

        choice, wizard, key = self._choice(), self._screen.wizard, f"{finding.id} file"
        text, line = to_edit(self._migration, finding, choice)
        try:
            with wizard.drafts.in_editor(key, text, text) as place:
                saved = edited_outside(self._screen.app, text, wizard.scope.root, place, line)
                wizard.drafts.keep(key, saved.removesuffix("\n"), text)
        except NoEditor as error:
            raise CannotRewrite(str(error)) from None
        if saved == text:
            raise CannotRewrite("nothing was changed in the editor; a accepts the change as it is")
        self._migration.edit(finding, as_edit(self._migration, finding, saved), choice)
        wizard.drafts.drop(key)

    def _open_itself(self, finding: Finding) -> None:
        from modal_wizard.process.editor import NoEditor
        from modal_wizard.tui.suspend import opened_outside

        root, site = self._screen.wizard.scope.root, finding.site
        try:
            opened_outside(self._screen.app, root / site.path, root, site.text_lines[0])
        except NoEditor as error:
            self._screen.wizard.tell(visible(str(error)), bad=True)
        else:
            self.look_again(finding)

    # --- done elsewhere ------------------------------------------------------------------------------------------

    def look_again(self, finding: Finding) -> None:
        """Look at the files again, in a thread, and tell whether a finding is done."""
        self.looking = True
        self._screen.offer_keys()
        self._screen.wizard.tell(_LOOKING)
        self._screen.run_worker(lambda: self._look(finding), thread=True, exclusive=True, group="looking")

    def _look(self, finding: Finding) -> None:
        seen = look_again(self._migration, finding)
        if not get_current_worker().is_cancelled:
            self._screen.app.call_from_thread(self._looked, seen)

    def _looked(self, seen: LookedAgain) -> None:
        self.looking = False
        self._screen.wizard.telling.forget(_LOOKING)
        self._screen.wizard.show_all()
        self._screen.wizard.tell(visible(seen.words, "␉"), bad=seen.still is not None)
