"""Lower changes that add method calls to the end of an expression: many at one place become one patch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from modal_transforms.model import AddArgument, Change, Extend, ExtendArgument, Replace, Span
from modal_transforms.patches import Patch
from modal_transforms.source import SourceFile


def extended(source: SourceFile, changes: Iterable[Change]) -> list[Patch]:
    """Return the patches of all `Extend` changes: at one place in the order they were given, last ones last."""
    places: dict[int, list[Extend]] = {}
    for change in changes:
        if isinstance(change, Extend):
            places.setdefault(change.at, []).append(change)
    made: list[Patch] = []
    for at, group in places.items():
        wrapped = next((change.expression for change in group if change.wrap), None)
        made += [Patch(wrapped.start, wrapped.start, b"(")] if wrapped else []
        text = (")" if wrapped else "") + _joined(group)
        made.append(Patch(at, at, source.encode(text)))
    return made


def merged(changes: Sequence[Change]) -> list[Change]:
    """Return the changes with all `ExtendArgument` of one argument made one `Replace` or `AddArgument`."""
    groups: dict[tuple[Span, str], list[ExtendArgument]] = {}
    for change in changes:
        if isinstance(change, ExtendArgument):
            groups.setdefault((change.call, change.name), []).append(change)
    result: list[Change] = []
    for change in changes:
        if not isinstance(change, ExtendArgument):
            result.append(change)
        elif change is groups[change.call, change.name][0]:
            result.append(_argument(groups[change.call, change.name]))
    return result


def _argument(group: list[ExtendArgument]) -> Change:
    first = group[0]
    text = f"{first.name}={first.base}{_joined(group)}"
    place = next((change.instead for change in group if change.instead is not None), None)
    if place is not None:
        return Replace(first.path, place, text)
    return AddArgument(first.path, first.call, text)


def _joined(group: Sequence[Extend | ExtendArgument]) -> str:
    return "".join(change.text for change in sorted(group, key=lambda change: change.last))
