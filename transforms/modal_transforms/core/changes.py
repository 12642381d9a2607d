"""What a choice does to files, declaratively: lowered together by `modal_transforms.rewrite.rewrite`."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct


class Span(NamedTuple):
    """Bytes ``start`` to ``end`` (exclusive) of one file; there are so many that they are tuples, which are quick."""

    start: int
    end: int

    def contains(self, other: Span) -> bool:
        """Tell whether the other span lies within this one."""
        return self.start <= other.start and other.end <= self.end


class Replace(Struct, frozen=True):
    """Put ``text`` in place of ``span``; an empty span inserts."""

    path: str
    span: Span
    text: str
    columns: int = 0
    """How long the line may be of the call that the text ends; 0 leaves it as it is written."""


class RemoveArgument(Struct, frozen=True):
    """Take one argument out of a call, its comma with it, comments kept.

    Comments within ``comments`` go as well: the choice writes them elsewhere.
    """

    path: str
    call: Span
    argument: Span
    comments: tuple[Span, ...] = ()


class AddArgument(Struct, frozen=True):
    """Append an argument to a call, in the call's own layout."""

    path: str
    call: Span
    text: str
    columns: int = 0
    """How long the line of the call may be; 0 leaves it as it is written."""


class AddLine(Struct, frozen=True):
    """Write a line of its own after (or before) the lines of ``anchor``, indented like its first line."""

    path: str
    anchor: Span
    text: str
    before: bool = False


class RemoveStatement(Struct, frozen=True):
    """Take a statement out, its lines with it; ``pass`` stays where a block would be left empty."""

    path: str
    statement: Span


class Extend(Struct, frozen=True):
    """Write ``text``, a method call, after ``expression``, at the offset ``at``.

    Those marked ``last`` come after all others of the same place, whatever the order in which they are given.
    """

    path: str
    expression: Span
    at: int
    text: str
    wrap: bool = False
    """Put the expression in parentheses first."""
    last: bool = False
    columns: int = 0
    """How long a line may be; 0 leaves it to how long the file's lines are."""


class ExtendArgument(Struct, frozen=True):
    """Give a call the argument ``name=base`` with ``text`` after it.

    Several of them for one argument of one call become one argument with all their texts, those marked ``last`` at
    the end. ``instead`` is an argument whose place the new one takes. One that is ``beside`` alone gives nothing: it
    adds its text where another change gives the call the argument.
    """

    path: str
    call: Span
    name: str
    base: str
    text: str
    last: bool = False
    instead: Span | None = None
    beside: bool = False
    columns: int = 0
    """As with `Extend`."""


class NeedName(Struct, frozen=True):
    """The rewritten code uses this name of ``modal`` by a from-import, or the module itself (``modal``)."""

    path: str
    name: str


class NeedImport(Struct, frozen=True):
    """The rewritten code uses the module called ``module``: ``import json``, unless the file has it."""

    path: str
    module: str


class DropIfUnused(Struct, frozen=True):
    """Take the assignment at ``statement`` out when nothing reads ``name`` any more."""

    path: str
    statement: Span
    name: str
    comments: Span | None = None
    """Comments that go with it: lines above it, and to its end or beyond those within and beside it."""


class DropImport(Struct, frozen=True):
    """Take the import of ``name`` (dotted for ``import modal.gpu``) out, unless something still reads it."""

    path: str
    name: str


Change = (
    Replace
    | RemoveArgument
    | AddArgument
    | AddLine
    | RemoveStatement
    | Extend
    | ExtendArgument
    | NeedName
    | NeedImport
    | DropIfUnused
    | DropImport
)


class CannotRewrite(Exception):
    """A change cannot be made here; the message says why. Nothing of its choice is applied."""
