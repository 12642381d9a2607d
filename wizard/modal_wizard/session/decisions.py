"""What may be decided of findings, and how it is written in the log of a session: plain data."""

from __future__ import annotations

import enum
from dataclasses import asdict, dataclass


class Status(enum.Enum):
    """Where a finding stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    EDITED = "edited"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ManualEdit:
    """Text that a person wrote in place of bytes ``start`` to ``end`` of a file as it was scanned."""

    path: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of one finding."""

    status: Status = Status.PENDING
    choice: str = ""
    """The choice that was accepted, or that the edit began from."""
    values: tuple[tuple[str, str], ...] = ()
    """Answers to what the choice asks."""
    typed: ManualEdit | None = None
    reason: str = ""
    """Why it was skipped, if said."""
    bulk: bool = False
    """Taken together with others, without being looked at one by one."""


PENDING = Decision()


@dataclass(frozen=True, slots=True)
class UndoStep:
    """One step of undo: the decisions it made, by finding."""

    decisions: tuple[tuple[str, Decision], ...]
    label: str = ""
    mutes: tuple[tuple[str, bool], ...] = ()
    """Rules that it muted, or unmuted."""


@dataclass(frozen=True, slots=True)
class SectionWritten:
    """A section that was written: which findings, in which commit (empty when written without one)."""

    section: str
    findings: tuple[str, ...]
    commit: str
    renamed: tuple[tuple[str, str], ...] = ()
    """Identities of findings after the writing -> the ones that they had."""
    accepted: int = 0
    edited: int = 0
    skipped: int = 0
    bulk: tuple[str, ...] = ()
    """Places whose change was taken together with others, without being looked at one by one."""
    advice: tuple[tuple[str, str], ...] = ()
    """Place and advice of the findings that came with some."""


def as_plain(identity: str, decision: Decision) -> dict[str, object]:
    """Return a decision as an event of the log has it."""
    return {
        "finding": identity,
        "status": decision.status._value_,
        "choice": decision.choice,
        "values": decision.values,
        "typed": asdict(decision.typed) if decision.typed else None,
        "reason": decision.reason,
        "bulk": decision.bulk,
    }


def decision_of(plain: dict[str, object]) -> tuple[str, Decision]:
    """Return the finding and the decision that an event of the log has."""
    typed = plain.get("typed")
    return str(plain["finding"]), Decision(
        Status(plain["status"]),
        str(plain.get("choice", "")),
        _pairs(plain.get("values")),
        ManualEdit(**typed) if isinstance(typed, dict) else None,
        str(plain.get("reason", "")),
        bool(plain.get("bulk")),
    )


def landing_from(plain: dict[str, object]) -> SectionWritten:
    """Return the landing that an event of the log has."""
    counts = {key: value for key in ("accepted", "edited", "skipped") if isinstance(value := plain.get(key), int)}
    return SectionWritten(
        str(plain["section"]),
        _texts(plain.get("findings")),
        str(plain.get("commit", "")),
        _pairs(plain.get("renamed")),
        bulk=_texts(plain.get("bulk")),
        advice=_pairs(plain.get("advice")),
        **counts,
    )


def _texts(plain: object) -> tuple[str, ...]:
    return tuple(map(str, plain)) if isinstance(plain, list) else ()


def mutes_of(plain: object) -> tuple[tuple[str, bool], ...]:
    """Return the rules that an event of the log mutes or unmutes."""
    return tuple((str(rule), bool(on)) for rule, on in plain) if isinstance(plain, list) else ()


def _pairs(plain: object) -> tuple[tuple[str, str], ...]:
    return tuple((str(one), str(other)) for one, other in plain) if isinstance(plain, list) else ()
