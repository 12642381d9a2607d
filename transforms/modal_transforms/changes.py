"""What a choice does to files, declaratively: lowered together by `modal_transforms.rewriting`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """Bytes ``start`` to ``end`` (exclusive) of one file; there are so many that they are tuples, which are quick."""

    start: int
    end: int

    def contains(self, other: Span) -> bool:
        """Tell whether the other span lies within this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Replace:
    """Put ``text`` in place of ``span``; an empty span inserts."""

    path: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class RemoveArgument:
    """Take one argument out of a call, its comma with it, comments kept.

    Comments within ``comments`` go as well: the choice writes them elsewhere.
    """

    path: str
    call: Span
    argument: Span
    comments: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class AddArgument:
    """Append an argument to a call, in the call's own layout."""

    path: str
    call: Span
    text: str


@dataclass(frozen=True, slots=True)
class AddLine:
    """Write a line of its own after (or before) the lines of ``anchor``, indented like its first line."""

    path: str
    anchor: Span
    text: str
    before: bool = False


@dataclass(frozen=True, slots=True)
class RemoveStatement:
    """Take a statement out, its lines with it; ``pass`` stays where a block would be left empty."""

    path: str
    statement: Span


@dataclass(frozen=True, slots=True)
class Extend:
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


@dataclass(frozen=True, slots=True)
class ExtendArgument:
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


@dataclass(frozen=True, slots=True)
class NeedName:
    """The rewritten code uses this name of ``modal`` by a from-import, or the module itself (``modal``)."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class NeedImport:
    """The rewritten code uses the module called ``module``: ``import json``, unless the file has it."""

    path: str
    module: str


@dataclass(frozen=True, slots=True)
class DropIfUnused:
    """Take the assignment at ``statement`` out when nothing reads ``name`` any more."""

    path: str
    statement: Span
    name: str


@dataclass(frozen=True, slots=True)
class DropImport:
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
