"""Questions across files: which local module an import means, and what a name imported from it is.

Built once per scan, lazily: a file is read and parsed only when another file asks for it. What is asked on behalf of
each file is noted, so that one tells of which files something has to be worked out again when others change.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Concatenate, ParamSpec, TypeVar, cast

from modal_transforms.analysis.answers import Answers, Question, Reader
from modal_transforms.analysis.elements import hands_on
from modal_transforms.analysis.index import let_go
from modal_transforms.analysis.module import Module, ProjectView, Value, from_modal, merged
from modal_transforms.analysis.parse import ParseFailure
from modal_transforms.analysis.star_words import may_bind, may_hand_on, star_sources
from modal_transforms.core import modal_names
from modal_transforms.core.source import SourceFile, Unreadable

T = TypeVar("T")
P = ParamSpec("P")

Asker = str | Question
"""Whose question it is: a file's, by its path, or that of what makes a fact of the repository and what it is given."""


Noted = set[object]
"""What an asker depends on: a `Question`, another `Asker`, what files there are, or the bytes of one (`_of_bytes`)."""
_WHICH_FILES = "which files there are", ()


def _of_bytes(path: str) -> tuple[None, str]:
    return None, path


class View:
    """What one asker sees of a repository, as its files are at one moment: notes what was asked."""

    def __init__(self, project: Project, noted: Noted) -> None:
        self._project = project
        self._noted = noted

    @property
    def files(self) -> frozenset[str]:
        """The paths of all files of the repository, not only of Python's."""
        self._noted.add(_WHICH_FILES)
        return self._project.answers.files

    def _ask(self, method: Callable[Concatenate[Answers, P], T], *given: P.args, **named: P.kwargs) -> T:
        self._noted.add((method, given))
        return self._project.answers.ask(method, *given, **named)

    def module(self, path: str) -> Module | None:
        """Return a parsed file; ``None`` when it is not there or not readable."""
        self._noted.add(path)
        self._project.asked_for.add(path)
        return self._project.parsed(path)

    def opened(self, source: SourceFile) -> Module | None:
        """Return a file that holds Python beside the modules, parsed; ``None`` when it is not readable."""
        self._noted.add(source.path)
        return self._project.parsed(source.path, source)

    def once(self, make: Callable[Concatenate[ProjectView, P], T], *given: P.args, **named: P.kwargs) -> T:
        """Return what ``make`` gives for this repository: plain data, which is made only the first time."""
        self._noted.add((make, given))
        return self._project.made(make, *given, **named)

    def data(self, path: str) -> bytes | None:
        """Return the bytes of any file of the repository; ``None`` when it is not there."""
        self._noted.add(_of_bytes(path))
        return self._project.answers.bytes_of(path) if path in self._project.answers.files else None

    def holding(self, word: bytes, among: Callable[[str], bool]) -> tuple[str, ...]:
        """Return the files of some kind that hold a text, in order."""
        return self._ask(Answers.holding, word, among)

    def imports(self, path: str) -> set[str]:
        """Return the local files that a file may import, told from its bytes."""
        return self._ask(Answers.imports, path)

    def importers(self, path: str, word: bytes = b"") -> Iterator[Module]:
        """Yield the parsed files that import the file at ``path`` and hold ``word``."""
        return self._parsed(self._ask(Answers.importing, path, word))

    def mentioning(self, name: bytes, beside: bytes = b"") -> Iterator[Module]:
        """Yield the parsed files that hold a name as a word, and the text ``beside`` as well; Modal's only.

        A file that does not reach Modal by its imports is left out: nothing in it can be Modal's.
        """
        return self._parsed(self._ask(Answers.mentioning, name, beside))

    def naming(self, name: bytes) -> tuple[str, ...]:
        """Return the files that hold a name as a word, in order; Modal's only."""
        return self._ask(Answers.mentioning, name, b"")

    def _parsed(self, paths: Iterable[str]) -> Iterator[Module]:
        return filter(None, map(self.module, paths))

    def dependents(self, path: str) -> tuple[str, ...]:
        """Return the other files that import the file at ``path``, directly or through others, in order."""
        return self._ask(Answers.dependents, path)

    def is_imported(self, path: str) -> bool:
        """Tell whether another file imports the file at ``path``."""
        return bool(self._ask(Answers.importing, path, b""))

    def reaches_modal(self, path: str) -> bool:
        """Tell whether a file imports Modal, itself or through other files of the repository."""
        return self._ask(Answers.reaches, path)

    def locate(self, importer: str, dotted: str) -> str | None:
        """Return the file that a dotted module name means in a file; ``None`` when it is not a local one."""
        return self._ask(Answers.locate, importer, dotted)

    def locate_on(self, bases: Sequence[str], dotted: str) -> str | None:
        """Return the file that an absolute dotted name means when these folders are searched, in their order."""
        return self._ask(Answers.locate_on, tuple(bases), dotted)

    def may_be_local(self, dotted: str) -> bool:
        """Tell, by its first part alone, whether a module may be one of the repository's."""
        return self._ask(Answers.may_be_local, dotted)

    def may_borrow(self, module: Module) -> bool:
        """Tell whether a file may import something from another file of the repository."""
        return module.once(self._may_borrow)

    def _may_borrow(self, module: Module) -> bool:
        imports = module.index.imports
        if any(isinstance(node, ast.ImportFrom) and node.level for node in imports):
            return True
        named = (node.module or "" for node in imports if isinstance(node, ast.ImportFrom))
        whole = (alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names)
        return any(map(self.may_be_local, (*named, *whole)))

    def imported(self, importer: str, module: str, attribute: str) -> Value | None:
        """Return what ``from module import attribute`` (or ``import module``) gives in the file ``importer``."""
        path = importer if not module else self.locate(importer, module)
        if path is not None:
            found = self.module(path)
            if found is None:
                return None
            if not attribute:
                return Value("local.module", found)
            value = self._exported(found, attribute)
            if value is not None:
                return value
        submodule = self.locate(importer, f"{module}{'' if module.endswith('.') else '.'}{attribute}")
        below = self.module(submodule) if submodule and attribute and module else None
        return Value("local.module", below) if below is not None else None

    def starred(self, module: Module, name: str) -> Value | None:
        """Return what ``from ... import *`` gives for a name in a file; unsure where a file out of sight may, too."""
        home = self.star_home(module, name)
        if home is None:
            return None
        found, sure = home
        is_bound = name in found.index.module.bindings
        value = self._exported(found, name) if is_bound else from_modal(found, name)
        return value._replace(sure=value.sure and sure) if value is not None else None

    def star_home(self, module: Module, name: str) -> tuple[Module, bool] | None:
        """Return the file that gives a name which a file has by ``import *``, and whether that is sure."""
        return self._star_home(module, name, {module.source.path})

    def _star_home(self, module: Module, name: str, seen: set[str]) -> tuple[Module, bool] | None:
        sure = True
        for binding in reversed(module.index.module.bindings.get("*", [])):
            if binding.module == "modal":
                if name in modal_names.PUBLIC:
                    return module, sure
                continue
            path = self.locate(module.source.path, binding.module)
            found = self.module(path) if path is not None and path not in seen and self.may_give(path, name) else None
            if path is None or found is None:
                sure = sure and path is not None
                continue
            seen.add(path)
            scope = found.index.module
            home = self._star_home(found, name, seen) if name not in scope.bindings else (found, True)
            if home is not None and hands_on(scope, name):
                return home[0], home[1] and sure
        return None

    def may_give(self, path: str, name: str) -> bool:
        """Tell from bytes, nothing parsed, whether ``import *`` of a file may give a name; also by those in it."""
        waiting, seen = [path], {path}
        while waiting:
            here = waiting.pop()
            data = self.data(here) or b""
            if not may_hand_on(data, name):
                continue
            sources = star_sources(data)
            if sources is None or may_bind(data, name) or ("modal" in sources and name in modal_names.PUBLIC):
                return True
            there = {each for dotted in sources if (each := self.locate(here, dotted))} - seen
            seen |= there
            waiting += there
        return False

    def _exported(self, module: Module, name: str) -> Value | None:
        bindings = module.index.module.bindings.get(name, [])
        if not bindings:
            return module.from_star(name)
        known = [value for value in map(module.resolve_binding, bindings) if value is not None]
        return merged(known[0], known[1:]) if len({value.symbol for value in known}) == 1 else None


