"""Carry patches made on one version of a file over to another version of it, around what differs."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from msgspec import Struct

from modal_transforms.core.alignment import common
from modal_transforms.core.patches import Patch, in_order

_Block = tuple[int, int, int]
"""Where a run of common lines starts in the one version and in the other, and its length."""


class MergeConflict(Exception):
    """A patch touches a line that differs between the two versions; ``line`` counts from 1 in the patched one."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} differs")
        self.line = line


class _CommonLines(Struct, frozen=True):
    """Lines that both versions have: the bytes from ``start`` to ``end`` are at ``other`` in the other version."""

    start: int
    end: int
    other: int


def rebase_patches(source: bytes, target: bytes, patches: Iterable[Patch]) -> list[Patch]:
    """Return the patches of ``source`` as patches of ``target``; raises `MergeConflict`."""
    wanted = in_order(patches)
    if source == target:
        return wanted
    lines, others = source.splitlines(keepends=True), target.splitlines(keepends=True)
    starts, others_starts = ([*accumulate(map(len, each), initial=0)] for each in (lines, others))
    touched = {bisect_right(starts, offset) - 1 for patch in wanted for offset in (patch.start, patch.end)}
    blocks = _merged(_blocks(lines, others, _anchors(lines, others, touched)))
    runs = [_CommonLines(starts[i], starts[i + size], others_starts[j]) for i, j, size in blocks]
    return [_carried(patch, starts, runs, source) for patch in wanted]


def _carried(patch: Patch, starts: Sequence[int], runs: Sequence[_CommonLines], source: bytes) -> Patch:
    first = bisect_right(starts, patch.start) - 1
    if patch.start == patch.end and starts[first] == patch.start and _is_lines(patch.data, source[: patch.start]):
        for run in runs:
            if run.start <= patch.start <= run.end:
                return _moved(patch, run)
        raise MergeConflict(first + 1)
    last = bisect_right(starts, max(patch.start, patch.end - 1)) - 1
    end = starts[last + 1] if last + 1 < len(starts) else len(source)
    for run in runs:
        if run.start <= starts[first] and end <= run.end:
            return _moved(patch, run)
    raise MergeConflict(first + 1)


def _is_lines(data: bytes, before: bytes) -> bool:
    """Tell whether an insertion consists of whole lines between lines."""
    return data.endswith((b"\n", b"\r")) and (not before or before.endswith((b"\n", b"\r")))


def _moved(patch: Patch, run: _CommonLines) -> Patch:
    shift = run.other - run.start
    return Patch(patch.start + shift, patch.end + shift, patch.data)


def _anchors(a: Sequence[bytes], b: Sequence[bytes], touched: Iterable[int]) -> list[tuple[int, int]]:
    """Return the touched lines that are unmistakable: once in each version, in the same order."""
    counts, others = Counter(a), Counter(b)
    places = {line: other for other, line in enumerate(b)}
    anchors: list[tuple[int, int]] = []
    for index in sorted(touched):
        if index < len(a) and counts[a[index]] == others[a[index]] == 1:
            other = places[a[index]]
            if not anchors or anchors[-1][1] < other:
                anchors.append((index, other))
    return anchors


def _blocks(a: Sequence[bytes], b: Sequence[bytes], anchors: Iterable[tuple[int, int]]) -> Iterator[_Block]:
    """Yield the common runs of two lists of lines, in order, with the anchored lines among them."""
    i = j = 0
    for anchor, other in anchors:
        yield from _between(a, b, (i, anchor), (j, other))
        yield anchor, other, 1
        i, j = anchor + 1, other + 1
    yield from _between(a, b, (i, len(a)), (j, len(b)))


def _between(
    a: Sequence[bytes], b: Sequence[bytes], ours: tuple[int, int], theirs: tuple[int, int]
) -> Iterator[_Block]:
    """Yield the common runs of a part of each list."""
    (i, i_end), (j, j_end) = ours, theirs
    yield from ((start + i, other + j, size) for start, other, size in common(a[i:i_end], b[j:j_end]))


def _merged(blocks: Iterable[_Block]) -> list[_Block]:
    """Return the blocks without empty ones, those that go on in both versions as one."""
    merged: list[_Block] = []
    for i, j, size in blocks:
        if merged and size and (merged[-1][0] + merged[-1][2], merged[-1][1] + merged[-1][2]) == (i, j):
            merged[-1] = (*merged[-1][:2], merged[-1][2] + size)
        elif size:
            merged.append((i, j, size))
    return merged
