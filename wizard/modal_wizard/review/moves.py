"""What of a change only changes its place: an argument that becomes a decorator's, or a step of an image."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.core.model import AddArgument, AddLine, Choice, Extend, ExtendArgument, Finding, RemoveArgument
from modal_transforms.core.patterns import pattern
from modal_wizard.migration.migration import Migration
from modal_wizard.session.decisions import Decision, Status
from modal_wizard.text.diff import Mark, Row

MOST = 80
"""Characters that are said of a new text."""
_MOUNTED = pattern(r"mounts?\s*=")
_ADDED_FILES = "add_local_"


class Move(Struct, frozen=True):
    """An argument that goes from a line, and the text in which it is found again."""

    path: str
    lines: range
    name: str
    there: str
    """The file that the new text is in."""
    text: str
    """The new text, without blanks."""
    written: str
    """The new text on one line."""

    @property
    def said(self) -> str:
        """What moves where, in words."""
        there = f" in {self.there}" if self.there != self.path else ""
        return f"{self.name}= of line {self.lines[0]} becomes {self.written[:MOST]}{there}"


class Moves(Struct, frozen=True):
    """All that a change moves."""

    all: tuple[Move, ...] = ()

    def has(self, path: str, row: Row) -> bool:
        """Tell whether a row of a file is one end of a move."""
        if row.mark is Mark.OLD:
            return any(move.path == path and row.old in move.lines for move in self.all)
        return row.mark is Mark.NEW and any(move.there == path and _holds(row.text, move.text) for move in self.all)


def _holds(line: str, text: str) -> bool:
    bare = "".join(line.split()).rstrip(",")
    return bool(bare) and (text in bare or (len(bare) > 3 and bare in text))


def moves(migration: Migration, finding: Finding, decision: Decision) -> Moves:
    """Return what a decision about a finding moves."""
    if decision.status is not Status.ACCEPTED or not decision.choice:
        return Moves()
    choice = finding.choice(decision.choice)
    removed = [change for change in choice.changes if isinstance(change, RemoveArgument)]
    return Moves(tuple(move for change in removed for move in _moves(migration, change, choice)))


def _moves(migration: Migration, gone: RemoveArgument, choice: Choice) -> Iterator[Move]:
    source = migration.source(gone.path)
    written = source.slice(gone.argument)
    name, _, value = written.partition("=")
    lines = range(
        source.line_of(gone.argument.start), source.line_of(max(gone.argument.start, gone.argument.end - 1)) + 1
    )
    for change in choice.changes:
        if not isinstance(change, (AddLine, AddArgument, Extend, ExtendArgument)):
            continue
        same = bool(value.strip()) and re.search(rf"(?<!\w){re.escape(value.strip())}(?!\w)", change.text)
        if same or (_MOUNTED.match(written) and _ADDED_FILES in change.text):
            words = change.text.split()
            yield Move(gone.path, lines, name.strip(), change.path, "".join(words), " ".join(words))
