"""Lower changes that add method calls to the end of an expression: many at one place become one patch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from modal_transforms.core.model import AddArgument, Change, Extend, ExtendArgument, Replace, Span
from modal_transforms.core.patches import Patch
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile

_DICT = pattern(r"(\w+)=\{(.+)\}", re.DOTALL)


def lower_extensions(source: SourceFile, changes: Iterable[Change]) -> list[Patch]:
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


def merge_arguments(changes: Sequence[Change]) -> list[Change]:
    """Return the changes with all `ExtendArgument` of one argument made one `Replace` or `AddArgument`."""
    groups: dict[tuple[Span, str], list[ExtendArgument]] = {}
    for change in changes:
        if isinstance(change, ExtendArgument):
            groups.setdefault((change.call, change.name), []).append(change)
    result: list[Change] = []
    for change in changes:
        if not isinstance(change, ExtendArgument):
            result.append(change)
        elif change is _first(groups[change.call, change.name]):
            result.append(_argument(groups[change.call, change.name]))
    return result


def _first(group: list[ExtendArgument]) -> ExtendArgument | None:
    """Return the change that gives the argument; ``None`` when all are only for beside another."""
    return next((change for change in group if not change.beside), None)


def one_dict(arguments: Iterable[str]) -> list[str]:
    """Return new arguments with those that give one keyword a dict made one: a call takes each keyword once."""
    result: dict[str, str] = {}
    for text in arguments:
        match = _DICT.fullmatch(text)
        name = match[1] if match else text
        if match and name in result:
            text = f"{result[name][:-1]}, {match[2]}}}"
        result[name] = text
    return list(result.values())


def _argument(group: list[ExtendArgument]) -> Change:
    first = _first(group) or group[0]
    start = f"{first.name}={first.base}"
    place = next((change.instead for change in group if change.instead is not None), None)
    text = start + _joined(group)
    return Replace(first.path, place, text) if place is not None else AddArgument(first.path, first.call, text)


def _joined(group: Sequence[Extend | ExtendArgument]) -> str:
    """Return the texts one after another; those that come last at the end."""
    return "".join(change.text for change in sorted(group, key=lambda each: each.last))
