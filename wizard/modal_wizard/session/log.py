"""Decisions as a log: undo, redo, resume, replay. Plain data; the only I/O is loading and appending to a file.

A log is a text file of JSON lines. Its first line names the format; each other line is an event. An event decides
one or more findings at once (one step of undo), or is itself an undo, a redo or a landing.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from modal_wizard.files.append_log import LogNotWritten, append
from modal_wizard.files.safe_io import read_own, write_durably
from modal_wizard.session.decisions import (
    PENDING,
    Decision,
    ManualEdit,
    SectionWritten,
    Status,
    UndoStep,
    as_plain,
    decision_of,
    landing_from,
    mutes_of,
)
from modal_wizard.session.history_map import Latest

__all__ = [
    "PENDING",
    "Decision",
    "SectionWritten",
    "Session",
    "Status",
    "UndoStep",
    "ManualEdit",
    "UnknownSession",
    "load",
]

FORMAT = {"format": "modal-wizard session", "version": 1}


@dataclass(slots=True)
class Session:
    """The log of decisions over one repository."""

    steps: list[UndoStep] = field(default_factory=list)
    undone: list[UndoStep] = field(default_factory=list)
    landings: list[SectionWritten] = field(default_factory=list)
    file: Path | None = None
    """Where events are kept; ``None`` keeps them in memory only."""
    size: int = 0
    """How long the file was when it was last read or written."""
    torn: bool = False
    """Whether a crash cut its last line short."""
    unkept: str = ""
    """Why decisions are kept in memory only, though there is a file."""

    branch: str | None = None
    """The branch that the decisions are about, empty for a detached HEAD; ``None`` when nobody knows."""
    head: str = ""
    """The commit that was checked out when the run that decided last began to, or after it committed."""
    notes: list[str] = field(default_factory=list)
    """What the person is to be told of the decisions of earlier runs."""
    before_decision: Callable[[Iterable[str]], None] | None = None
    """Called with the findings before their decision is kept."""
    latest: Latest[Decision] = field(default_factory=Latest, repr=False, compare=False)
    """The latest decision of every finding that has one."""
    _muted: tuple[int, frozenset[str]] = field(default=(-1, frozenset()), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.latest.again(step.decisions for step in self.steps)

    def decision(self, finding: str) -> Decision:
        """Return the latest decision of a finding."""
        return self.latest.now.get(finding, PENDING)

    def decisions(self) -> dict[str, Decision]:
        """Return the latest decision of every finding that has one."""
        return dict(self.latest.now)

    def decide(
        self, decisions: Mapping[str, Decision], label: str = "", mutes: tuple[tuple[str, bool], ...] = ()
    ) -> None:
        """Decide findings, and whether rules are muted, as one step; what was undone before is forgotten."""
        if decisions or mutes:
            if self.before_decision is not None:
                self.before_decision(decisions)
            self._do(UndoStep(tuple(decisions.items()), label, mutes))

    @property
    def muted(self) -> frozenset[str]:
        """The rules whose findings arrive skipped."""
        if self._muted[0] != self.latest.version:
            latest = {rule: on for step in self.steps for rule, on in step.mutes}
            self._muted = self.latest.version, frozenset(rule for rule, on in latest.items() if on)
        return self._muted[1]

    def mute_also(self, rule: str, decisions: Mapping[str, Decision]) -> None:
        """Add decisions about findings that have none to the step that muted their rule."""
        at = max((i for i, step in enumerate(self.steps) if (rule, True) in step.mutes), default=None)
        pairs = tuple((key, made) for key, made in decisions.items() if key not in self.latest.now)
        if at is not None and pairs:
            if self.before_decision is not None:
                self.before_decision(decisions)
            self.steps[at] = replace(self.steps[at], decisions=(*self.steps[at].decisions, *pairs))
            self.latest.put(pairs)
            self._keep({"event": "muted", "rule": rule, "decisions": [as_plain(*pair) for pair in pairs]})

    @property
    def can_undo(self) -> bool:
        """Whether there is a last decision, and it is not written already."""
        written = self.landed()
        return bool(self.steps) and not (written and any(key in written for key, _ in self.steps[-1].decisions))

    def undo(self) -> UndoStep | None:
        """Take the last step back and return it; ``None`` when there is none."""
        if not self.steps:
            return None
        self.undone.append(self.steps.pop())
        self.latest.take(self.undone[-1].decisions)
        self._keep({"event": "undo"})
        return self.undone[-1]

    def redo(self) -> UndoStep | None:
        """Do the last undone step again and return it; ``None`` when there is none."""
        if not self.undone:
            return None
        self.steps.append(self.undone.pop())
        self.latest.put(self.steps[-1].decisions)
        self._keep({"event": "redo"})
        return self.steps[-1]

    def land(self, landing: SectionWritten) -> None:
        """Note that a section was written."""
        self.landings.append(landing)
        self._keep({"event": "land", **asdict(landing)})

    def settle_on(self, branch: str, head: str) -> None:
        """Note what the decisions are about: a branch, and its commit now."""
        if (branch, head) != (self.branch, self.head):
            self.branch, self.head = branch, head
            self._keep({"event": "at", "branch": branch, "head": head})

    def amend(self, decisions: Mapping[str, Decision]) -> None:
        """Put other decisions in place of those that were made, in every step: their files changed since."""
        self.steps = [_with(step, decisions) for step in self.steps]
        self.undone = [_with(step, decisions) for step in self.undone]
        self.latest.again(step.decisions for step in self.steps)
        self._keep({"event": "amend", "decisions": [as_plain(*pair) for pair in decisions.items()]})

    def landed(self) -> frozenset[str]:
        """Return the findings that have been written."""
        return frozenset(identity for landing in self.landings for identity in landing.findings)

    def _do(self, step: UndoStep) -> None:
        self.steps.append(step)
        self.latest.put(step.decisions)
        self.undone.clear()
        decisions = [as_plain(*pair) for pair in step.decisions]
        mutes = {"mutes": [list(pair) for pair in step.mutes]} if step.mutes else {}
        self._keep({"event": "decide", "label": step.label, "decisions": decisions, **mutes})

    def _keep(self, event: Mapping[str, object]) -> None:
        if self.file is None or self.unkept:
            return
        header = ("\n" if self.torn else "") if self.size else json.dumps(FORMAT) + "\n"
        try:
            self.size = append(self.file, f"{header}{json.dumps(event)}\n", self.size)
        except LogNotWritten as reason:
            self.unkept = str(reason)
        self.torn = False


class UnknownSession(Exception):
    """The session file was written by another version, or is no session."""


def load(file: Path) -> Session:
    """Return the session kept in a file, an empty one when there is none; raises `UnknownSession`.

    A last line that a crash cut short is left out, and so is an event that makes no sense. Raises `OSError` as well.
    """
    session = Session()
    data = read_own(file) or b""
    whole = data[: data.rfind(b"\n") + 1]
    if whole:
        lines = data.decode("utf-8", "replace").split("\n")
        if _read(lines[0]) != FORMAT:
            raise UnknownSession(f"{file} was written by another version of modal-wizard.")
        _replay(session, filter(None, map(_read, lines[1:])))
    elif data:
        write_durably(file, b"")
    session.file, session.size = file, len(data) if whole else 0
    session.torn = bool(whole) and whole != data
    return session


def _read(line: str) -> dict[str, object] | None:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None


def _replay(session: Session, events: Iterable[dict[str, object]]) -> None:
    for event in events:
        with contextlib.suppress(KeyError, ValueError, TypeError, AttributeError):
            _replay_one(session, event)


def _replay_one(session: Session, event: dict[str, object]) -> None:
    kind = event.pop("event", "")
    if kind == "undo":
        session.undo()
    elif kind == "redo":
        session.redo()
    elif kind == "land":
        session.land(landing_from(event))
    elif kind == "at":
        session.settle_on(str(event["branch"]), str(event["head"]))
    elif kind in {"decide", "amend", "muted"}:
        decisions = event.get("decisions")
        pairs = dict(decision_of(item) for item in decisions) if isinstance(decisions, list) else {}
        if kind == "amend":
            session.amend(pairs)
        elif kind == "muted":
            session.mute_also(str(event["rule"]), pairs)
        else:
            session.decide(pairs, str(event.get("label", "")), mutes_of(event.get("mutes")))


def _with(step: UndoStep, decisions: Mapping[str, Decision]) -> UndoStep:
    return replace(step, decisions=tuple((key, decisions.get(key, made)) for key, made in step.decisions))
