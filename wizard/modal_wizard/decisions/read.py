"""Read a file of decisions: its size, its JSON, its shape. What it says of a repository is checked by `check`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from modal_transforms.core.patterns import pattern
from modal_wizard.decisions.model import VERSION, DecisionEntry, Decisions, FileEdit
from modal_wizard.errors import WizardError
from modal_wizard.files.json_keys import doubled_key

LIMIT = 16 * 1024 * 1024
"""Bytes that a file may have: some 200,000 decisions."""
SHOWN = 20
"""Faults that are named; the others are counted."""
MANY = 1000
"""Faults after which no more are looked for."""
_BETWEEN = pattern(rb"[\s,]*")
_NAMED = pattern(r"field `([^`]*)`|at `\$\.(\w+)")
_BYTE = pattern(r"\(byte (\d+)\)")

_Line = tuple[int, DecisionEntry]
_NAMES = ("id", "rule", "section")


class LocatedEntry(Struct, frozen=True):
    """An entry of the file, and the line that it begins in, from 1."""

    entry: DecisionEntry
    line: int


class Fault(Struct, frozen=True):
    """What is wrong in a line of the file."""

    line: int
    message: str


class DecisionsRefused(WizardError):
    """A file of decisions is not taken, as a whole: nothing was decided or written."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        lines = [f"{name}:{fault.line}: {fault.message}" for fault in sorted(faults, key=lambda one: one.line)]
        count = str(len(lines) - SHOWN) if len(lines) < MANY else "many"
        more = [f"and {count} more"] if len(lines) > SHOWN else []
        super().__init__("\n".join(["the decisions are not taken; nothing was written.", *lines[:SHOWN], *more]))


class _Versioned(Struct):
    version: Any = None


class _Raw(Struct, forbid_unknown_fields=True):
    version: int
    decisions: msgspec.Raw


def read(source: str) -> tuple[str, list[LocatedEntry]]:
    """Return what to call a file of decisions (``-``: standard input), and what is in it.

    Raises `DecisionsRefused`, and `WizardError` where it cannot be read.
    """
    name = "standard input" if source == "-" else source
    try:
        if source == "-":
            data = sys.stdin.buffer.read(LIMIT + 1)
        else:
            with open(source, "rb") as file:
                data = file.read(LIMIT + 1)
    except OSError as error:
        raise WizardError(f"{name} cannot be read: {error.strerror}.", "Nothing was changed.") from None
    if len(data) > LIMIT:
        raise DecisionsRefused(name, [Fault(1, f"it has more than {LIMIT // 1024 // 1024} MiB; split it")])
    return name, parse(name, data.removeprefix(b"\xef\xbb\xbf"))


def parse(name: str, data: bytes) -> list[LocatedEntry]:
    """Return the entries of a file of decisions, in order; raises `DecisionsRefused`. Takes linear time."""
    entries: list[LocatedEntry] = []
    faults: list[Fault] = []
    for raw, line in _raw_entries(name, data):
        if len(faults) >= MANY:
            break
        try:
            entry = msgspec.json.decode(raw, type=DecisionEntry)
        except (ValueError, RecursionError) as error:
            faults.append(_refused_json(error, raw, line, DecisionEntry.__struct_fields__))
        else:
            entries.append(LocatedEntry(entry, line))
            if twice := doubled_key(raw):
                faults.append(Fault(line, f"the key {twice!r} is there twice"))
            if message := _shape_fault(entry):
                faults.append(Fault(line, message))
    pairs = [(each.line, each.entry) for each in entries]
    others = islice(chain(_repeated(pairs), _overlaps(pairs)), MANY)
    faults += [Fault(line, message) for line, message in others]
    if not faults and (twice := doubled_key(data)):
        faults.append(Fault(_line_of(data, twice), f"the key {twice!r} is there twice"))
    if faults:
        raise DecisionsRefused(name, faults)
    return entries


