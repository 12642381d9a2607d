"""A branch of its own for the migration: asked for on the commit screen, before the first commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from modal_transforms.core.model import Ask, Choice
from modal_wizard.errors import WizardError
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.dialogs.confirm import Question
from modal_wizard.tui.dialogs.form import Values

if TYPE_CHECKING:
    from modal_wizard.tui.host import Host

SUGGESTED = "modal-1.0"
TOO_LATE = "A new branch can be taken before the first commit only."
WHERE = "The first commit is made, and those after it go where it is."
_FORM = Choice(
    "branch",
    "Make all commits on a new branch, from here",
    "The branch that is checked out stays as it is.",
    (),
    (Ask("branch", "Name of the branch", SUGGESTED, r"[^\s~^:?*\[\\\x00-\x1f\x7f-]\S*"),),
)


def offers_branch(app: Host) -> bool:
    """Tell whether the commits can still all go to a branch of their own."""
    return app.repository is not None and not any(landing.commit for landing in app.migration.session.landings)


def ask_for_branch(app: Host, then: Callable[[], None]) -> None:
    """Ask for a name; the branch is made with the first commit. ``then`` is called when there is one."""

    def answered(values: Mapping[str, str] | None) -> None:
        if values is None or app.repository is None:
            return
        try:
            app.repository.check_new_branch(values["branch"])
        except WizardError as error:
            app.tell(visible(str(error)), bad=True)
            return
        app.branch = values["branch"]
        then()

    app.push_screen(Values(_FORM, {"branch": app.branch} if app.branch else {}), answered)


def too_late(app: Host) -> None:
    """Say that there is no branch to be asked for any more, in a dialog: a name that is typed on is no command."""
    app.push_screen(Question(TOO_LATE, WHERE, notice=True))
