"""What a file asks of the repository that it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from modal_transforms.core.source import SourceFile

T = TypeVar("T")
P = ParamSpec("P")
M = TypeVar("M")
"""A parsed file."""
V = TypeVar("V", covariant=True)
"""What an expression is."""


class RepositoryView(Protocol[M, V]):
    """What a file needs to know of the other files."""

    def imported(self, importer: str, module: str, attribute: str) -> V | None:
        """Return what ``from module import attribute`` (or ``import module``) gives in the file ``importer``."""

    def starred(self, module: M, name: str) -> V | None:
        """Return what ``from ... import *`` gives for a name in a file; unsure where a file out of sight may, too."""

    def star_home(self, module: M, name: str) -> tuple[M, bool] | None:
        """Return the file that gives a name which a file has by ``import *``, as Python does: the last one.

        That is the file that binds it, or that imports all of ``modal``; with it, whether that is sure: a file out of
        sight that is imported later may bind the name, too.
        """

    def importers(self, path: str, word: bytes = b"") -> Iterable[M]:
        """Return the parsed files that import the file at ``path`` and hold ``word``."""

    def imports(self, path: str) -> set[str]:
        """Return the local files that a file may import, told from its bytes."""

    def dependents(self, path: str) -> tuple[str, ...]:
        """Return the other files that import the file at ``path``, directly or through others, in order."""

    def mentioning(self, name: bytes, beside: bytes = b"") -> Iterable[M]:
        """Return the parsed files that hold a name as a word, and the text ``beside`` as well; Modal's only."""

    def naming(self, name: bytes) -> tuple[str, ...]:
        """Return the files that hold a name as a word, in order; Modal's only."""

    def locate(self, importer: str, dotted: str) -> str | None:
        """Return the file that a dotted module name means in a file; ``None`` when it is not a local one."""

    def locate_on(self, bases: Sequence[str], dotted: str) -> str | None:
        """Return the file that an absolute dotted name means when these folders are searched, in their order."""

    def may_be_local(self, dotted: str) -> bool:
        """Tell, by its first part alone, whether a module may be one of the repository's."""

    def may_borrow(self, module: M) -> bool:
        """Tell whether a file may import something from another file of the repository."""

    def is_imported(self, path: str) -> bool:
        """Tell whether another file imports the file at ``path``."""

    def reaches_modal(self, path: str) -> bool:
        """Tell whether a file imports Modal, itself or through other files of the repository."""

    def module(self, path: str) -> M | None:
        """Return a parsed file; ``None`` when it is not there or not readable."""

    def opened(self, source: SourceFile) -> M | None:
        """Return a file that holds Python beside the modules, parsed; ``None`` when it is not readable."""

    def holding(self, word: bytes, among: Callable[[str], bool]) -> tuple[str, ...]:
        """Return the files of some kind that hold a text, in order."""

    def data(self, path: str) -> bytes | None:
        """Return the bytes of any file of the repository."""

    def once(self, make: Callable[Concatenate[RepositoryView[M, V], P], T], *given: P.args, **_: P.kwargs) -> T:
        """Return what ``make`` gives for this repository; plain data, made only once."""

    @property
    def files(self) -> frozenset[str]:
        """The paths of all files of the repository, not only of Python's."""
