"""Which of many words a text holds: told from the runs of letters in it, and not by a search for each word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from modal_transforms.core.patterns import pattern

_START = 3
"""So many letters of a word are looked up at each place of a run."""
_RUN = pattern(rb"\w{%d,}" % _START)
_MOST = 4096
"""What is known of so many runs is remembered: the files of a repository are full of the same ones."""
_LONG = 200
"""A run of so many letters is data, which does not come again and would fill the memory."""


class WordFinder:
    """Finds words, which may have signs and white space around or between their letters, in texts."""

    def __init__(self, words: Iterable[bytes]) -> None:
        self._others: list[bytes] = []
        """The words without a run of letters that is long enough."""
        self._by_start: defaultdict[bytes, list[tuple[bytes, bytes]]] = defaultdict(list)
        """The longest runs of the other words, with these."""
        self._plain: set[bytes] = set()
        """The words that are a run and no more."""
        for word in words:
            run = max(_RUN.findall(word), key=len, default=b"")
            if not run:
                self._others.append(word)
            else:
                self._by_start[run[:_START]].append((run, word))
                self._plain |= {word} if run == word else set()
        self._near = lru_cache(_MOST)(self._within)

    def held(self, data: bytes) -> list[bytes]:
        """Return the words that a text holds, also as parts of longer ones."""
        runs = set(_RUN.findall(data))
        may_be = {*self._others}.union(*(self._near(run) if len(run) < _LONG else self._within(run) for run in runs))
        return [word for word in may_be if word in self._plain or word in data]

    def _within(self, run: bytes) -> frozenset[bytes]:
        """Return the words that may stand where a text has a run of letters."""
        by_start = self._by_start
        places = [at for at in range(len(run) - _START + 1) if run[at : at + _START] in by_start]
        words = (word for at in places for own, word in by_start[run[at : at + _START]] if run.startswith(own, at))
        return frozenset(words)
