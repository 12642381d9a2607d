"""Which local file an import means, and which files import which: told from their bytes, without parsing."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator

_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b[ \t]*(\([^)]*\)|[^\n]*)|import[ \t]+([^\n#;]+))", re.MULTILINE
)
_NAME = re.compile(rb"\w+")


class Locator:
    """Finds local modules by dotted name; remembers what it found."""

    def __init__(self, paths: frozenset[str]) -> None:
        self._paths = paths
        parts = {part.removesuffix(".py") for path in paths for part in path.split("/")}
        self._names = frozenset(parts)
        self._found: dict[tuple[str, str], str | None] = {}

    def locate(self, importer: str, dotted: str) -> str | None:
        """Return the file that a dotted module name means in a file; ``None`` when it is not a local one.

        Absolute names are tried beside the importer (a script's own folder), then in each folder above it, then in
        ``src``; relative ones in the importer's package.
        """
        relative = dotted.lstrip(".")
        if relative.partition(".")[0] not in self._names and relative:
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


def importers(
    paths: Iterable[str], read: Callable[[str], bytes | None], locate: Callable[[str, str], str | None]
) -> dict[str, list[str]]:
    """Return, for each local file that is imported, the files that import it, in order."""
    found: dict[str, list[str]] = {}
    for path in sorted(paths):
        names = {name for match in _IMPORT.finditer(read(path) or b"") for name in _dotted(match)}
        for target in {locate(path, name) for name in names} - {None, path}:
            assert target is not None
            found.setdefault(target, []).append(path)
    return found


def _dotted(match: re.Match[bytes]) -> Iterator[str]:
    """Yield the dotted names of modules that an import statement may mean."""
    home, names, plain = match.groups()
    if plain is not None:
        for part in plain.decode("utf-8", "replace").split(","):
            yield from part.split()[:1]
        return
    module = home.decode("utf-8", "replace")
    yield module
    joint = "" if module.endswith(".") else "."
    yield from (f"{module}{joint}{name.decode('utf-8', 'replace')}" for name in _NAME.findall(names))
