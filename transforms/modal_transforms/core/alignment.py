"""What two sequences have in common: as ``difflib`` says it of short ones, in a time that grows with their length.

``difflib`` takes the square of the length, or its cube where many elements are equal. Of longer sequences, those
elements are matched first that each has once, in the same order; what lies between two of them is short then, or is
matched by looking a little ahead at each difference.
"""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

Run = tuple[int, int, int]
"""Where equal elements begin in the one sequence and in the other, and how many they are."""
_Part = tuple[int, int, int, int]
"""From where to where in the one sequence, and in the other."""

_WORK = 3_000_000
"""So many steps, at most, are left to ``difflib`` where a caller says nothing else."""
_DEEPEST = 8
"""So often what lies between two matched elements is matched in the same way."""
_AHEAD = 24
"""So many elements of both, together, are looked ahead for what they have in common behind a difference."""
_WAYS = sorted(
    ((left, far - left) for far in range(1, _AHEAD) for left in range(far + 1)),
    key=lambda way: (sum(way), abs(way[0] - way[1])),
)


def common(a: Sequence[Hashable], b: Sequence[Hashable], work: int = _WORK) -> list[Run]:
    """Return the runs of equal elements of two sequences, in order, none of them empty.

    ``work`` is how many steps, at most, are left to ``difflib``, which finds more in common than we do.
    """
    whole = (0, len(a), 0, len(b))
    return [*_joined(_runs(a, b, whole, work))]


def changed(a: Sequence[Hashable], b: Sequence[Hashable], work: int = _WORK) -> Iterator[_Part]:
    """Yield the parts that differ: elements of ``a`` from one index to another, and those of ``b`` in their place."""
    at, other = 0, 0
    for start, other_start, size in [*common(a, b, work), (len(a), len(b), 0)]:
        if (at, other) != (start, other_start):
            yield at, start, other, other_start
        at, other = start + size, other_start + size


def same_ends(a: Sequence[Hashable], b: Sequence[Hashable]) -> tuple[int, int]:
    """Return how many elements are the same at the beginning of two sequences, and how many more at their end."""
    head = _equal(a, b, 0, 0, min(len(a), len(b)))
    return head, _equal(a[head:][::-1], b[head:][::-1], 0, 0, min(len(a), len(b)) - head)


def _joined(runs: Iterator[Run]) -> Iterator[Run]:
    """Yield the runs, those that go on in both sequences as one."""
    at, other, length = 0, 0, 0
    for start, other_start, size in runs:
        if (at + length, other + length) == (start, other_start):
            length += size
            continue
        if length:
            yield at, other, length
        at, other, length = start, other_start, size
    if length:
        yield at, other, length


def _runs(a: Sequence[Hashable], b: Sequence[Hashable], part: _Part, work: int, depth: int = 0) -> Iterator[Run]:
    start, end, other, other_end = part
    head = _equal(a, b, start, other, min(end - start, other_end - other))
    yield start, other, head
    start, other = start + head, other + head
    tail = 0
    while tail < min(end - start, other_end - other) and a[end - 1 - tail] == b[other_end - 1 - tail]:
        tail += 1
    end, other_end = end - tail, other_end - tail
    if start < end and other < other_end:
        ours, theirs = a[start:end], b[other:other_end]
        yield from ((start + i, other + j, size) for i, j, size in _middle(ours, theirs, work, depth))
    yield end, other_end, tail


def _equal(a: Sequence[Hashable], b: Sequence[Hashable], start: int, other: int, most: int) -> int:
    size = 0
    while size < most and a[start + size] == b[other + size]:
        size += 1
    return size


def _middle(a: Sequence[Hashable], b: Sequence[Hashable], work: int, depth: int) -> Iterator[Run]:
    """Yield the runs of two sequences that begin and end with a difference."""
    counts, others = Counter(a), Counter(b)
    pairs = sum(count * others[each] for each, count in counts.items())
    if pairs * min(len(a), len(b)) <= work:
        yield from difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
        return
    anchors = _anchors(a, b, counts, others) if depth < _DEEPEST else []
    if not anchors:
        yield from _looking_ahead(a, b)
        return
    at = other = 0
    for i, j in [*anchors, (len(a), len(b))]:
        yield from _runs(a, b, (at, i, other, j), work, depth + 1)
        yield i, j, int(i < len(a))
        at, other = i + 1, j + 1


def _anchors(
    a: Sequence[Hashable], b: Sequence[Hashable], counts: Counter[Hashable], others: Counter[Hashable]
) -> list[tuple[int, int]]:
    """Return the longest series of elements that both sequences have once, in the same order."""
    places = {each: j for j, each in enumerate(b) if others[each] == 1 and counts[each] == 1}
    last: list[int] = []
    """For each length of a series, the smallest place in ``b`` that one ends with."""
    found: list[tuple[int, int, int]] = []
    for i, each in enumerate(a):
        if each in places:
            length = bisect_left(last, places[each])
            last[length : length + 1] = [places[each]]
            found.append((length, i, places[each]))
    series: list[tuple[int, int]] = []
    length = len(last) - 1
    for own, i, j in reversed(found):
        if own == length and (not series or j < series[-1][1]):
            series.append((i, j))
            length -= 1
    return series[::-1]


def _looking_ahead(a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[Run]:
    """Yield runs of equal elements, each the nearest behind the difference before it."""
    i = j = 0
    while i < len(a) and j < len(b):
        size = _equal(a, b, i, j, min(len(a) - i, len(b) - j))
        yield i, j, size
        i, j = i + size, j + size
        left, right = _next_equal(a, b, i, j)
        i, j = i + left, j + right


def _next_equal(a: Sequence[Hashable], b: Sequence[Hashable], i: int, j: int) -> tuple[int, int]:
    """Return how far to go on in each sequence for two equal elements: the nearest, the same in both before others."""
    for left, right in _WAYS:
        if i + left < len(a) and j + right < len(b) and a[i + left] == b[j + right]:
            return left, right
    return 1, 1
