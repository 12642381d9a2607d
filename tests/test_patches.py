"""Patches: applied, composed, mapped, and found between two texts."""

from __future__ import annotations

import random

import pytest

from modal_transforms.core.patches import Overlap, Patch, apply, between, compose, map_offset


def test_patches_apply_in_any_order_given() -> None:
    patches = [Patch(4, 5, b"E"), Patch(0, 1, b"AA"), Patch(2, 2, b"-")]
    assert apply(b"abcdef", patches) == b"AAb-cdEf"


def test_insertions_at_one_place_keep_their_order() -> None:
    assert apply(b"ab", [Patch(1, 1, b"1"), Patch(1, 1, b"2")]) == b"a12b"


def test_the_same_patch_twice_counts_once() -> None:
    assert apply(b"ab", [Patch(0, 1, b"x"), Patch(0, 1, b"x")]) == b"xb"


@pytest.mark.parametrize(
    "patches",
    [
        pytest.param([Patch(0, 3, b"x"), Patch(2, 4, b"y")], id="overlapping"),
        pytest.param([Patch(0, 3, b"x"), Patch(0, 3, b"y")], id="same-place"),
        pytest.param([Patch(0, 3, b"x"), Patch(1, 1, b"y")], id="insertion-inside"),
    ],
)
def test_colliding_patches_are_refused(patches: list[Patch]) -> None:
    with pytest.raises(Overlap):
        apply(b"abcdef", patches)


def some_patches(chance: random.Random, size: int) -> list[Patch]:
    offsets = sorted(chance.sample(range(size + 1), min(size + 1, chance.randrange(0, 7) * 2)))
    return [
        Patch(a, b, bytes(chance.choices(b"xyz", k=chance.randrange(3))))
        for a, b in zip(offsets[::2], offsets[1::2], strict=False)
    ]


def test_composed_patches_do_what_both_do_in_turn() -> None:
    chance = random.Random(7)
    for _ in range(2000):
        data = bytes(chance.choices(b"abcdef", k=chance.randrange(1, 30)))
        first = some_patches(chance, len(data))
        middle = apply(data, first)
        second = some_patches(chance, len(middle))
        assert apply(data, compose(len(data), first, second)) == apply(middle, second)


def test_an_untouched_offset_is_found_again() -> None:
    chance = random.Random(8)
    for _ in range(1000):
        data = bytes(range(chance.randrange(1, 40)))
        patches = some_patches(chance, len(data))
        after = apply(data, patches)
        for offset in range(len(data)):
            moved = map_offset(patches, offset)
            if moved is None:
                assert any(patch.start <= offset < patch.end for patch in patches)
            else:
                assert after[moved] == data[offset]


def test_between_finds_small_patches_that_lead_from_one_text_to_the_other() -> None:
    chance = random.Random(9)
    words = [b"keep_warm", b"=", b"1", b", ", b"\n", b"\r\n", "é".encode(), b"(", b")", b"\x00", b"  "]
    for _ in range(500):
        old = b"".join(chance.choices(words, k=12))
        new = b"".join(chance.choices(words, k=12))
        assert apply(b"##" + old, between(old, new, base=2)) == b"##" + new
    assert between(b"f(keep_warm=1)", b"f(min_containers=1)") == [Patch(2, 11, b"min_containers")]
