"""Which local file an import means, and which files import which: told from their bytes, without parsing."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

_IMPORT = re.compile(rb"import(?!\w)[ \t]*(\([^)]*\)|[^\n;#]*)")
_FROM = re.compile(rb"(?:^|[\s:;])from[ \t\f\\\r\n]*([\w.]+)[ \t\f\\\r\n]*$")
_NAME = re.compile(rb"\w+")
_IS_MODAL = re.compile(rb"(?:^|,)\s*modal(?!\w)")
_CONTINUED = b"\\"


def statements(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield what import statements name: the module after ``from`` (empty without one), and the rest.

    Comments and strings that look like a statement are yielded as well.
    """
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for match in _IMPORT.finditer(data):
        at = match.start()
        line = data.rfind(b"\n", 0, at)
        while line > 0 and data.endswith(_CONTINUED, 0, line):
            line = data.rfind(b"\n", 0, line)
        before, names = data[line + 1 : at], match[1]
        if names.endswith(_CONTINUED):
            names = _continued(data, match.start(1))
        home = _FROM.search(before)
        if home is not None:
            yield home[1], names
        elif not before or not before[-1:].isalnum():
            yield b"", names


def _continued(data: bytes, start: int) -> bytes:
    end = data.find(b"\n", start)
    while end > 0 and data.endswith(_CONTINUED, start, end):
        end = data.find(b"\n", end + 1)
    return data[start : end if end > 0 else len(data)].replace(b"\\", b" ")


def imports_modal(data: bytes) -> bool:
    """Tell whether a file may import Modal's package."""
    if b"modal" not in data:
        return False
    for home, names in statements(data):
        if home.partition(b".")[0] == b"modal" or (not home and _IS_MODAL.search(names)):
            return True
    return False


class Locator:
    """Finds local modules by dotted name; remembers what it found."""

    def __init__(self, paths: frozenset[str]) -> None:
        self._paths = paths
        parts = {part.removesuffix(".py") for path in paths for part in path.split("/")}
        self._names = frozenset(parts)
        self.names = frozenset(part.encode("utf-8", "surrogateescape") for part in parts) | {b""}
        """Every name that a local module, or a folder of one, has; the empty one is that of ``from . import``."""
        self._found: dict[tuple[str, str], str | None] = {}

    def may_be_local(self, dotted: str) -> bool:
        """Tell, by its first part alone, whether a module may be one of the repository's."""
        relative = dotted.lstrip(".")
        return not relative or relative.partition(".")[0] in self._names

    def locate(self, importer: str, dotted: str) -> str | None:
        """Return the file that a dotted module name means in a file; ``None`` when it is not a local one.

        Absolute names are tried beside the importer (a script's own folder), then in each folder above it, then in
        ``src``; relative ones in the importer's package.
        """
        if not self.may_be_local(dotted):
            return None
        key = posixpath.dirname(importer), dotted
        if key not in self._found:
            self._found[key] = self._search(*key)
        return self._found[key]

    def _search(self, folder: str, dotted: str) -> str | None:
        level = len(dotted) - len(dotted.lstrip("."))
        relative = dotted[level:].replace(".", "/")
        if level:
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            return self._file(posixpath.join(folder, relative).rstrip("/"))
        bases = [*_upwards(folder), "src"]
        return next(filter(None, (self._file(posixpath.join(base, relative)) for base in bases)), None)

    def _file(self, stem: str) -> str | None:
        candidates = f"{stem}.py", posixpath.join(stem, "__init__.py")
        return next((path for path in candidates if path in self._paths), None)


def _upwards(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


class Imports:
    """Which local files import which, told file by file.

    What a statement means is looked up only when somebody asks for the importers of a file whose name it has.
    """

    def __init__(self, locator: Locator) -> None:
        self._locator = locator
        self._names = locator.names
        self._statements: dict[str, list[tuple[bytes, bytes]]] = {}
        self._by_word: dict[bytes, list[str]] = {}
        self._targets: dict[str, set[str]] = {}
        self.modal: set[str] = set()
        self.seen: set[str] = set()

    def add(self, path: str, data: bytes) -> None:
        """Note what a file imports."""
        self.seen.add(path)
        kept: list[tuple[bytes, bytes]] = []
        words: set[bytes] = set()
        for home, rest in statements(data):
            if home:
                first = home.partition(b".")[0]
                if first == b"modal":
                    self.modal.add(path)
                if first and first not in self._names:
                    continue
                words.add(home.rpartition(b".")[2])
            elif _IS_MODAL.search(rest):
                self.modal.add(path)
            kept.append((home, rest))
            words.update(_NAME.findall(rest))
        if kept:
            self._statements[path] = kept
            for word in words & self._names:
                self._by_word.setdefault(word, []).append(path)

    def _imported(self, path: str) -> set[str]:
        """Return the local files that a file imports."""
        if path not in self._targets:
            names = {name for home, rest in self._statements[path] for name in self._dotted(home, rest)}
            found = {self._locator.locate(path, name) for name in names}
            self._targets[path] = {target for target in found if target is not None and target != path}
        return self._targets[path]

    def _dotted(self, home: bytes, rest: bytes) -> Iterator[str]:
        """Yield the dotted names of modules that an import statement may mean, as far as they may be local."""
        if not home:
            for part in rest.split(b","):
                yield from part.decode("utf-8", "replace").split()[:1]
            return
        module = home.decode("utf-8", "replace")
        yield module
        joint = "" if module.endswith(".") else "."
        names = (name.decode("utf-8", "replace") for name in _NAME.findall(rest) if name in self._names)
        yield from (f"{module}{joint}{name}" for name in names)

    def importers(self, path: str) -> list[str]:
        """Return the files that import the file at ``path``, in order."""
        folder, _, name = path.rpartition("/")
        words = [name.removesuffix(".py").encode("utf-8", "surrogateescape")]
        if name == "__init__.py":
            words = [folder.rpartition("/")[2].encode("utf-8", "surrogateescape"), b""]
        candidates = {other for word in words for other in self._by_word.get(word, ())}
        return sorted(other for other in candidates if path in self._imported(other))

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
