"""Findings as bytes for another process, in the fewest words: an object is said by its class and its fields."""

from __future__ import annotations

import copyreg
import io
import operator
import pickle
from collections.abc import Callable, Iterator

from modal_transforms import changes, model


class Packer:
    """Makes bytes of one thing after another."""

    def __init__(self) -> None:
        self._made = io.BytesIO()
        self._pickler = pickle.Pickler(self._made, pickle.HIGHEST_PROTOCOL)
        self._pickler.dispatch_table = {**copyreg.dispatch_table, **{kind: _reduced(kind) for kind in _kinds()}}

    def __call__(self, thing: object) -> bytes:
        """Return the bytes of a thing; they are read in the order in which they are made."""
        self._made.seek(0)
        self._made.truncate()
        self._pickler.dump(thing)
        return self._made.getvalue()


def _kinds() -> Iterator[type]:
    for module in (model, changes):
        yield from (kind for kind in vars(module).values() if isinstance(kind, type) and "__match_args__" in vars(kind))


def _reduced(kind: type) -> Callable[[object], tuple[type, tuple[object, ...]]]:
    """Return what takes an object apart: its class is called to make it again, which is quick, and short to say."""
    names: tuple[str, ...] = vars(kind)["__match_args__"]
    values = operator.attrgetter(*names, names[0])
    return lambda thing: (kind, values(thing)[:-1])
