"""Which files of a repository hold a word: told once, and told again only of files that change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from modal_transforms.core.patterns import pattern

_WORD = pattern(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*")
_FEW = 64
"""So many changed files are kept beside the words of all; with more, all are told again."""


class WordIndex:
    """The words of some files of a repository."""

    def __init__(self, paths: Iterable[str], read: Callable[[str], bytes | None]) -> None:
        self.paths = frozenset(paths)
        self._read = read
        self._by_word: Mapping[bytes, list[str]] | None = None
        self._changed: dict[str, frozenset[bytes]] = {}
        """The words of those that changed since; of those that are no longer among the files, none."""
        self._holding: dict[bytes, set[str]] = {}

    def mentioning(self, name: bytes, beside: bytes = b"") -> tuple[str, ...]:
        """Return the files that hold a name as a word, and the text ``beside`` as well, in order."""
        if self._by_word is None:
            self._by_word = self._all_words()
        if beside not in self._holding:
            self._holding[beside] = {path for path in self.paths if self._holds(path, beside)}
        found = self._by_word.get(name, ())
        if self._changed:
            now = [path for path, words in self._changed.items() if name in words]
            found = sorted([*now, *(path for path in found if path not in self._changed)])
        holding = self._holding[beside]
        return tuple(path for path in found if path in holding)

    def with_changes(
        self, changed: Iterable[str], paths: Iterable[str], read: Callable[[str], bytes | None]
    ) -> WordIndex:
        """Return the words of the files at ``paths`` when some of them ``changed``; shares what did not."""
        new = WordIndex(paths, read)
        touched = (self.paths ^ new.paths) | (new.paths & set(changed))
        if self._by_word is None or len(self._changed) + len(touched) > _FEW:
            return new
        new._by_word = self._by_word
        new._changed = self._changed | {path: new._words(path) for path in touched}
        for beside, holding in self._holding.items():
            new._holding[beside] = (holding - touched) | {path for path in touched if new._holds(path, beside)}
        return new

    def _holds(self, path: str, text: bytes) -> bool:
        return path in self.paths and text in (self._read(path) or b"")

    def _words(self, path: str) -> frozenset[bytes]:
        return frozenset(_WORD.findall(self._read(path) or b"")) if path in self.paths else frozenset()

    def _all_words(self) -> Mapping[bytes, list[str]]:
        words: defaultdict[bytes, list[str]] = defaultdict(list)
        for path in sorted(self.paths):
            for word in self._words(path):
                words[word].append(path)
        return words
