"""Stand-ins for the packages that a module imports and that are not installed beside the SDK.

A stood-in package has every name; each is a class that can be called, subclassed, used as a decorator, entered, read
from, computed with and compared without complaint. Only packages that the files themselves import are stood in for:
what the SDK tries to import on its own account stays missing.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType, ModuleType
from typing import Any

_BINARY = "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and or xor".split()
_UNARY = "neg pos abs invert round trunc floor ceil".split()
_ORDERS = "lt le gt ge".split()
NAMED = "stood-in"
"""What stands where a text is made of a value; a path is absolute."""


class _Computes:
    """Objects that take part in arithmetic and comparisons: a result is one more of them, and no order ever holds."""

    def _same(self, *others: object) -> Any:
        return Anything()

    def _never(self, other: object) -> bool:
        return False  # a loop that waits for the order to change ends

    for _name in [f"{side}{each}" for each in _BINARY for side in ("", "r")] + _UNARY:
        locals()[f"__{_name}__"] = _same
    for _name in _ORDERS:
        locals()[f"__{_name}__"] = _never

    def __contains__(self, item: object) -> bool:
        return False

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *args: object) -> None: ...

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __setitem__(self, key: object, value: object) -> None: ...

    def __delitem__(self, key: object) -> None: ...

    def __index__(self) -> int:
        return 0

    def __float__(self) -> float:
        return 0.0

    def __fspath__(self) -> str:
        return f"/{NAMED}"

    def __str__(self) -> str:
        return f"/{NAMED}"

    def __format__(self, spec: str) -> str:
        return NAMED

    def __bool__(self) -> bool:
        return True


class _AnyMeta(_Computes, type):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything

    def __getitem__(cls, key: object) -> Any:
        return cls

    def __or__(cls, other: object) -> Any:
        return cls

    def __ror__(cls, other: object) -> Any:
        return cls


class Anything(_Computes, metaclass=_AnyMeta):
    """Stands in for any name of a package: class, function, decorator or value."""

    def __new__(cls, *args: Any, **options: object) -> Any:
        if cls is Anything and not options and len(args) == 1 and _is_decorated(args[0]):
            return args[0]
        # no ``__init__``: a class that derives from it must not look as if it had a constructor of its own
        made = super().__new__(cls)
        if cls is not Anything:  # a class of the repository's own, such as a model of settings, has what it is given
            vars(made).update(options)
        return made

    def __call__(self, *args: Any, **options: object) -> Any:
        decorates = len(args) == 1 and not options and (callable(args[0]) or _is_decorated(args[0]))
        return args[0] if decorates else self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __getitem__(self, key: object) -> Any:
        return self

    async def __aenter__(self) -> Any:
        return self

    async def __aexit__(self, *args: object) -> None: ...


def _is_decorated(what: object) -> bool:
    """Tell whether a decorator was put over something: a function, a class, a property."""
    return isinstance(what, FunctionType | type) or hasattr(type(what), "__get__")


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


def stand_in(is_foreign: Callable[[str], bool]) -> None:
    """Stand in from now on for top-level packages that are found nowhere else and that ``is_foreign`` says yes to."""
    sys.meta_path.append(_Finder(is_foreign))
