"""What went wrong, in the words of somebody at a command line: a refusal says which option lifts it."""

from __future__ import annotations

from modal_wizard.errors import WizardError
from modal_wizard.git.permissions import Permission
from modal_wizard.git.preflight import CommitRefused, FileBlocked

OPTIONS = {Permission.DIRTY: "--allow-dirty", Permission.STAGED: "--allow-staged"}


def message_of(error: Exception, lifts: str = "") -> str:
    """Return what happened, without what to do next; a refusal names its files, a line each.

    ``lifts`` says what lifts a refusal where somebody is asked; else options of the command line do.
    """
    if not isinstance(error, WizardError):
        return str(error)
    refusals = error.refusals if isinstance(error, CommitRefused) else ()
    return error.message + "".join(f"\n  {_in_words(refusal, lifts)}" for refusal in refusals)


def text_of(error: WizardError) -> str:
    """Return what happened and what to do next."""
    refused = isinstance(error, CommitRefused) and error.refusals
    return ("\n" if refused else " ").join((message_of(error), error.hint)).strip()


def is_liftable(error: Exception) -> bool:
    """Tell whether all that was refused goes when only our lines are committed."""
    refusals = error.refusals if isinstance(error, CommitRefused) else ()
    return bool(refusals) and all(refusal.lifted_by for refusal in refusals)


def _in_words(refusal: FileBlocked, lifts: str) -> str:
    options = " and ".join(OPTIONS[permission] for permission in refusal.lifted_by)
    return f"{refusal} ({lifts or f'{options} lifts that'})" if options else str(refusal)
