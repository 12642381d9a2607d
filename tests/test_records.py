"""Our own dataclasses are used like the standard library's, and mean the same."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from modal_transforms import records


@records.dataclass(frozen=True, slots=True, order=True)
class Ours:
    name: str
    size: int = 3
    parts: list[int] = records.field(default_factory=list)


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Theirs:
    name: str
    size: int = 3
    parts: list[int] = dataclasses.field(default_factory=list)


@records.dataclass(eq=False)
class Counted:
    """Without slots and frozenness, and with a field of its own making."""

    first: int
    total: int = records.field(init=False)

    def __post_init__(self) -> None:
        self.total = self.first + 1


@records.dataclass(slots=True)
class Empty: ...


@records.dataclass(frozen=True, slots=True)
class Pair:
    left: int
    right: tuple[str, ...] = ()


def test_objects_are_made_shown_and_compared_alike() -> None:
    for given, named in ((("a",), {}), (("a", 4), {}), ((), {"name": "b", "parts": [1]})):
        ours, theirs = Ours(*given, **named), Theirs(*given, **named)  # type: ignore[arg-type]
        assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
        assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert Ours("a").parts is not Ours("a").parts
    assert Ours("a") == Ours("a", 3, []) != Ours("a", 4)
    assert Ours("a") != Theirs("a")  # type: ignore[comparison-overlap]
    assert sorted([Ours("b", 1), Ours("a", 2), Ours("a", 1)]) == [Ours("a", 1), Ours("a", 2), Ours("b", 1)]
    assert Ours("a") <= Ours("a") < Ours("b")
    with pytest.raises(TypeError):
        Ours("a") < Theirs("b")  # type: ignore[operator]  # noqa: B015
    with pytest.raises(TypeError):
        Ours()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Ours("a", length=2)  # type: ignore[call-arg]


def test_frozen_ones_are_keys_and_others_are_not() -> None:
    assert {Pair(1, ("a",)): "found"}[Pair(1, ("a",))] == "found"
    assert hash(Pair(1)) == hash((1, ()))
    with pytest.raises(TypeError):
        hash(Empty())
    assert Empty() == Empty()
    assert Counted(1) != Counted(1)
    assert len({Counted(1), Counted(1)}) == 2


def test_what_is_made_after_the_others_is_there() -> None:
    assert (Counted(1).first, Counted(1).total) == (1, 2)
    assert not hasattr(Counted, "total")


def test_slots_take_nothing_else() -> None:
    with pytest.raises(AttributeError):
        Pair(1).other = 2  # type: ignore[attr-defined]


def test_records_are_replaced_matched_and_sent_to_other_processes() -> None:
    pair = Pair(1, ("a",))
    assert records.replace(pair, left=2) == dataclasses.replace(pair, left=2) == Pair(2, ("a",))
    with pytest.raises(TypeError):
        records.replace(pair, middle=2)  # type: ignore[call-arg]
    match pair:
        case Pair(left, right):
            assert (left, right) == (1, ("a",))
    assert pickle.loads(pickle.dumps(pair)) == pair
    assert [each.name for each in dataclasses.fields(Counted)] == ["first", "total"]
    assert dataclasses.is_dataclass(pair)
