"""The decisions over one repository as an append-only log of events: undo, redo, resume by replaying it.

A log is a text file of JSON lines. Its first line names the format; each other line is one of the events of
`modal_wizard.session.decisions`. The only I/O is loading the file and appending to it: before a change returns, or in a
thread once `Session.write_behind` was called.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from modal_wizard.files.append_log import AppendLog, LogNotWritten, read
from modal_wizard.files.safe_io import write_durably
from modal_wizard.files.signed import is_signed, signature
from modal_wizard.process.shutdown import decisions_are_lost
from modal_wizard.session.decisions import (
    PENDING,
    Amended,
    AnyEvent,
    CheckedOut,
    Decided,
    DecidedFinding,
    Decision,
    DoneByHand,
    MuteExtended,
    PinsRaised,
    Redone,
    SectionWritten,
    Signed,
    TakenBack,
    Undone,
    UndoStep,
    decided_finding,
)
from modal_wizard.session.json_lines import event_of, line_of, parsed
from modal_wizard.text.sanitize import visible

FORMAT = {"format": "modal-wizard session", "version": 1}
RECENT = 16
"""So many changes back it is known which findings they were about."""
FEW = 100
"""Up to so many decisions are on the disk before they are shown: a kill just after they are seen does not lose them."""


@dataclass(slots=True)
class Session:
    """The log of decisions over one repository."""

    steps: list[UndoStep] = field(default_factory=list)
    undone: list[UndoStep] = field(default_factory=list)
    landings: list[SectionWritten] = field(default_factory=list)
    raised: list[PinsRaised] = field(default_factory=list)
    """When the required version of modal was raised."""
    taken_back: list[TakenBack] = field(default_factory=list)
    """The commits that were reversed."""
    by_hand: list[DoneByHand] = field(default_factory=list)
    """The findings that the person changed themselves."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Identities of findings after something was written, or taken back -> the ones that they had."""
    file: Path | None = None
    """Where events are kept; ``None`` keeps them in memory only."""
    torn: bool = False
    """Whether a crash cut its last line short."""
    unkept: str = ""
    """Why decisions are kept in memory only though there is a file; empty while they are written."""

    branch: str | None = None
    """The branch that the decisions are about, empty for a detached HEAD; ``None`` where that is not known."""
    head: str = ""
    """The commit that was checked out at the last decision, or that was made of decisions after it."""
    notes: list[str] = field(default_factory=list)
    """What the person is to be told of the decisions of earlier runs."""
    verified: tuple[str, ...] = field(default=(), compare=False)
    """What verifying came to in this run, in sentences; empty where nothing was verified."""
    checked: str = field(default="", compare=False)
    """How the latest check of this run ended; empty where none was run."""
    before_decision: Callable[[Iterable[str]], None] | None = None
    """Called with the findings before their decision is kept."""
    is_signed: bool = field(default=False, compare=False)
    """Whether it was made, or taken over, by this account; else it may have come with the repository."""
    version: int = field(default=0, compare=False)
    """How often the decisions have changed: what was worked out of them holds while this stays the same."""
    latest: dict[str, Decision] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The latest decision of every finding that has one, in the order of the first one; only for reading."""
    _recent: list[frozenset[str]] = field(default_factory=list, init=False, repr=False, compare=False)
    """The findings that each of the last changes was about."""
    _log: AppendLog | None = field(default=None, init=False, repr=False, compare=False)
    _warn: Callable[[], object] = field(default=lambda: None, init=False, repr=False, compare=False)
    """Called, by whoever writes, when decisions are not kept any more."""

    def __post_init__(self) -> None:
        self._changed((), anew=True)

    def changed_since(self, version: int) -> frozenset[str] | None:
        """Return the findings whose decisions have changed since a `version`; ``None`` where it is too long ago."""
        behind = self.version - version
        if behind > len(self._recent):
            return None
        return self._recent[-1] if behind == 1 else frozenset[str]().union(*self._recent[len(self._recent) - behind :])

    def decision(self, finding: str) -> Decision:
        """Return the latest decision of a finding."""
        return self.latest.get(finding, PENDING)

    def decisions(self) -> dict[str, Decision]:
        """Return the latest decision of every finding that has one."""
        return dict(self.latest)

    def decide(
        self, decisions: Mapping[str, Decision], label: str = "", mutes: tuple[tuple[str, bool], ...] = ()
    ) -> None:
        """Decide findings, and mute (true) or unmute rules, as one step of undo; there is no redo after it."""
        if decisions or mutes:
            if self.before_decision is not None:
                self.before_decision(decisions)
            self._do(UndoStep(tuple(decisions.items()), label, mutes))

    @property
    def muted(self) -> frozenset[str]:
        """The rules whose findings arrive skipped."""
        muted = {rule: on for step in self.steps for rule, on in step.mutes}
        return frozenset(rule for rule, on in muted.items() if on)

    def mute_also(self, rule: str, decisions: Mapping[str, Decision]) -> None:
        """Add decisions to the step that muted ``rule``; those of findings that have a decision are left out."""
        at = max((i for i, step in enumerate(self.steps) if (rule, True) in step.mutes), default=None)
        pairs = tuple((key, made) for key, made in decisions.items() if key not in self.latest)
        if at is not None and pairs:
            if self.before_decision is not None:
                self.before_decision(decisions)
            self.steps[at] = replace(self.steps[at], decisions=(*self.steps[at].decisions, *pairs))
            self._changed(pairs)
            self._keep(MuteExtended(rule, _decided(pairs)), len(pairs))

    @property
    def can_undo(self) -> bool:
        """Whether there is a last step, and none of its findings is written."""
        written = self.landed()
        return bool(self.steps) and not (written and any(key in written for key, _ in self.steps[-1].decisions))

    def undo(self) -> UndoStep | None:
        """Take the last step back and return it; ``None`` when there is none."""
        if not self.steps:
            return None
        self.undone.append(self.steps.pop())
        self._changed(self.undone[-1].decisions, anew=True)
        self._keep(Undone(), len(self.undone[-1].decisions))
        return self.undone[-1]

    def redo(self) -> UndoStep | None:
        """Do the last undone step again and return it; ``None`` when there is none."""
        if not self.undone:
            return None
        self.steps.append(self.undone.pop())
        self._changed(self.steps[-1].decisions)
        self._keep(Redone(), len(self.steps[-1].decisions))
        return self.steps[-1]

    def land(self, landing: SectionWritten) -> None:
        """Note that a section was written."""
        self.landings.append(landing)
        self.renamed.update(landing.renamed)
        self._keep(landing)

    def take_back(self, taken: TakenBack) -> None:
        """Note that a commit was reversed: what was written in it is so no more."""
        self.landings = [landing for landing in self.landings if not _is_of(taken, landing.section, landing.commit)]
        self.raised = [raised for raised in self.raised if not _is_of(taken, "", raised.commit)]
        self.taken_back.append(taken)
        self.renamed.update(taken.renamed)
        self._keep(taken)

    def note_by_hand(self, done: DoneByHand) -> None:
        """Note that a finding was changed by hand and is not found any more."""
        self.by_hand.append(done)
        self._keep(done)

    def note_raised(self, raised: PinsRaised) -> None:
        """Note that the required version of modal was raised."""
        self.raised.append(raised)
        self._keep(raised)

    @property
    def commits(self) -> list[str]:
        """The commits that were made, in their order."""
        made = [(number, 1, landing.commit) for number, landing in enumerate(self.landings)]
        made += [(raised.after, 0, raised.commit) for raised in self.raised]
        return [commit for _, _, commit in sorted(made, key=lambda each: each[:2]) if commit]

    def set_head(self, branch: str, head: str) -> None:
        """Note the branch that the decisions are about, and its commit now."""
        if (branch, head) != (self.branch, self.head):
            self.branch, self.head = branch, head
            self._keep(CheckedOut(branch, head))

    def amend(self, decisions: Mapping[str, Decision]) -> None:
        """Replace the decisions about findings in every step: their files have changed since."""
        if not decisions:
            return
        self.steps = [_with(step, decisions) for step in self.steps]
        self.undone = [_with(step, decisions) for step in self.undone]
        self._changed(decisions.items(), anew=True)
        self._keep(Amended(_decided(decisions.items())))

    def landed(self) -> frozenset[str]:
        """Return the findings that have been written."""
        return frozenset(identity for landing in self.landings for identity in landing.findings)

    def take_over(self) -> None:
        """Note that this account knows what an unsigned log holds."""
        self.is_signed = True
        self._keep(Signed(_signature(self.file or Path())))

    def _header(self) -> str:
        """Return the first lines of a log that this account makes."""
        self.is_signed = True
        lines = FORMAT, msgspec.to_builtins(Signed(_signature(self.file or Path())))
        return "".join(f"{json.dumps(line)}\n" for line in lines)

    def _do(self, step: UndoStep) -> None:
        self.steps.append(step)
        self._changed(step.decisions)
        self.undone.clear()
        self._keep(lambda: Decided(step.label, _decided(step.decisions), step.mutes or UNSET), len(step.decisions))

    def _changed(self, pairs: Iterable[tuple[str, Decision]], anew: bool = False) -> None:
        """Take in new decisions; ``anew`` works all out from the steps instead: below 1 ms for 10,000 of them."""
        self.version += 1
        self._recent = [*self._recent[1 - RECENT :], frozenset(finding for finding, _ in pairs)]
        if anew:
            self.latest = {finding: decision for step in self.steps for finding, decision in step.decisions}
        else:
            self.latest.update(pairs)

    # --- on the disk ---------------------------------------------------------------------------------------------

    def write_behind(self, soon: Callable[[], object], warn: Callable[[], object]) -> None:
        """Have a thread write many decisions, and few made after them, in their order; `settle` waits for it.

        ``soon`` is called with each change, and is to have `go_on` called when that is shown; ``warn`` is called, in
        the thread, when decisions are not kept any more. What is noted of written files is on the disk at once.
        """
        if (log := self._opened()) is not None:
            self._warn = warn
            log.write_behind(soon)

    def go_on(self) -> None:
        """Have the thread write what was decided until now."""
        if self._log is not None:
            self._log.go_on()

    def settle(self) -> None:
        """Wait until all that was decided is on the disk, or said not to be kept."""
        if self._log is not None:
            self._log.settle()

    def before_next(self, work: Callable[[], None]) -> None:
        """Have something done before what is decided next is on the disk, and after what was decided before."""
        if (log := self._opened()) is not None:
            log.do(work)

    def _opened(self) -> AppendLog | None:
        if self._log is None and self.file is not None and not self.unkept:
            self._log = AppendLog(self.file)
        return self._log

    def _keep(self, event: AnyEvent | Callable[[], AnyEvent], decisions: int = 0) -> None:
        """Add an event to the log, or what makes it, which takes a while for many ``decisions``."""
        if not self.unkept and (log := self._opened()) is not None:
            log.do(partial(self._write, log, event))
            if decisions <= FEW:
                self.settle()

    def _write(self, log: AppendLog, event: AnyEvent | Callable[[], AnyEvent]) -> None:
        if self.unkept:
            return
        line = line_of(event() if callable(event) else event)
        header = self._header() if log.is_empty else "\n" if self.torn else ""
        try:
            log.append(f"{header}{line}\n")
        except LogNotWritten as reason:
            self.unkept = str(reason)
            decisions_are_lost(self.unkept)
            self._warn()
        self.torn = False


class UnknownSession(Exception):
    """The session file was written by another version, or is no session."""


def load(file: Path) -> Session:
    """Return the session kept in a file, an empty one when there is none; raises `UnknownSession`.

    A last line that a crash cut short is left out, and so is an event that makes no sense. Raises `OSError` as well.
    """
    session, signed = Session(), list[Signed]()
    data = read(file) or b""
    whole = data[: data.rfind(b"\n") + 1]
    if whole:
        lines = data.decode("utf-8", "replace").split("\n")
        if parsed(lines[0]) != FORMAT:
            raise UnknownSession(f"{visible(str(file))} was written by another version of modal-wizard.")
        for event in map(event_of, lines[1:]):
            if isinstance(event, Signed):
                signed.append(event)
            elif event is not None:
                _replay(session, event)
    elif data:
        write_durably(file, b"")
    session.is_signed = not whole or any(is_signed(_ABOUT, _folder(file), each.by) for each in signed)
    session.file, session._log = file, AppendLog(file, len(data) if whole else 0)
    session.torn = bool(whole) and whole != data
    return session


_ABOUT = "session"


def _folder(file: Path) -> bytes:
    """Return what the signature of a log is for: a log that is moved elsewhere is nobody's."""
    return os.fsencode(file.parent.resolve())


