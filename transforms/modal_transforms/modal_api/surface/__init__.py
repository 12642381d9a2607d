"""What every version of the Modal SDK offered: names, parameters, and what calls give, as lines of text.

``surface.txt`` is made from the wheels by ``tests/sdk/make_surface.py``. Its first line lists the versions that were
read, oldest first; elsewhere they are numbers, and ``3-7`` means from number 3 up to, not including, number 7, ``9-``
until the newest. Every other line is about one dotted name, in five fields with tabs between:

1. the name: ``modal.image.Image.debian_slim``. What the SDK defines is under the module that defines it; other ways
   to it are lines of kind ``alias``.
2. the kind: ``module``, ``class``, ``function``, ``method``, ``static``, ``property``, ``attribute`` or ``alias``;
   with a ``+`` where it has an ``.aio``, with a ``?`` where instances can have attributes that no line tells.
   A name that changed its kind has several lines.
3. in which versions.
4. what a call gives, a property holds, a class derives from, or an alias stands for, comma-separated:
   ``@3-7`` follows what did not hold in all versions of the line. A sign before it says what leads there: ``()`` a
   call, ``*`` an iteration, ``~`` entering it as a context.
5. the parameters, comma-separated: a sign, the place if it can be given by position, a blank, the name, and ``=`` if
   it need not be given. Signs: none for by position or name, ``/`` for by position only, ``k`` for by name only, ``*``
   and ``**`` for the rest of them, ``>`` for a name that the signature has lost and that is still taken.

The last line is a dot: without it the file is not whole. The constructor of a class is its ``__init__``. Private names
are told only where public ones lead to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from msgspec import Struct

FILE = Path(__file__).with_name("surface.txt")
END = "."
Mask = int
"""A set of versions: bit ``n`` is the version number ``n``."""

Timed = tuple[str, Mask]
"""A word of a line, and the versions in which it holds."""


class SurfaceUnreadable(Exception):
    """The table is not there or not whole: nothing can be said of what the SDK has."""

    def __init__(self, why: object) -> None:
        super().__init__(
            f"what it knows of Modal's SDK cannot be read ({FILE}: {why}); nothing was looked at or written: install "
            "modal-wizard anew"
        )


class Facet(Struct, frozen=True):
    """What a name was in some versions."""

    path: str
    kind: str
    has_aio: bool
    is_open: bool
    alive: Mask
    results: tuple[Timed, ...]
    parameters: tuple[Timed, ...]


class Surface(Struct, frozen=True):
    """The whole table; lines are taken apart when they are asked for."""

    versions: tuple[str, ...]
    lines: dict[str, list[str]]

    def facets(self, path: str) -> tuple[Facet, ...]:
        """Return what a name was, in one entry for each kind of thing; none if it never was."""
        return _facets(path)


@cache
def surface() -> Surface:
    """Return the table, reading it the first time; raises `SurfaceUnreadable`."""
    try:
        head, *rest, end = FILE.read_text("utf-8").splitlines()
        if end != END or not all(word[:1].isdigit() for word in head.split()):
            raise ValueError("it is not whole")
    except (OSError, ValueError) as error:
        raise SurfaceUnreadable(getattr(error, "strerror", None) or error) from error
    lines: dict[str, list[str]] = {}
    for line in rest:
        path, _, fields = line.partition("\t")
        lines.setdefault(path, []).append(fields)
    return Surface(tuple(head.split()), lines)


@cache
def _facets(path: str) -> tuple[Facet, ...]:
    try:
        return tuple(_facet(path, line) for line in surface().lines.get(path, ()))
    except ValueError as error:
        raise SurfaceUnreadable(f"the line of {path} is none") from error


def _facet(path: str, line: str) -> Facet:
    kind, spans, results, parameters = [*line.split("\t"), "", ""][:4]
    alive = mask(spans)
    return Facet(
        path,
        kind.rstrip("+?"),
        "+" in kind,
        "?" in kind,
        alive,
        tuple(_timed(results, alive)),
        tuple(_timed(parameters, alive)),
    )


def _timed(field: str, alive: Mask) -> Iterator[Timed]:
    for word in field.split(",") if field else ():
        text, _, spans = word.partition("@")
        yield text, mask(spans) if spans else alive


@cache
def mask(spans: str) -> Mask:
    """Return the set of versions that spans stand for."""
    found = 0
    for span in spans.split():
        start, _, end = span.partition("-")
        found |= (1 << int(end or len(surface().versions))) - (1 << int(start))
    return found
