"""Which words of a changed line changed: pairs old lines with new ones and compares them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from modal_transforms.core.alignment import changed, common
from modal_transforms.core.patterns import pattern
from modal_wizard.text.diff import Mark, Row

_WORD = pattern(r"\w+|\s+|[^\w\s]")
_ALIKE = 0.45
"""Lines less alike than this are shown as replaced whole."""
_MANY = 40
"""Runs longer than this are paired in order, without looking for the best partner."""
_LONGEST = 2_000
"""A longer line is shown as replaced whole."""

_WORK = 100_000
"""So many steps are spent on what two lines have in common before it is only looked for nearby."""

Range = tuple[int, int]


def changed_words(rows: Sequence[Row]) -> dict[int, list[Range]]:
    """Return, by index of the row, the character ranges that differ from the row's partner."""
    found: dict[int, list[Range]] = {}
    for old, new in _runs(rows):
        for left, right in _pairs(rows, old, new):
            ranges = _compare(rows[left].text, rows[right].text)
            if ranges is not None:
                found[left], found[right] = ranges
    return found


def _runs(rows: Sequence[Row]) -> list[tuple[list[int], list[int]]]:
    """Return neighbouring runs of old rows and the new rows that follow them."""
    runs: list[tuple[list[int], list[int]]] = []
    previous = Mark.SAME
    for index, row in enumerate(rows):
        if row.mark is Mark.OLD:
            if previous is not Mark.OLD:
                runs.append(([], []))
            runs[-1][0].append(index)
        elif row.mark is Mark.NEW and previous is not Mark.SAME:
            runs[-1][1].append(index)
        previous = row.mark if row.mark is not Mark.NEW or previous is not Mark.SAME else Mark.SAME
    return [run for run in runs if run[0] and run[1]]


def _pairs(rows: Sequence[Row], old: list[int], new: list[int]) -> list[Range]:
    texts = (len(rows[left].text) * len(new) for left in old)
    if len(old) == len(new) or len(old) * len(new) > _MANY * _MANY or sum(texts) > _LONGEST * _MANY:
        return list(zip(old, new, strict=False))
    pairs: list[Range] = []
    start = 0
    for left in old:
        scores = [(_likeness(rows[left].text, rows[right].text), -right) for right in new[start:]]
        best = max(scores, default=(0.0, 0))
        if best[0] >= _ALIKE:
            pairs.append((left, -best[1]))
            start = new.index(-best[1]) + 1
    return pairs


def _likeness(old: str, new: str) -> float:
    """Return which share of two lines is the same, from 0 to 1."""
    a, b = _WORD.findall(old.strip()), _WORD.findall(new.strip())
    same = sum(size for _, _, size in common(a, b, _WORK))
    return 2 * same / (len(a) + len(b)) if a or b else 1.0


def _compare(old: str, new: str) -> tuple[list[Range], list[Range]] | None:
    """Return the ranges that differ on each side; ``None`` when the lines have too little in common."""
    if max(len(old), len(new)) > _LONGEST or _likeness(old, new) < _ALIKE:
        return None
    a, b = _WORD.findall(old), _WORD.findall(new)
    left, right = [*accumulate(map(len, a), initial=0)], [*accumulate(map(len, b), initial=0)]
    changes = [*changed(a, b, _WORK)]
    return (
        [(left[i], left[j]) for i, j, _, _ in changes if i < j],
        [(right[i], right[j]) for _, _, i, j in changes if i < j],
    )
