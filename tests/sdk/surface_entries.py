"""What one version of the SDK offers under one dotted name."""

from __future__ import annotations

from dataclasses import dataclass

POSITIONAL_ONLY, POSITIONAL, VARIADIC, KEYWORD, KEYWORDS, RENAMED = "/", "", "*", "k", "**", ">"
"""How an argument can be given. ``>`` is a name that the signature has lost and a wrapper still takes."""


@dataclass(frozen=True)
class Parameter:
    """One parameter. ``place`` counts those that can be given by position, and is -1 for the others."""

    name: str
    kind: str
    has_default: bool
    place: int = -1


@dataclass(frozen=True)
class Entry:
    """A module, class, function, method, static method, property, attribute, or another name for one of them.

    ``result`` is what a call gives, a property holds, a class derives from, or another name stands for.
    """

    kind: str
    result: str = ""
    parameters: tuple[Parameter, ...] = ()
    has_aio: bool = False
    is_open: bool = False
    """Whether instances can have attributes that the source does not name."""


Surface = dict[str, Entry]
"""Everything public of one version, by its dotted name."""
