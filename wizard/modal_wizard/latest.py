"""The latest of what was said of each thing, kept up while more is said and taken back: never a walk over the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """Values by key; taking the last ones back brings the ones before them to light."""

    def __init__(self) -> None:
        self._now: dict[str, T] = {}
        self._before: dict[str, list[T]] = {}
        self.now: Mapping[str, T] = MappingProxyType(self._now)
        """The latest value of each key that has one; follows what is put and taken."""
        self.version = 0
        """Grows with each change."""

    def put(self, pairs: Iterable[tuple[str, T]]) -> None:
        """Say something new."""
        for key, value in pairs:
            if key in self._now:
                self._before.setdefault(key, []).append(self._now[key])
            self._now[key] = value
        self.version += 1

    def take(self, pairs: Iterable[tuple[str, T]]) -> None:
        """Take back what was put last."""
        for key, _ in pairs:
            before = self._before.get(key)
            if before:
                self._now[key] = before.pop()
            else:
                del self._now[key]
        self.version += 1

    def again(self, steps: Iterable[Iterable[tuple[str, T]]]) -> None:
        """Forget all and say it anew."""
        self._now.clear()
        self._before.clear()
        for pairs in steps:
            self.put(pairs)
        self.version += 1
