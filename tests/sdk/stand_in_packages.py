"""Stand-ins for the packages that a case imports and that are not installed beside the SDK.

A stood-in package has every name; each is a class that can be called, subclassed, used as a decorator, entered and
read from without complaint. Only packages that the files themselves import are stood in for: what the SDK tries to
import on its own account stays missing.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any


class _AnyMeta(type):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything

    def __getitem__(cls, key: object) -> Any:
        return cls

    def __or__(cls, other: object) -> Any:
        return cls


class Anything(metaclass=_AnyMeta):
    """Stands in for any name of a package: class, function, decorator or value."""

    def __init__(self, *args: object, **options: object) -> None: ...

    def __call__(self, *args: Any, **options: object) -> Any:
        decorates = len(args) == 1 and not options and callable(args[0])
        return args[0] if decorates else self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __getitem__(self, key: object) -> Any:
        return self

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *args: object) -> None: ...

    def __iter__(self) -> Iterator[Any]:
        return iter(())


class _Package(ModuleType):
    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds any module below the given packages; asked last, so that what is installed comes first."""

    def __init__(self, packages: set[str]) -> None:
        self.packages = packages

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in self.packages:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Package(spec.name)

    def exec_module(self, module: ModuleType) -> None: ...


@contextlib.contextmanager
def standing_in(root: Path) -> Iterator[None]:
    """Stand in for the packages that the files under ``root`` import and that are neither installed nor theirs."""
    finder = _Finder(_foreign(root))
    sys.meta_path.append(finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name, module in sys.modules.items() if isinstance(module, _Package)]:
            del sys.modules[name]


def _foreign(root: Path) -> set[str]:
    own = {path.stem for path in root.rglob("*.py")} | {path.name for path in root.rglob("*") if path.is_dir()}
    return _imported(root) - own - sys.stdlib_module_names - {"modal", "modal_proto", "modal_version"}


def _imported(root: Path) -> set[str]:
    names: set[str] = set()
    for path in root.rglob("*.py"):
        with contextlib.suppress(SyntaxError, ValueError):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.Import):
                    names |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names.add(node.module.partition(".")[0])
    return names
