"""Stand-ins for the packages that a module imports and that are not installed beside the SDK.

A stood-in package has every name; each is a class that can be called, subclassed, used as a decorator, entered and
read from without complaint. Only packages that the files themselves import are stood in for: what the SDK tries to
import on its own account stays missing.
"""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Iterator, Sequence
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

    def __new__(cls, *args: object, **options: object) -> Anything:
        # no ``__init__``: a class that derives from it must not look as if it had a constructor of its own
        made = super().__new__(cls)
        if cls is not Anything:  # a class of the repository's own, such as a model of settings, has what it is given
            vars(made).update(options)
        return made

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
    """Finds any module below the packages that are stood in for; asked last: what is installed comes first."""

    def __init__(self, is_foreign: Callable[[str], bool]) -> None:
        self._is_foreign = is_foreign
        self._packages: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        package = fullname.partition(".")[0]
        if package not in self._packages:
            if package != fullname or not self._is_foreign(package):
                return None
            self._packages.add(package)
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Package(spec.name)

    def exec_module(self, module: ModuleType) -> None: ...


@contextlib.contextmanager
def standing_in(is_foreign: Callable[[str], bool]) -> Iterator[None]:
    """Stand in for top-level packages that are found nowhere else and that ``is_foreign`` says yes to."""
    finder = _Finder(is_foreign)
    sys.meta_path.append(finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name, module in sys.modules.items() if isinstance(module, _Package)]:
            del sys.modules[name]
