"""Which local file an import means, and which files import which: told from their bytes, without parsing."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence, Set

from modal_transforms.core.patterns import pattern

_IMPORT = pattern(rb"import(?!\w)[ \t]*(\([^)]*\)|[^\n;#]*)")
_IMPORT_LINE = pattern(rb"import(?!\w)[ \t]*([^\n;#]*)")
_WORD = pattern(rb"import(?!\w)")
_GAP = rb"[ \t\f\\\r\n]*"
_FROM = pattern(rb"(?:^|[\s:;])fromG((?:\.G){0,30}(?:\w+(?:G\.G\w+){0,30})?)G$".replace(b"G", _GAP))
_NAME = pattern(rb"\w+")
_IS_MODAL = pattern(rb"(?:^|,)\s*modal(?!\w)")
_CONTINUED = b"\\"
_BACKSLASH = ord("\\")
ROOT = "."
"""The repository's own folder, where that is a package."""


def statements(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield what import statements name: the module after ``from`` (empty without one), and the rest.

    Comments and strings that look like a statement are yielded as well.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    last_bracket = data.rfind(b")")
    before_at = start = 0
    match = (_IMPORT if last_bracket > 0 else _IMPORT_LINE).search(data)
    while match:
        at = match.start()
        start = _logical_start(data, at, before_at, start)
        before, names = data[max(start, before_at) : at], match[1]
        before_at = at + len(b"import")
        if names.endswith(_CONTINUED):
            names = _continued(data, match.start(1), match.end())
        match = (_IMPORT if last_bracket >= match.end() else _IMPORT_LINE).search(data, match.end())
        home = _FROM.search(before)
        if home is not None:
            yield b"".join(home[1].replace(b"\\", b" ").split()), names
        elif not before or not before[-1:].isalnum():
            yield b"", names


def import_lines(data: bytes) -> bytes:
    """Return the lines of a file that its import statements are in: `statements` gives the same for them alone."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    found: list[bytes] = []
    last_bracket = data.rfind(b")")
    at = data.find(b"import")
    while at >= 0:
        start, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
        line = data[start:end]
        if end < 0 or b"(" in line or line[-1] == _BACKSLASH or (start and data[start - 2] == _BACKSLASH):
            start, end = logical_line(data, at, last_bracket)
            line = data[start:end]
        found.append(line)
        at = data.find(b"import", end)
    return b"\n".join(found)


def logical_line(data: bytes, at: int, last_bracket: int) -> tuple[int, int]:
    """Return where the line begins that an ``import`` at an offset is in, and where what continues it ends."""
    return _first(data, at), _end(data, at, last_bracket)


def dotted_names(home: bytes, rest: bytes, names: Set[bytes] | None = None) -> Iterator[str]:
    """Yield the dotted names of modules that an import statement may mean.

    ``names`` are all that a local module, or a folder of one, has: with them, only what may be local.
    """
    if not home:
        for part in rest.split(b","):
            yield from part.decode("utf-8", "replace").split()[:1]
        return
    first = home.partition(b".")[0]
    if first and names is not None and first not in names:
        return
    module = home.decode("utf-8", "replace")
    yield module
    joint = "" if module.endswith(".") else "."
    found = (name.decode("utf-8", "replace") for name in _NAME.findall(rest) if names is None or name in names)
    yield from (f"{module}{joint}{name}" for name in found)


def _first(data: bytes, at: int) -> int:
    """Return where the line of an offset begins, or the one that it continues."""
    return _logical_start(data, at, 0, 0)


def _logical_start(data: bytes, at: int, known_at: int, known: int) -> int:
    """Return where the line of an offset begins, or the one that it continues.

    ``known`` is what that was for ``known_at``, an offset before: nothing before that is looked at again.
    """
    end = data.rfind(b"\n", known_at, at)
    while end > 0 and data.endswith(_CONTINUED, 0, end):
        end = data.rfind(b"\n", known_at, end)
    return end + 1 if end >= 0 else known


def _end(data: bytes, at: int, last_bracket: int) -> int:
    """Return where the line of an ``import`` ends, or that of the bracket that closes what it names."""
    end = data.find(b"\n", at)
    if 0 < end < last_bracket and data.find(b"(", at, end) > 0 > data.find(b")", at, end):
        end = data.find(b"\n", data.find(b")", at))
    while end > 0 and data.endswith(_CONTINUED, at, end):
        end = data.find(b"\n", end + 1)
    return end if end > 0 else len(data)


def _continued(data: bytes, start: int, at: int) -> bytes:
    """Return what an import names on its line and on those that continue it, before another import at the latest."""
    following = _WORD.search(data, at)
    stop = following.start() if following else len(data)
    end = data.find(b"\n", start, stop)
    while end > 0 and data.endswith(_CONTINUED, start, end):
        end = data.find(b"\n", end + 1, stop)
    return data[start : end if end > 0 else stop].replace(b"\\", b" ")


def imports_modal(data: bytes) -> bool:
    """Tell whether a file may import Modal's package."""
    if b"modal" not in data:
        return False
    for home, names in statements(data):
        if home.partition(b".")[0] == b"modal" or (not home and _IS_MODAL.search(names)):
            return True
    return False


def package_path(package: str) -> tuple[str, ...]:
    """Return where absolute names of a part of a package are looked for: above its outermost folder, and in ``src``.

    Above a repository that is a package itself nothing of it can be found but that package, by its name.
    """
    if package == ROOT:
        return ("src",)
    return tuple(folder for folder in script_path(posixpath.dirname(package)) if folder != package)


class ModuleFinder:
    """Finds local modules by dotted name; remembers what it found.

    ``package`` is the name of the package that the repository's own folder is, empty when it is none.
    """

    def __init__(self, paths: frozenset[str], package: str = "") -> None:
        self.paths = paths
        self._package = package
        parts = {part.removesuffix(".py") for path in paths for part in path.split("/")} | ({package} - {""})
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
        ``src``; those of a part of a package first where Python looks for them, above its outermost folder. Relative
        ones are tried in the importer's package.
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
        outermost = folder
        while outermost and posixpath.join(outermost, "__init__.py") in self.paths:
            outermost = posixpath.dirname(outermost)
        first = script_path(outermost) if outermost != folder else ()
        return self.locate_on((*first, *script_path(folder)), dotted)

    def locate_on(self, bases: Sequence[str], dotted: str) -> str | None:
        """Return the file that an absolute dotted name means when these folders are searched, in their order."""
        relative = dotted.replace(".", "/")
        found = next(filter(None, (self._file(posixpath.join(base, relative)) for base in bases)), None)
        if found is None and self._package and relative.partition("/")[0] == self._package:
            return self._file(relative.partition("/")[2])
        return found

    def _file(self, stem: str) -> str | None:
        candidates = f"{stem}.py", posixpath.join(stem, "__init__.py")
        return next((path for path in candidates if path in self.paths), None)


def script_path(folder: str) -> tuple[str, ...]:
    """Return where absolute names of a script are looked for: beside it, in each folder above, and in ``src``."""
    above = [folder] if folder else []
    while folder:
        folder = posixpath.dirname(folder)
        above.append(folder)
    return (*(above or [""]), "src")
