"""What the bytes and the imports of all files of a repository tell, at one moment and after some of them changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Concatenate, ParamSpec, TypeVar, cast

from modal_transforms.analysis.import_graph import ImportGraph
from modal_transforms.analysis.import_scan import ModuleFinder
from modal_transforms.analysis.words import WordIndex
from modal_transforms.core.patterns import literal

T = TypeVar("T")
P = ParamSpec("P")

Reader = Callable[[str], bytes | None]
"""Gives the bytes of a file by its path relative to the root, or ``None``."""
Question = tuple[Callable[..., object], tuple[object, ...]]
"""A method of `Answers`, and what it is given."""


class Answers:
    """What the bytes and the imports of all files tell at one moment; never changes."""

    def __init__(self, files: frozenset[str], read: Reader, folder: str = "") -> None:
        self.files = files
        self._folder = folder
        self.paths = frozenset(path for path in files if path.endswith(".py"))
        package = folder.replace("-", "_")
        is_package = "__init__.py" in files and package.isidentifier()
        self.locator = ModuleFinder(self.paths, package if is_package else "")
        self.graph = ImportGraph(self.locator)
        self.kept: dict[str, bytes | None] = {}
        """The bytes that are not read again."""
        self._sought: dict[bytes, dict[str, bool]] = {}
        """Whether files hold a text that was looked for when they were read for something else."""
        self.reader = read
        self._words: WordIndex | None = None
        self._known: dict[Question, object] = {}

    def ask(self, method: Callable[Concatenate[Answers, P], T], *given: P.args, **_: P.kwargs) -> T:
        """Return what a method gives, worked out the first time."""
        if (method, given) not in self._known:
            self._known[method, given] = method(self, *given)  # type: ignore[call-arg]  # there are no others
        return cast(T, self._known[method, given])

    def bytes_of(self, path: str) -> bytes | None:
        """Return the bytes of a file; ``None`` when it is not there."""
        return self.kept[path] if path in self.kept else self.reader(path)

    def is_known(self, path: str, data: bytes | None) -> bool:
        """Tell whether these are the bytes that a file is known to have."""
        return path in self.kept and self.kept[path] == data

    def note(self, path: str, data: bytes) -> None:
        """Take note of what a Python file imports, so that it need not be read again for it."""
        if path not in self.graph.seen:
            self.graph.add(path, data)

    def seek(self, text: bytes) -> None:
        """Have a text looked for in the files that are read from now on: it may be asked for."""
        self._sought.setdefault(text, {})

    def look_through(self, path: str, data: bytes) -> None:
        """Note which of the texts that are sought a file holds."""
        for text, held in self._sought.items():
            held[path] = literal(text).search(data) is not None

    def note_all(self) -> None:
        """Take note of what all Python files import."""
        if len(self.graph.seen) < len(self.paths):
            for path in sorted(self.paths - self.graph.seen):
                self.note(path, self.bytes_of(path) or b"")

    def imports(self, path: str) -> set[str]:
        """Return the local files that a file may import, told from its bytes."""
        if path in self.paths and path not in self.graph.seen:
            self.note(path, self.bytes_of(path) or b"")
        return self.graph.imported(path)

    def importing(self, path: str, word: bytes) -> tuple[str, ...]:
        """Return the files that import the file at ``path`` and hold ``word``."""
        self.note_all()
        return tuple(o for o in self.graph.importers(path) if not word or word in (self.bytes_of(o) or b""))

    def dependents(self, path: str) -> tuple[str, ...]:
        """Return the other files that import the file at ``path``, directly or through others, in order."""
        self.note_all()
        return tuple(sorted(self.graph.dependents([path]) - {path}))

    def reaching(self) -> frozenset[str]:
        """Return the files that import Modal, themselves or through other files of the repository."""
        self.note_all()
        return frozenset(self.graph.reaching_modal())

    def reaches(self, path: str) -> bool:
        """Tell whether a file imports Modal, itself or through other files of the repository."""
        return path in self.ask(Answers.reaching)

    def mentioning(self, name: bytes, beside: bytes) -> tuple[str, ...]:
        """Return the files that reach Modal, hold a name as a word, and the text ``beside`` as well."""
        if self._words is None:
            self._words = WordIndex(self.ask(Answers.reaching), self.bytes_of)
        return self._words.mentioning(name, beside)

    def holding(self, word: bytes, among: Callable[[str], bool]) -> tuple[str, ...]:
        """Return the files of some kind that hold a text, in order."""
        return tuple(path for path in sorted(filter(among, self.files)) if self._holds(path, word))

    def _holds(self, path: str, word: bytes) -> bool:
        held = self._sought.get(word, {}).get(path)
        return word in (self.bytes_of(path) or b"") if held is None else held

    def locate(self, importer: str, dotted: str) -> str | None:
        """Return the file that a dotted module name means in a file; ``None`` when it is not a local one."""
        return self.locator.locate(importer, dotted)

    def locate_on(self, bases: tuple[str, ...], dotted: str) -> str | None:
        """Return the file that an absolute dotted name means when these folders are searched, in their order."""
        return self.locator.locate_on(bases, dotted)

    def may_be_local(self, dotted: str) -> bool:
        """Tell, by its first part alone, whether a module may be one of the repository's."""
        return self.locator.may_be_local(dotted)

    def with_changes(
        self, changes: Mapping[str, bytes | None], files: frozenset[str] | None = None
    ) -> tuple[Answers, frozenset[Question]]:
        """Return the answers when the bytes of some files are others, and the questions that have other answers then.

        ``files`` are those that there are then, where these are others; those that came or went are among the changes.
        """
        new = Answers(self.files if files is None else files, self.reader, self._folder)
        new.kept = {**self.kept, **changes}
        python = {path: data or b"" for path, data in changes.items() if path in new.paths}
        for path in python.keys() & self.paths:
            self.note(path, self.bytes_of(path) or b"")
        if new.paths == self.paths:
            new.locator, new.graph = self.locator, self.graph.with_changes(python)
        else:
            new.graph = self.graph.with_changes(python, new.locator)
        before = dict(self._known)
        new._known.update(self._still(new, before, changes))
        if self._words is not None:
            new._words = self._words.with_changes(changes, new.ask(Answers.reaching), new.bytes_of)
        return new, frozenset(each for each, answer in before.items() if new.ask(each[0], *each[1]) != answer)

    def _still(
        self, new: Answers, before: Mapping[Question, object], changes: Mapping[str, bytes | None]
    ) -> Iterator[tuple[Question, object]]:
        """Yield the answers that are told without asking again."""
        changed = frozenset(changes)
        for (method, given), answer in before.items():
            if method is Answers.holding:
                word, among = cast("tuple[bytes, Callable[[str], bool]]", given)
                now = {path for path in filter(among, changed & new.files) if new._holds(path, word)}
                yield (method, given), tuple(sorted((set(cast("tuple[str, ...]", answer)) - changed) | now))
            elif method in {Answers.locate, Answers.locate_on, Answers.may_be_local}:
                if new.locator is self.locator:
                    yield (method, given), answer
            elif not self.graph.tells_the_same(new.graph) or method is Answers.mentioning:
                continue
            elif method is not Answers.importing or changed.isdisjoint(self.graph.importers(str(given[0]))):
                yield (method, given), answer
