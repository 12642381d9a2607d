"""Questions across files: which local module an import means, and what a name imported from it is.

Built once per scan, lazily: a file is read and parsed only when another file imports from it.
"""

from __future__ import annotations

import ast
import contextlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from modal_transforms.analysis.import_graph import ImportGraph
from modal_transforms.analysis.import_scan import ModuleFinder
from modal_transforms.analysis.index import Scope
from modal_transforms.analysis.module import Module, ProjectView, Value, merged
from modal_transforms.analysis.parse import ParseFailure
from modal_transforms.core.source import SourceFile, Unreadable

_WORD = re.compile(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*")

T = TypeVar("T")

Reader = Callable[[str], bytes | None]
"""Gives the bytes of a file by its path relative to the root, or ``None``."""


class Project:
    """The Python files of one repository, as importable modules.

    ``paths`` are relative to the root, with ``/``; those of other files tell what lies beside the Python ones.
    """

    def __init__(self, paths: Iterable[str], read: Reader) -> None:
        self.files = frozenset(paths)
        self.paths = frozenset(path for path in self.files if path.endswith(".py"))
        self._read = read
        self._locator = ModuleFinder(self.paths)
        self._imports = ImportGraph(self._locator)
        self._reaching: set[str] | None = None
        self._words: dict[bytes, list[str]] | None = None
        self._holding: dict[bytes, set[str]] = {}
        self._borrowing: dict[Module, bool] = {}
        self._modules: dict[str, Module | None] = {}
        self._kept: dict[str, bytes] = {}
        self._made: dict[object, object] = {}

    def adopt(self, module: Module) -> None:
        """Take over a file that is parsed already."""
        self._modules[module.source.path] = module

    def module(self, path: str) -> Module | None:
        """Return a parsed file; ``None`` when it is not there or not readable."""
        if path not in self._modules:
            self._modules[path] = None
            data = self._bytes(path) if path in self.paths else None
            if data is not None:
                with contextlib.suppress(ParseFailure, Unreadable):
                    self._modules[path] = Module(SourceFile(path, data), self)
        return self._modules[path]

    def once(self, make: Callable[[ProjectView], T]) -> T:
        """Return what ``make`` gives for this repository; it is asked only the first time."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]  # type: ignore[return-value]  # stored two lines above, under the same key

    def data(self, path: str) -> bytes | None:
        """Return the bytes of any file of the repository; ``None`` when it is not there."""
        return self._bytes(path) if path in self.files else None

    def keep(self, path: str, data: bytes) -> None:
        """Keep the bytes of a file that is sure to be asked for again."""
        self._kept[path] = data

    def _bytes(self, path: str) -> bytes | None:
        kept = self._kept.get(path)
        return self._read(path) if kept is None else kept

    def note(self, path: str, data: bytes) -> None:
        """Take note of what a Python file imports, so that it need not be read again for it."""
        if path not in self._imports.seen:
            self._imports.add(path, data)

    def imports(self, path: str) -> set[str]:
        """Return the local files that a file may import, told from its bytes."""
        if path not in self._imports.seen and path in self.paths:
            self.note(path, self._read(path) or b"")
        return self._imports.imported(path)

    def importers(self, path: str, word: bytes = b"") -> Iterator[Module]:
        """Yield the parsed files that import the file at ``path`` and hold ``word``."""
        self._note_all()
        for other in self._imports.importers(path):
            if word and word not in (self._bytes(other) or b""):
                continue
            module = self.module(other)
            if module is not None:
                yield module

    def dependents(self, path: str) -> tuple[str, ...]:
        """Return the other files that import the file at ``path``, directly or through others, in order."""
        self._note_all()
        return tuple(sorted(self._imports.dependents([path]) - {path}))

    def is_imported(self, path: str) -> bool:
        """Tell whether another file imports the file at ``path``."""
        self._note_all()
        return bool(self._imports.importers(path))

    def imports_modal(self, path: str) -> bool:
        """Tell whether a file of which note was taken imports Modal itself."""
        return path in self._imports.modal

    def reaches_modal(self, path: str) -> bool:
        """Tell whether a file imports Modal, itself or through other files of the repository."""
        return path in self._all_reaching()

    def _all_reaching(self) -> set[str]:
        if self._reaching is None:
            self._note_all()
            self._reaching = self._imports.reaching_modal()
        return self._reaching

    def _note_all(self) -> None:
        if len(self._imports.seen) < len(self.paths):
            for path in sorted(self.paths - self._imports.seen):
                self.note(path, self._read(path) or b"")

    def mentioning(self, name: bytes, beside: bytes = b"") -> Iterator[Module]:
        """Yield the parsed files that hold a name as a word, and the text ``beside`` as well; Modal's only.

        A file that does not reach Modal by its imports is left out: nothing in it can be Modal's.
        """
        if self._words is None:
            self._words = self._all_words()
        if beside not in self._holding:
            self._holding[beside] = {path for path in self._all_reaching() if beside in (self._bytes(path) or b"")}
        for path in self._words.get(name, ()):
            module = self.module(path) if path in self._holding[beside] else None
            if module is not None:
                yield module

    def _all_words(self) -> dict[bytes, list[str]]:
        words: defaultdict[bytes, list[str]] = defaultdict(list)
        for path in sorted(self._all_reaching()):
            for word in set(_WORD.findall(self._bytes(path) or b"")):
                words[word].append(path)
        return words

    def locate(self, importer: str, dotted: str) -> str | None:
        """Return the file that a dotted module name means in a file; ``None`` when it is not a local one."""
        return self._locator.locate(importer, dotted)

    def locate_on(self, bases: Sequence[str], dotted: str) -> str | None:
        """Return the file that an absolute dotted name means when these folders are searched, in their order."""
        return self._locator.locate_on(bases, dotted)

    def may_borrow(self, module: Module) -> bool:
        """Tell whether a file may import something from another file of the repository."""
        if module not in self._borrowing:
            self._borrowing[module] = self._may_borrow(module)
        return self._borrowing[module]

    def _may_borrow(self, module: Module) -> bool:
        imports = module.index.imports
        if any(isinstance(node, ast.ImportFrom) and node.level for node in imports):
            return True
        named = (node.module or "" for node in imports if isinstance(node, ast.ImportFrom))
        whole = (alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names)
        return any(self._locator.may_be_local(name) for name in (*named, *whole))

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

    def _exported(self, module: Module, name: str) -> Value | None:
        scope: Scope = module.index.module
        bindings = scope.bindings.get(name, [])
        values = [module.resolve_binding(binding) for binding in bindings]
        known = [value for value in values if value is not None]
        if not known or len({value.symbol for value in known}) > 1:
            return None
        return merged(known[0], known[1:])
