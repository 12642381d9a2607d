"""Carry patches made on one version of a file over to another version of it, around what differs."""

from __future__ import annotations

import difflib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from modal_transforms.patches import Patch, in_order


class Collision(Exception):
    """A patch touches a line that differs between the two versions; ``line`` counts from 1 in the patched one."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} differs")
        self.line = line


@dataclass(frozen=True, slots=True)
class _Run:
    """Lines that both versions have: the bytes from ``start`` to ``end`` are at ``other`` in the other version."""

    start: int
    end: int
    other: int


def carry(source: bytes, target: bytes, patches: Iterable[Patch]) -> list[Patch]:
    """Return the patches of ``source`` as patches of ``target``; raises `Collision`."""
    wanted = in_order(patches)
    if source == target:
        return wanted
    lines, others = source.splitlines(keepends=True), target.splitlines(keepends=True)
    starts = _starts(lines)
    runs = _common(lines, others, starts, _starts(others))
    return [_carried(patch, starts, runs, source) for patch in wanted]


def _carried(patch: Patch, starts: Sequence[int], runs: Sequence[_Run], source: bytes) -> Patch:
    first = bisect_right(starts, patch.start) - 1
    if patch.start == patch.end and starts[first] == patch.start and _is_lines(patch.data, source[: patch.start]):
        for run in runs:
            if run.start <= patch.start <= run.end:
                return _moved(patch, run)
        raise Collision(first + 1)
    last = bisect_right(starts, max(patch.start, patch.end - 1)) - 1
    end = starts[last + 1] if last + 1 < len(starts) else len(source)
    for run in runs:
        if run.start <= starts[first] and end <= run.end:
            return _moved(patch, run)
    raise Collision(first + 1)


def _is_lines(data: bytes, before: bytes) -> bool:
    """Tell whether an insertion consists of whole lines between lines."""
    return data.endswith((b"\n", b"\r")) and (not before or before.endswith((b"\n", b"\r")))


def _moved(patch: Patch, run: _Run) -> Patch:
    shift = run.other - run.start
    return Patch(patch.start + shift, patch.end + shift, patch.data)


def _starts(lines: Sequence[bytes]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    return starts


def _common(a: Sequence[bytes], b: Sequence[bytes], a_at: Sequence[int], b_at: Sequence[int]) -> list[_Run]:
    """Return the common runs of two lists of lines; equal heads and tails are cut off first, for speed."""
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    matcher = difflib.SequenceMatcher(None, a[head : len(a) - tail], b[head : len(b) - tail], autojunk=False)
    blocks = [(m.a + head, m.b + head, m.size) for m in matcher.get_matching_blocks() if m.size]
    blocks = [(0, 0, head), *blocks, (len(a) - tail, len(b) - tail, tail)]
    return [_Run(a_at[i], a_at[i + size], b_at[j]) for i, j, size in blocks if size]