def _signature(file: Path) -> str:
    return signature(_ABOUT, _folder(file))


def _replay(session: Session, event: AnyEvent) -> None:
    match event:
        case Decided():
            session.decide(_pairs(event.decisions), event.label, event.mutes or ())
        case MuteExtended():
            session.mute_also(event.rule, _pairs(event.decisions))
        case Amended():
            session.amend(_pairs(event.decisions))
        case Undone():
            session.undo()
        case Redone():
            session.redo()
        case SectionWritten():
            session.land(event)
        case PinsRaised():
            session.note_raised(event)
        case TakenBack():
            session.take_back(event)
        case DoneByHand():
            session.note_by_hand(event)
        case CheckedOut():
            session.set_head(event.branch, event.head)


def _is_of(taken: TakenBack, section: str, commit: str) -> bool:
    return (taken.section, taken.commit) == (section, commit)


def _decided(pairs: Iterable[tuple[str, Decision]]) -> tuple[DecidedFinding, ...]:
    return tuple(decided_finding(finding, decision) for finding, decision in pairs)


def _pairs(decisions: Iterable[DecidedFinding]) -> dict[str, Decision]:
    return dict(each.pair for each in decisions)


def _with(step: UndoStep, decisions: Mapping[str, Decision]) -> UndoStep:
    return replace(step, decisions=tuple((key, decisions.get(key, made)) for key, made in step.decisions))
