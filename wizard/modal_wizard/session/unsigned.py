"""Decisions that this account may not have made: those of older versions, or such as came with the repository.

They may be read, as a rewrite of ours is the same whoever chose it. Text that somebody typed is not taken for the
person's: it waits to be looked at.
"""

from __future__ import annotations

from modal_wizard.files.signed import key_problem
from modal_wizard.session.decisions import PENDING
from modal_wizard.session.drafts import ANYTHING, Drafts, part_key
from modal_wizard.session.log import Session
from modal_wizard.text.grammar import counted


def take_over(session: Session, drafts: Drafts) -> None:
    """Make an unsigned log this account's: its typed texts become drafts, and the session's notes say so."""
    written = session.landed()
    typed = {
        finding: made.edits
        for step in (*session.steps, *session.undone)
        for finding, made in step.decisions
        if made.typed is not None and finding not in written
    }
    for finding, edits in typed.items():
        for number, edit in enumerate(edits):
            text = edit.text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
            drafts.keep(part_key(finding, number), text, ANYTHING)
    drafts.save()
    count = len(session.latest)
    if typed:
        session.amend(dict.fromkeys(typed, PENDING))
    session.take_over()
    if count:
        session.notes.append(
            f"{counted(count, 'decision')} here, made by an older version of modal-wizard, by another account, or "
            f"brought along by the repository{_or_ours()}: look before you commit.{_drafted(len(typed))}"
        )


def _or_ours() -> str:
    return f"; or by you, as {key_problem()}" if key_problem() else ""


def _drafted(count: int) -> str:
    return f" {counted(count, 'typed text')} wait{'s' if count == 1 else ''} to be looked at." if count else ""
