"""What an expression of a file is, and what a file may ask about the other files of its repository."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from modal_transforms.analysis.module import Module

T = TypeVar("T")


class Value(NamedTuple):
    """What an expression is: a symbol of Modal's, or a class or function of this program.

    ``symbol`` is as in `modal_transforms.core.modal_names`, or ``local.class``, ``local.function``, ``local.module``.
    ``sure`` is false where another binding of the name might be meant.
    """

    symbol: str
    module: Module
    node: ast.AST | None = None
    """The definition in this program, where there is one: a class, a function."""
    sure: bool = True


class ProjectView(Protocol):
    """What a file needs to know of the other files."""

    def imported(self, importer: str, module: str, attribute: str) -> Value | None:
        """Return what ``from module import attribute`` (or ``import module``) gives in the file ``importer``."""

    def importers(self, path: str, word: bytes = b"") -> Iterable[Module]:
        """Return the parsed files that import the file at ``path`` and hold ``word``."""

    def imports(self, path: str) -> set[str]:
        """Return the local files that a file may import, told from its bytes."""

    def dependents(self, path: str) -> tuple[str, ...]:
        """Return the other files that import the file at ``path``, directly or through others, in order."""

    def mentioning(self, name: bytes, beside: bytes = b"") -> Iterable[Module]:
        """Return the parsed files that hold a name as a word, and the text ``beside`` as well; Modal's only."""

    def locate(self, importer: str, dotted: str) -> str | None:
        """Return the file that a dotted module name means in a file; ``None`` when it is not a local one."""

    def may_borrow(self, module: Module) -> bool:
        """Tell whether a file may import something from another file of the repository."""

    def is_imported(self, path: str) -> bool:
        """Tell whether another file imports the file at ``path``."""

    def reaches_modal(self, path: str) -> bool:
        """Tell whether a file imports Modal, itself or through other files of the repository."""

    def module(self, path: str) -> Module | None:
        """Return a parsed file; ``None`` when it is not there or not readable."""

    def data(self, path: str) -> bytes | None:
        """Return the bytes of any file of the repository."""

    def once(self, make: Callable[[ProjectView], T]) -> T:
        """Return what ``make`` gives for this repository; it is asked only the first time."""

    @property
    def files(self) -> frozenset[str]:
        """The paths of all files of the repository, not only of Python's."""
