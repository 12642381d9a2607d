"""What may be decided of findings, and the events in which the log of a session has it: plain data."""

from __future__ import annotations

import enum
from typing import TypeAlias

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import astuple


class Status(enum.Enum):
    """How far a finding is decided."""

    __hash__ = object.__hash__  # that of `enum` is ten times slower, and thousands are counted at once

    PENDING = "pending"
    ACCEPTED = "accepted"
    EDITED = "edited"
    SKIPPED = "skipped"


class ManualEdit(Struct, frozen=True, forbid_unknown_fields=True):
    """Text that a person wrote in place of bytes ``start`` to ``end`` of a file as it was scanned."""

    path: str
    start: int
    end: int
    text: str


class Decision(Struct, frozen=True):
    """What was decided of one finding."""

    status: Status = Status.PENDING
    choice: str = ""
    """The choice that was accepted, or that the edit began from."""
    values: tuple[tuple[str, str], ...] = ()
    """Answers to what the choice asks: name and value."""
    typed: ManualEdit | None = None
    reason: str = ""
    """Why it was skipped, if the person said so."""
    bulk: bool = False
    """Taken together with others, without being looked at one by one."""
    note: str = ""
    """Why, as whoever proposed it said."""
    also: tuple[ManualEdit, ...] | UnsetType = UNSET
    """What was typed in other parts of the finding; left out where there is nothing of that."""

    @property
    def edits(self) -> tuple[ManualEdit, ...]:
        """All that was typed."""
        return (*([self.typed] if self.typed else []), *(self.also or ()))


PENDING = Decision()


class UndoStep(Struct, frozen=True):
    """One step of undo: the decisions it made, by finding."""

    decisions: tuple[tuple[str, Decision], ...]
    label: str = ""
    mutes: tuple[tuple[str, bool], ...] = ()
    """Rules that it muted (true) or unmuted (false)."""


class DecidedFinding(Struct, frozen=True):
    """A finding and its decision, as an event of the log has them: the fields of `Decision` in their order."""

    finding: str
    status: Status
    choice: str = ""
    values: tuple[tuple[str, str], ...] = ()
    typed: ManualEdit | None = None
    reason: str = ""
    bulk: bool = False
    note: str | UnsetType = UNSET
    """Left out where there is none."""
    also: tuple[ManualEdit, ...] | UnsetType = UNSET

    @property
    def pair(self) -> tuple[str, Decision]:
        """The finding's identity, and what was decided of it."""
        _, *made, note, also = astuple(self)
        return self.finding, Decision(*(*made, note or "", also))


def decided_finding(finding: str, decision: Decision) -> DecidedFinding:
    """Return a decision in the form that an event of the log has; `DecidedFinding.pair` turns it back."""
    *made, note, also = astuple(decision)
    return DecidedFinding(*(finding, *made, note or UNSET, also))


class Event(Struct, frozen=True, tag_field="event"):
    """One line of the log of a session."""


class Decided(Event, frozen=True, tag="decide"):
    """Findings were decided, and rules muted or unmuted, in one step of undo."""

    label: str = ""
    decisions: tuple[DecidedFinding, ...] = ()
    mutes: tuple[tuple[str, bool], ...] | UnsetType = UNSET
    """Left out where no rule was muted or unmuted."""


class MuteExtended(Event, frozen=True, tag="muted"):
    """Findings that came later joined the step that muted their rule."""

    rule: str
    decisions: tuple[DecidedFinding, ...] = ()


class Amended(Event, frozen=True, tag="amend"):
    """Decisions were replaced in every step, as their files had changed."""

    decisions: tuple[DecidedFinding, ...] = ()


class Undone(Event, frozen=True, tag="undo"):
    """The last step was taken back."""


class Redone(Event, frozen=True, tag="redo"):
    """The step that was undone last was made again."""


class WrittenEdit(Struct, frozen=True):
    """A part of a text that a person wrote: bytes ``start`` to ``end`` of a file on disk, as it was before."""

    finding: str
    path: str
    sha256: str
    start: int
    end: int
    text: str


class SectionWritten(Event, frozen=True, tag="land"):
    """A section was written: which findings, in which commit (empty when written without one)."""

    section: str
    findings: tuple[str, ...] = ()
    commit: str = ""
    renamed: tuple[tuple[str, str], ...] = ()
    """Identities of findings after the writing -> the ones that they had."""
    accepted: int = 0
    edited: int = 0
    skipped: int = 0
    bulk: tuple[str, ...] = ()
    """Places whose change was taken together with others, without being looked at one by one."""
    advice: tuple[tuple[str, str], ...] = ()
    """Place and advice of the findings that came with some."""
    needs: tuple[tuple[str, str], ...] | UnsetType = UNSET
    """Files, and the smallest version of the SDK that runs what was written into each; left out where all do."""
    also: tuple[str, ...] | UnsetType = UNSET
    """What a hook put into the commit beside the section's changes: each file, with its lines."""
    typed: tuple[WrittenEdit, ...] | UnsetType = UNSET
    """What of it persons wrote by hand."""
    appeared: tuple[str, ...] | UnsetType = UNSET
    """Findings that are there only since it was written."""
    places: tuple[tuple[str, str, str, int], ...] | UnsetType = UNSET
    """What was found in its files before, to be known again once it is taken back: identity, rule, path and offset."""
    followed: int | UnsetType = UNSET
    """How many of the accepted nobody decided, if any: what was accepted brought them with it."""


class CheckedOut(Event, frozen=True, tag="at"):
    """The branch that the decisions are about (empty for a detached HEAD), and its commit."""

    branch: str
    head: str


class PinsRaised(Event, frozen=True, tag="pins"):
    """The required version of modal was raised, in a commit (empty when written without one)."""

    commit: str
    moves: tuple[str, ...]
    """What was asked for and is now, a line each: ``requirements.txt: modal==0.77.0 → modal==1.6.4``."""
    after: int = 0
    """How many sections had been written before."""


class TakenBack(Event, frozen=True, tag="back"):
    """A commit of ours was reversed by another one; its findings are open again."""

    section: str
    """Empty for the commit that raised the required version of modal."""
    commit: str
    by: str
    """The commit that reverses it."""
    renamed: tuple[tuple[str, str], ...] = ()
    """Identities of findings after it -> the ones that they had."""


class DoneByHand(Event, frozen=True, tag="by-hand"):
    """A finding that the person changed themselves, and that was not found any more."""

    finding: str
    section: str
    path: str
    line: int
    message: str
    """What the finding said."""


class Signed(Event, frozen=True, tag="signed"):
    """This account made the log, or took over what was in it."""

    by: str
    """The signature of the folder that the log is in."""


AnyEvent: TypeAlias = (
    Decided
    | MuteExtended
    | Amended
    | Undone
    | Redone
    | SectionWritten
    | CheckedOut
    | PinsRaised
    | TakenBack
    | DoneByHand
    | Signed
)
