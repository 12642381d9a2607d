"""A copy of one state of the repository, and what to ask about a module of it."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from modal_transforms.core.patterns import pattern
from modal_wizard.verify.result import RepositoryState

_RELATIVE = pattern(rb"^[ \t]*from[ \t]*\.", re.MULTILINE)
_OF_SOURCE = pattern(rb"^[ \t]*(?:from|import)[ \t]+src\b", re.MULTILINE)


class Tree:
    """A copy of one state of the repository, in a folder that may be written and is thrown away."""

    def __init__(self, state: RepositoryState, root: Path, paths: Sequence[str]) -> None:
        """Take a folder with the files ``paths``, relative to it and with ``/``."""
        self.state = state
        self.root = root
        self._copied = time.time()
        self._paths = frozenset(paths)
        self._own = sorted(_top_level_names(paths))
        # a folder that is no package holds what installing the repository makes importable
        self._has_source_folder = "src" in self._own and "src/__init__.py" not in self._paths

    def question(self, module: str, seconds: int) -> Mapping[str, Any]:
        """Return what the child is asked: the module under the name and with the path that Python would give it.

        One with relative imports is a module of its package, whether or not that says so by an ``__init__.py``. A
        folder called as the SDK is no package: its modules are run from within it; nor is ``src`` over
        packages, unless something imports it. ``last`` is where to look for what is found nowhere else: beside the
        module, which may be run as a file.
        """
        place = PurePosixPath(module)
        folder = place.parent
        relative = _RELATIVE.search((self.root / module).read_bytes())
        above_packages = self._has_source_folder and folder.name != "src" and not self._names_source_folder
        ends = ("", "modal", "src") if above_packages else ("", "modal")
        while folder.name not in ends and (relative or (folder / "__init__.py").as_posix() in self._paths):
            folder = folder.parent
        parts = place.with_suffix("").parts[len(folder.parts) :]
        above = [folder, *place.parents] if relative else [folder, *folder.parents]
        return {
            "root": str(self.root),
            "file": module,
            "module": ".".join(parts).removesuffix(".__init__"),
            "path": list(dict.fromkeys(each.as_posix() for each in above)),
            "last": [*(each.as_posix() for each in place.parents), *(["src"] if self._has_source_folder else [])],
            "own": self._own,
            "copied": self._copied,
            "seconds": seconds,
        }

    @cached_property
    def _names_source_folder(self) -> bool:
        """Whether some file imports the folder ``src`` itself, so that it is a package all the same."""
        files = (self.root / path for path in self._paths if path.endswith(".py"))
        return any(_OF_SOURCE.search(file.read_bytes()) for file in files)

    def has(self, module: str) -> bool:
        """Tell whether a file is there."""
        return module in self._paths


def _top_level_names(paths: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for path in map(PurePosixPath, paths):
        if path.suffix == ".py":
            found |= {path.stem, *path.parent.parts}
    return found
