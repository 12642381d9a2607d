"""Carrying patches over to another version of a file: around what differs, never into it."""

from __future__ import annotations

import random

import pytest

from modal_transforms.core.patches import Patch, apply
from modal_wizard.git.merge import MergeConflict, rebase_patches

SOURCE = b"a\nb\nc\nd\ne\n"
LINE_C = Patch(4, 5, b"C")
AFTER_C = Patch(6, 6, b"new\n")


@pytest.mark.parametrize(
    ("target", "patch", "expected"),
    [
        pytest.param(b"a\nb\nc\nd\ne\n", LINE_C, b"a\nb\nC\nd\ne\n", id="same"),
        pytest.param(b"0\na\nb\nc\nd\ne\n", LINE_C, b"0\na\nb\nC\nd\ne\n", id="line before"),
        pytest.param(b"c\nd\n", LINE_C, b"C\nd\n", id="lines taken out before"),
        pytest.param(b"a\nB\nc\nD\ne\n", LINE_C, b"a\nB\nC\nD\ne\n", id="both neighbours differ"),
        pytest.param(b"a\nb\nc\ne\n", AFTER_C, b"a\nb\nc\nnew\ne\n", id="insertion before a line that is not there"),
        pytest.param(b"a\nb\nd\ne\n", AFTER_C, b"a\nb\nnew\nd\ne\n", id="insertion after a line that is not there"),
        pytest.param(b"a\nb\nc\nX\ne\n", Patch(4, 6, b""), b"a\nb\nX\ne\n", id="whole line taken out"),
        pytest.param(b"a\nX\nc\nd\ne\n", Patch(10, 10, b"f\n"), b"a\nX\nc\nd\ne\nf\n", id="insertion at the end"),
        pytest.param(b"X\nb\nc\nd\ne", Patch(0, 0, b"f\n"), None, id="insertion at a start that differs"),
    ],
)
def test_a_patch_finds_its_lines(target: bytes, patch: Patch, expected: bytes | None) -> None:
    if expected is None:
        with pytest.raises(MergeConflict):
            rebase_patches(SOURCE, target, [patch])
    else:
        assert apply(target, rebase_patches(SOURCE, target, [patch])) == expected


@pytest.mark.parametrize(
    ("target", "patch", "line"),
    [
        pytest.param(b"a\nb\nX\nd\ne\n", LINE_C, 3, id="line differs"),
        pytest.param(b"a\nb\nd\ne\n", LINE_C, 3, id="line is not there"),
        pytest.param(b"a\nb\nc \nd\ne\n", LINE_C, 3, id="line differs in its end"),
        pytest.param(b"a\nb\nc\nX\nd\ne\n", Patch(4, 7, b"Z"), 3, id="a line in between"),
        pytest.param(b"a\nb\nc\nX\ne\n", Patch(6, 6, b"x = "), 4, id="insertion into a line that differs"),
        pytest.param(b"", LINE_C, 3, id="nothing there"),
    ],
)
def test_a_patch_of_a_line_that_differs_collides(target: bytes, patch: Patch, line: int) -> None:
    with pytest.raises(MergeConflict) as collision:
        rebase_patches(SOURCE, target, [patch])
    assert collision.value.line == line


def test_the_last_line_without_an_end() -> None:
    assert apply(b"X\nb", rebase_patches(b"a\nb", b"X\nb", [Patch(3, 3, b"!")])) == b"X\nb!"
    with pytest.raises(MergeConflict):
        rebase_patches(b"a\nb", b"a\nX", [Patch(3, 3, b"!\n")])


def test_repeated_lines_do_not_mislead() -> None:
    source = b"x\n" * 30 + b"ours\n" + b"x\n" * 30
    target = b"x\n" * 34 + b"ours\n" + b"x\n" * 3
    at = source.index(b"ours")
    assert apply(target, rebase_patches(source, target, [Patch(at, at + 4, b"OURS")])) == target.replace(
        b"ours", b"OURS"
    )


@pytest.mark.parametrize("seed", range(200))
def test_either_all_of_ours_arrives_or_nothing_does(seed: int) -> None:
    chance = random.Random(seed)
    lines = [b"%d\n" % chance.randrange(12) for _ in range(30)]
    marks = sorted(chance.sample(range(30), 3))
    for number, mark in enumerate(marks):
        lines[mark] = b"ours %d\n" % number
    theirs: list[bytes] = []
    for index, line in enumerate(lines):
        roll = chance.random() if index not in marks else 1.0
        theirs += [] if roll < 0.15 else [b"theirs\n"] if roll < 0.3 else [line, b"added\n"] if roll < 0.4 else [line]
    source, target = b"".join(lines), b"".join(theirs)
    patches = [Patch(source.index(b"ours %d" % n), source.index(b"ours %d" % n) + 4, b"OURS") for n in range(3)]
    assert apply(target, rebase_patches(source, target, patches)) == target.replace(b"ours", b"OURS")