def _raw_entries(name: str, data: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield the text of each entry and its line; raises `DecisionsRefused` for what is around them."""
    try:
        version = msgspec.json.decode(data, type=_Versioned).version
        if version != VERSION or isinstance(version, bool):
            said = "no version" if version is None else f"version {version!r}"
            raise DecisionsRefused(name, [Fault(_line_of(data, "version"), f"{said}; this takes version {VERSION}")])
        array = bytes(msgspec.json.decode(data, type=_Raw).decisions)
        several = msgspec.json.decode(array, type=list[msgspec.Raw])
    except (ValueError, RecursionError) as error:
        raise DecisionsRefused(name, [_refused_json(error, data, 1, Decisions.__struct_fields__)]) from None
    start = data.rfind(array)
    line, counted, at = 1 + data.count(b"\n", 0, start), 0, 1
    for each in several:
        raw = bytes(each)
        between = _BETWEEN.match(array, at)
        at = between.end() if between else at
        line, counted = line + array.count(b"\n", counted, at), at
        yield raw, line
        at += len(raw)


def _refused_json(error: Exception, raw: bytes, line: int, fields: Sequence[str]) -> Fault:
    """Return what msgspec says of an entry, or of the whole file, with its line and the nearest right name."""
    said = str(error) if isinstance(error, ValueError) else "it is nested too deeply"
    if isinstance(error, ValueError) and not isinstance(error, msgspec.ValidationError):
        byte = _BYTE.search(said)
        at = int(byte[1]) if byte else len(raw)
        return Fault(line + raw.count(b"\n", 0, at), f"it is not JSON: {said.removeprefix('JSON is malformed: ')}")
    named = _NAMED.search(said)
    word = (named[1] or named[2]) if named else ""
    unknown = "unknown field" in said
    return Fault(
        line - 1 + _line_of(raw, word) if word else line,
        f"there is no key {word!r}{nearest(word, fields)}" if unknown else said,
    )


def _line_of(data: bytes, key: str) -> int:
    """Return the line in which a key is written first, from 1."""
    return 1 + data.count(b"\n", 0, max(0, data.find(f'"{key}"'.encode("utf-8", "replace"))))


def nearest(word: str, known: Sequence[str]) -> str:
    """Return the nearest right thing as the end of a sentence: ``; did you mean x?``, or what there is."""
    from difflib import get_close_matches

    close = get_close_matches(word, known, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; there are {', '.join(known)}" if 0 < len(known) <= SHOWN else ""


def _shape_fault(entry: DecisionEntry) -> str:
    """Return what is wrong with an entry by itself; empty where nothing is."""
    names = [name for name in _NAMES if getattr(entry, name) is not UNSET]
    if len(names) != 1:
        found = f"not {' and '.join(names)}" if names else "and this has none"
        return f"an entry has one of id, rule and section, {found}"
    ways = [way for way in ("choice", "skip", "edits") if getattr(entry, way) is not UNSET]
    if ways not in (["choice"], ["skip"], ["edits"], ["choice", "edits"]):
        return f"it says {' and '.join(ways) or 'nothing to do'}: give choice, skip or edits"
    if entry.values is not UNSET and entry.choice is UNSET:
        return "values go with the choice that asks for them"
    if names != ["id"] and (entry.edits is not UNSET or entry.after is not UNSET):
        return "edits and after go with an id"
    return _edits_fault(entry.edits) if entry.edits is not UNSET else ""


def _edits_fault(edits: list[FileEdit]) -> str:
    if not edits:
        return "edits are empty; skip leaves a finding as it is"
    if len({(edit.path, edit.sha256) for edit in edits}) > 1:
        return "the edits of an entry are in one file and carry one sha256; a choice beside them changes other files"
    wrong = next((edit for edit in edits if edit.end < edit.start), None)
    return f"an edit ends ({wrong.end}) before it starts ({wrong.start})" if wrong else ""


def _repeated(entries: Iterable[_Line]) -> Iterator[tuple[int, str]]:
    """Yield the line and the fault of each id that an earlier entry has."""
    lines: dict[str, int] = {}
    for line, entry in entries:
        if entry.id is not UNSET:
            if entry.id in lines:
                yield line, f"the id {entry.id} is decided in line {lines[entry.id]} already"
            lines.setdefault(entry.id, line)


def _overlaps(entries: Iterable[_Line]) -> Iterator[tuple[int, str]]:
    """Yield the line and the fault of each edit that wants bytes of an earlier one."""
    edits = [(edit, line) for line, entry in entries for edit in entry.edits or ()]
    edits.sort(key=lambda one: (one[0].path, one[0].sha256, one[0].start, one[0].end))
    for (before, first), (after, second) in zip(edits, edits[1:], strict=False):
        if (before.path, before.sha256) == (after.path, after.sha256) and after.start < before.end:
            line, other = max(first, second), min(first, second)
            where = f"{after.path}, bytes {after.start} to {min(before.end, after.end)}"
            yield line, f"edits overlap: {where}" + (f" are wanted in line {other} too" if line != other else "")
