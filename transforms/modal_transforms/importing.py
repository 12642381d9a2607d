"""Which local file an import means, and which files import which: told from their bytes, without parsing."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

_IMPORT = re.compile(rb"import(?!\w)[ \t]*(\([^)]*\)|[^\n;#]*)")
_FROM = re.compile(rb"(?:^|[\s:;])from[ \t\f\\\r\n]*([\w.]+)[ \t\f\\\r\n]*$")
_NAME = re.compile(rb"\w+")
_CONTINUED = (b"\\", b"\\\r")


def statements(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield what import statements name: the module after ``from`` (empty without one), and the rest.

    Comments and strings that look like a statement are yielded as well.
    """
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
        modules = [home] if home else [part.strip() for part in names.split(b",")]
        if any(re.match(rb"modal(?!\w)", module) for module in modules):
            return True
    return False


class Locator:
    """Finds local modules by dotted name; remembers what it found."""

    def __init__(self, paths: frozenset[str]) -> None:
        self._paths = paths
        parts = {part.removesuffix(".py") for path in paths for part in path.split("/")}
        self._names = frozenset(parts)
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
    """Which local files import which, told file by file."""

    def __init__(self, locator: Locator) -> None:
        self._locator = locator
        self._importers: dict[str, set[str]] = {}
        self._modal: set[str] = set()
        self.seen: set[str] = set()

    def add(self, path: str, data: bytes) -> None:
        """Note what a file imports."""
        self.seen.add(path)
        for target in self._targets(path, data):
            self._importers.setdefault(target, set()).add(path)
        if imports_modal(data):
            self._modal.add(path)

    def _targets(self, path: str, data: bytes) -> set[str]:
        names = {name for home, rest in statements(data) for name in self._dotted(home, rest)}
        found = {self._locator.locate(path, name) for name in names}
        return {target for target in found if target is not None and target != path}

    def _dotted(self, home: bytes, rest: bytes) -> Iterator[str]:
        """Yield the dotted names of modules that an import statement may mean, as far as they may be local."""
        if not home:
            for part in rest.split(b","):
                yield from part.decode("utf-8", "replace").split()[:1]
        elif self._locator.may_be_local(module := home.decode("utf-8", "replace")):
            yield module
            joint = "" if module.endswith(".") else "."
            names = (name.decode("utf-8", "replace") for name in _NAME.findall(rest))
            yield from (f"{module}{joint}{name}" for name in names if self._locator.may_be_local(name))

    def importers(self, path: str) -> list[str]:
        """Return the files that import the file at ``path``, in order."""
        return sorted(self._importers.get(path, ()))

    def reaching_modal(self) -> set[str]:
        """Return the files that import Modal, themselves or through other local files."""
        return self.dependents(self._modal)

    def dependents(self, paths: Iterable[str]) -> set[str]:
        """Return files together with those that import them, directly or through others."""
        reached, waiting = set(paths), list(paths)
        while waiting:
            new = self._importers.get(waiting.pop(), set()) - reached
            reached |= new
            waiting += new
        return reached