class Project(View):
    """The Python files of one repository, as importable modules, as they are at one moment.

    ``paths`` are relative to the root, with ``/``; those of other files tell what lies beside the Python ones.
    ``folder`` is the root's name: what it is imported by where it is a package itself.
    """

    def __init__(self, paths: Iterable[str], read: Reader, folder: str = "") -> None:
        super().__init__(self, set())
        self.answers = Answers(frozenset(paths), read, folder)
        self._modules: dict[str, Module | None] = {}
        self.asked_for: set[str] = set()
        """The files of which a parsed one was asked for on behalf of an asker, so that others may hold parts of it."""
        self._made: dict[Asker, object] = {}
        self._askers: dict[Asker, Noted] = {}

    @property
    def paths(self) -> frozenset[str]:
        """The paths of the Python files."""
        return self.answers.paths

    def view(self, asker: Asker) -> View:
        """Return what one asker sees of the repository."""
        return View(self, self._askers.setdefault(asker, set()))

    def adopt(self, module: Module) -> None:
        """Take over a file that is parsed already."""
        self._modules[module.source.path] = module

    def parsed(self, path: str, source: SourceFile | None = None) -> Module | None:
        """Return a parsed file, a Python module when no ``source`` is given; ``None`` when it is not readable."""
        if path not in self._modules and (source is not None or path in self.paths):
            self._modules[path] = None
            data = self.answers.bytes_of(path) if source is None else source.raw
            if data is not None:
                with contextlib.suppress(ParseFailure, Unreadable):
                    self._modules[path] = Module(source or SourceFile(path, data), self.view(path))
        return self._modules.get(path)

    def let_go(self, path: str) -> None:
        """Forget a parsed file that no asker has to do with: it takes fifty times as much as its text."""
        module = self._modules.pop(path, None) if path not in self.asked_for else None
        if module is not None:
            module.forget()
            let_go(module.index)

    def made(self, make: Callable[Concatenate[ProjectView, P], T], *given: P.args, **_: P.kwargs) -> T:
        """Return what ``make`` gives for this repository."""
        if (make, given) not in self._made:
            self._made[make, given] = make(self.view((make, given)), *given)  # type: ignore[call-arg]  # there are no others
        return cast(T, self._made[make, given])

    def with_changes(
        self, changes: Mapping[str, bytes | None], files: Iterable[str] | None = None
    ) -> tuple[Project, Set[Asker]]:
        """Return the project when some files have other bytes, and the askers that may learn otherwise then.

        ``files`` are those that there are then, where these are others; those that came or went are among the changes.
        What both projects have in common is shared.
        """
        new = Project((), self.answers.reader)
        new.answers, moved = self.answers.with_changes(changes, None if files is None else frozenset(files))
        causes: set[object] = {*moved, *map(_of_bytes, changes)}
        if files is not None:
            causes |= {_WHICH_FILES, *(self.answers.files ^ new.answers.files)}
        doubtful, same = self._doubtful(new, changes.keys(), causes)
        for asker, noted in self._askers.items():
            if asker not in doubtful and asker not in same:
                new._askers[asker] = noted | new._askers.get(asker, set())
                if asker in self._made:
                    new._made.setdefault(asker, self._made[asker])
        return new, doubtful

    def _doubtful(self, new: Project, changed: Set[str], causes: Set[object]) -> tuple[set[Asker], set[Asker]]:
        """Return the askers that a change may make a difference to, and what was made anew and came out the same."""
        doubtful: set[Asker] = set()
        same: set[Asker] = set()
        waiting = {each for each, noted in self._askers.items() if each in changed or not noted.isdisjoint(causes)}
        while waiting:
            same |= {each for each in waiting if not isinstance(each, str) and self._is_same(new, *each)}
            doubtful |= waiting - same
            rest = self._askers.keys() - doubtful - same
            waiting = {each for each in rest if not self._askers[each].isdisjoint(doubtful)}
        return doubtful, same

    def _is_same(self, new: Project, make: Callable[..., object], given: tuple[object, ...]) -> bool:
        return (make, given) in self._made and new.made(make, *given) == self._made[make, given]
