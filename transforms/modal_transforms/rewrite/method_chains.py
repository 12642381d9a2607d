"""Lower changes that add method calls to the end of an expression: many at one place become one patch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from modal_transforms.core.model import AddArgument, Change, Extend, ExtendArgument, Replace, Span
from modal_transforms.core.patches import Patch
from modal_transforms.core.source import SourceFile

LONGEST = 100
"""Columns beyond which a new call is broken inside its parentheses."""
_DICT = re.compile(r"(\w+)=\{(.+)\}", re.DOTALL)
_CALL = re.compile(r"(\s*\\?\s*)(\.\w+\()([^\r\n]+)\)")


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
        column = source.position(at)[1] - 1 + (2 if wrapped else 0)
        text = (")" if wrapped else "") + _joined(group, column, source.indent_at(at), source.newline)
        made.append(Patch(at, at, source.encode(text)))
    return made


def merge_arguments(source: SourceFile, changes: Sequence[Change]) -> list[Change]:
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
            result.append(_argument(source, groups[change.call, change.name]))
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


def _argument(source: SourceFile, group: list[ExtendArgument]) -> Change:
    first = _first(group) or group[0]
    start = f"{first.name}={first.base}"
    place = next((change.instead for change in group if change.instead is not None), None)
    if place is not None:
        column, indent = source.position(place.start)[1] - 1, source.indent_at(place.start)
        return Replace(first.path, place, start + _joined(group, column + len(start), indent, source.newline))
    indent = source.indent_at(first.call.end)
    column = source.position(first.call.end)[1]
    if source.line_of(first.call.start) != source.line_of(first.call.end):
        indent += _step(indent)
        column = len(indent)
    return AddArgument(first.path, first.call, start + _joined(group, column + len(start), indent, source.newline))


def _joined(group: Sequence[Extend | ExtendArgument], column: int, indent: str, newline: str) -> str:
    """Return the texts one after another, calls that would make a line too long broken inside their parentheses."""
    result = ""
    for change in sorted(group, key=lambda each: each.last):
        text = change.text
        match = _CALL.fullmatch(text)
        own_line = text.rpartition("\n")[2] if "\n" in text else ""
        if own_line:
            column, indent = 0, own_line[: len(own_line) - len(own_line.lstrip())]
        column += len(own_line or text)
        if match and column > LONGEST:
            before, opening, inside = match.groups()
            text = f"{before}{opening}{newline}{indent}{_step(indent)}{inside}{newline}{indent})"
            column = len(indent) + 1
        result += text
    return result


def _step(indent: str) -> str:
    return "\t" if "\t" in indent else "    "
