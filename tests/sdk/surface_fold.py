"""Fold the surfaces of many versions into lifetimes, and write those as lines of text.

The format is told where it is read: ``modal_transforms.modal_api.surface``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar

from sdk.surface_entries import KEYWORD, POSITIONAL, POSITIONAL_ONLY, Entry, Parameter, Surface

T = TypeVar("T")
Mask = int
"""The versions in which something is so: bit ``n`` is the version number ``n``."""


def lines(surfaces: Iterable[Surface]) -> list[str]:
    """Return one line for everything that was ever there, oldest surface first, sorted by name."""
    seen: dict[str, dict[tuple[str, bool, bool], dict[Entry, Mask]]] = defaultdict(lambda: defaultdict(dict))
    for number, surface in enumerate(surfaces):
        for path, entry in surface.items():
            facet = seen[path][entry.kind, entry.has_aio, entry.is_open]
            facet[entry] = facet.get(entry, 0) | 1 << number
    count = number + 1
    return [_line(path, facet, count) for path in sorted(seen) for facet in seen[path].values()]


def _line(path: str, facet: dict[Entry, Mask], count: int) -> str:
    entry = next(iter(facet))
    alive = _union(facet.values())
    kind = entry.kind + ("+" if entry.has_aio else "") + ("?" if entry.is_open else "")
    results = _folded((each.result, mask) for each, mask in facet.items())
    parameters = _folded((each_one, mask) for each, mask in facet.items() for each_one in each.parameters)
    fields = [
        path,
        kind,
        spans(alive, count),
        ",".join(f"{name}{_unless(alive, mask, count)}" for name, mask in results.items() if name),
        ",".join(f"{_spelled(each)}{_unless(alive, parameters[each], count)}" for each in _ordered(parameters)),
    ]
    return "\t".join(fields).rstrip("\t")


def _folded(found: Iterator[tuple[T, Mask]]) -> dict[T, Mask]:
    folded: dict[T, Mask] = {}
    for value, mask in found:
        folded[value] = folded.get(value, 0) | mask
    return folded


def _ordered(parameters: dict[Parameter, Mask]) -> list[Parameter]:
    return sorted(parameters, key=lambda each: (each.place < 0, each.place, each.kind, each.name, each.has_default))


def _spelled(parameter: Parameter) -> str:
    place = str(parameter.place) if parameter.place >= 0 else ""
    may_be_left_out = parameter.has_default and parameter.kind in (POSITIONAL, POSITIONAL_ONLY, KEYWORD)
    return f"{parameter.kind}{place} {parameter.name}{'=' if may_be_left_out else ''}"


def _union(masks: Iterable[Mask]) -> Mask:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _unless(alive: Mask, mask: Mask, count: int) -> str:
    return "" if mask == alive else f"@{spans(mask, count)}"


def spans(mask: Mask, count: int) -> str:
    """Write a set of versions: ``3-7`` is from number 3 up to, not including, 7; ``9-`` goes on to the newest."""
    found = []
    number = 0
    while number < count:
        if mask >> number & 1:
            start = number
            while number < count and mask >> number & 1:
                number += 1
            found.append(f"{start}-{number if number < count else ''}")
        number += 1
    return " ".join(found)
