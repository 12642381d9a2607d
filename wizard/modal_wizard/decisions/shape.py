"""What an entry of decisions must be beyond its types: one name, one way to decide, edits that do not overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import UNSET

from modal_wizard.decisions.model import DecisionEntry, FileEdit

Line = tuple[int, DecisionEntry]
NAMES = ("id", "rule", "section")


def shape_fault(entry: DecisionEntry) -> str:
    """Return what is wrong with an entry by itself; empty where nothing is."""
    names = [name for name in NAMES if getattr(entry, name) is not UNSET]
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


def repeated(entries: Iterable[Line]) -> Iterator[tuple[int, str]]:
    """Yield the line and the fault of each id that an earlier entry has."""
    lines: dict[str, int] = {}
    for line, entry in entries:
        if entry.id is not UNSET:
            if entry.id in lines:
                yield line, f"the id {entry.id} is decided in line {lines[entry.id]} already"
            lines.setdefault(entry.id, line)


def overlaps(entries: Iterable[Line]) -> Iterator[tuple[int, str]]:
    """Yield the line and the fault of each edit that wants bytes of an earlier one."""
    edits = [(edit, line) for line, entry in entries for edit in entry.edits or ()]
    edits.sort(key=lambda one: (one[0].path, one[0].sha256, one[0].start, one[0].end))
    for (before, first), (after, second) in zip(edits, edits[1:], strict=False):
        if (before.path, before.sha256) == (after.path, after.sha256) and after.start < before.end:
            line, other = max(first, second), min(first, second)
            where = f"{after.path}, bytes {after.start} to {min(before.end, after.end)}"
            yield line, f"edits overlap: {where}" + (f" are wanted in line {other} too" if line != other else "")
