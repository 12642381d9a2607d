"""Which files of a repository import which, told from their bytes; as little of it as somebody asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from copy import copy

from modal_transforms.analysis.import_scan import (
    ModuleFinder,
    dotted_names,
    import_lines,
    imports_modal,
    statements,
)
from modal_transforms.core.patterns import pattern

_NAME = pattern(rb"\w+")
_FEW = 16
"""Fewer names are looked for one by one than by all words of a text."""
_FROM_PACKAGE = pattern(rb"\.[\s\\]*import")


class ImportGraph:
    """Which local files import which, told file by file.

    A file that imports another one names the first folder in which their paths differ. So files are put by the first
    part of their paths, and what stands in a part that names none of those asked for is never looked at.
    """

    def __init__(self, locator: ModuleFinder) -> None:
        self._locator = locator
        self._names = locator.names
        self._lines: dict[str, bytes] = {}
        """The import statements of each file."""
        self._waiting: dict[bytes, list[str]] = {}
        """The files whose words are not known yet, by part."""
        self._by_word: dict[bytes, dict[bytes, list[str]]] = {}
        """The files that say a word in an import statement, by word and part."""
        self._learned: set[bytes] = set()
        self._targets: dict[str, set[str]] = {}
        self._importers: dict[str, list[str]] = {}
        self._texts: dict[bytes, bytes] = {}
        self._within_reach: set[bytes] = set()
        self.modal: set[str] = set()
        self.seen: set[str] = set()

    def add(self, path: str, data: bytes) -> None:
        """Note what a file imports."""
        self._add_lines(path, import_lines(data))

    def _add_lines(self, path: str, text: bytes) -> None:
        self._importers.clear()
        self._texts.clear()
        self._within_reach.clear()
        self.seen.add(path)
        if text:
            self._lines[path] = text
            self._waiting.setdefault(_part(path), []).append(path)
            if imports_modal(text):
                self.modal.add(path)

    def with_changes(self, changes: Mapping[str, bytes], locator: ModuleFinder | None = None) -> ImportGraph:
        """Return the graph when the bytes of some files are others; with another ``locator``, there are other files."""
        lines = {path: import_lines(data) for path, data in changes.items()}
        if locator is None and all(path in self.seen and self._means_the_same(path, lines[path]) for path in lines):
            new = copy(self)
            new._lines = {**self._lines, **lines}
            return new
        new = ImportGraph(locator or self._locator)
        if locator is None:
            new._targets = {path: found for path, found in self._targets.items() if path not in lines}
        for path in self.seen | lines.keys() if locator is None else (self.seen | lines.keys()) & locator.paths:
            new._add_lines(path, lines[path] if path in lines else self._lines.get(path, b""))
        return new

    def tells_the_same(self, other: ImportGraph) -> bool:
        """Tell whether another graph, one that came of this by changes, gives the same answers."""
        return other._targets is self._targets

    def _means_the_same(self, path: str, text: bytes) -> bool:
        """Tell whether other import statements of a file import the same of the repository, and Modal as before."""
        if text == self._lines.get(path, b""):
            return True
        return imports_modal(text) == (path in self.modal) and self._local(path, text) == self.imported(path)

    def importers(self, path: str) -> list[str]:
        """Return the files that import the file at ``path``, in order."""
        if path not in self._importers:
            self._importers[path] = self._find_importers(path)
        return self._importers[path]

    def _find_importers(self, path: str) -> list[str]:
        part = _part(path)
        self._learn(part)
        folder, _, name = path.rpartition("/")
        words = [_bytes(name.removesuffix(".py"))]
        if name == "__init__.py":
            words = [_bytes(folder.rpartition("/")[2]), b""]
        parts = {part, *self._by_word.get(part, ())}
        candidates = {
            other
            for by_part in (self._by_word.get(word, {}) for word in words)
            for each in (parts if part else by_part)
            for other in by_part.get(each, ())
        }
        return sorted(other for other in candidates if path in self.imported(other))

    def _learn(self, part: bytes) -> None:
        """Take up the words of the files that may import something of a part, directly or through others."""
        reaching = {part} - self._learned
        while reaching:
            word = reaching.pop()
            self._learned.add(word)
            for path in self._waiting.pop(word, ()):
                self._index(word, path)
            reaching.update(each for each in self._waiting if word in self._text(each))

    def _text(self, part: bytes) -> bytes:
        """Return all import statements of the files of a part whose words are not known yet."""
        if part not in self._texts:
            self._texts[part] = b"\n".join(self._lines[path] for path in self._waiting[part])
        return self._texts[part]

    def _index(self, part: bytes, path: str) -> None:
        text = self._lines[path]
        words = self._names.intersection(_NAME.findall(text))
        for word in (*words, b"") if _FROM_PACKAGE.search(text) else words:
            self._by_word.setdefault(word, {}).setdefault(part, []).append(path)

    def imported(self, path: str) -> set[str]:
        """Return the local files that a file imports."""
        if path not in self._targets:
            self._targets[path] = self._local(path, self._lines.get(path, b""))
        return self._targets[path]

    def _local(self, path: str, text: bytes) -> set[str]:
        names = {name for home, rest in statements(text) for name in dotted_names(home, rest, self._names)}
        found = {self._locator.locate(path, name) for name in names}
        return {target for target in found if target is not None and target != path}

    def may_serve_modal(self, path: str) -> bool:
        """Tell, by the part that it is in, whether one that uses Modal may import a file, directly or through others.

        Nothing is looked for in the files of a part that no other one names.
        """
        if not self._within_reach:
            self._within_reach.update(self._reached_by_modal())
        return _part(path) in self._within_reach

    def _reached_by_modal(self) -> set[bytes]:
        texts: dict[bytes, list[bytes]] = {_part(path): [] for path in self.seen}
        for path, text in self._lines.items():
            texts[_part(path)].append(text)
        waiting = [b"", *map(_part, self.modal)]
        reached = set(waiting)
        while waiting:
            new = _named(b"\n".join(texts.get(waiting.pop(), ())), texts.keys() - reached)
            reached |= new
            waiting += new
        return reached

    def reaching_modal(self) -> set[str]:
        """Return the files that import Modal, themselves or through other local files."""
        return self.dependents(self.modal)

    def dependents(self, paths: Iterable[str]) -> set[str]:
        """Return files together with those that import them, directly or through others."""
        reached, waiting = set(paths), list(paths)
        while waiting:
            new = {other for other in self.importers(waiting.pop()) if other not in reached}
            reached |= new
            waiting += new
        return reached


def _named(text: bytes, names: Set[bytes]) -> Set[bytes]:
    """Return the names that a text may say: all that it says, and where these are few, what is a part of a word too."""
    return {name for name in names if name in text} if len(names) < _FEW else names & set(_NAME.findall(text))


def _part(path: str) -> bytes:
    """Return the first name that an import from another part says; empty for what any file may import without it.

    Imports count from the root and from ``src``.
    """
    first, slash, rest = path.partition("/")
    if first == "src" and slash:
        first = rest.partition("/")[0]
    name = first.removesuffix(".py")
    return b"" if name == "__init__" else _bytes(name)


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
