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
        self._touched: list[tuple[str, ...] | None] = []
        """The keys of each change; ``None`` where all may have changed."""

    @property
    def version(self) -> int:
        """How many changes there were."""
        return len(self._touched)

    def since(self, version: int) -> set[str] | None:
        """Return the keys that changed since then; ``None`` when all may have."""
        changes = self._touched[version:]
        return None if None in changes else {key for keys in changes for key in keys or ()}

    def put(self, pairs: Iterable[tuple[str, T]]) -> None:
        """Say something new."""
        several = tuple(pairs)
        for key, value in several:
            if key in self._now:
                self._before.setdefault(key, []).append(self._now[key])
            self._now[key] = value
        self._touched.append(tuple(key for key, _ in several))

    def take(self, pairs: Iterable[tuple[str, T]]) -> None:
        """Take back what was put last."""
        keys = tuple(key for key, _ in pairs)
        for key in keys:
            before = self._before.get(key)
            if before:
                self._now[key] = before.pop()
            else:
                del self._now[key]
        self._touched.append(keys)

    def again(self, steps: Iterable[Iterable[tuple[str, T]]]) -> None:
        """Forget all and say it anew."""
        self._now.clear()
        self._before.clear()
        for pairs in steps:
            self.put(pairs)
        self._touched.append(None)
