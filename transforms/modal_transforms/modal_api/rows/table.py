"""What the SDK calls otherwise now, or has no more, as rows: data that a few rules make findings of.

Symbols are written as in `modal_transforms.modal_api.history`: ``modal.Image.from_dockerhub`` is a name,
``modal.App().function`` what is called with an argument. What hangs on a ``Stub`` counts as an app's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from modal_transforms.core.model import Applicability
from modal_transforms.modal_api import history
from modal_transforms.modal_api.api_uses import shown

Literal = bool | int | str | None
"""What is written out as the value of an argument."""
NO_EFFECT = "None at run time: it takes the same and does the same."


class _AnyRow(Struct, frozen=True, kw_only=True):
    rule: str
    old: str
    new: str = ""
    since: str = ""
    """The version that first warned; empty where it is not known."""
    gone: str = ""
    """The version that first failed; empty for what the history of the SDK tells, or what only warns."""
    applicability: Applicability = Applicability.SAFE
    message: str = ""
    """What is said; empty for what the other fields tell."""
    effect: str = NO_EFFECT
    advice: str = ""
    needs: str = ""
    """The first version that has the new name, where that is not told by its text."""


class NameRow(_AnyRow, frozen=True, kw_only=True):
    """A name that is imported, or an attribute that is read, and what it is called now; nothing where it has gone.

    ``new`` may have another owner: ``modal.functions.gather`` is ``modal.FunctionCall.gather``. A row without ``new``
    is manual.
    """

    @property
    def said(self) -> str:
        """What a finding says."""
        if self.message:
            return self.message
        if self.new:
            return f"{shown(self.old)} is {_shortest(self.old, self.new)} now"
        return f"{shown(self.old)} {_ended(self.since, self.breaks_in)}"

    @property
    def shown_new(self) -> str:
        """How the new name is written: after an object of Modal's, by what follows the object."""
        _, called, name = self.new.rpartition("().")
        return f".{name}" if called else self.new

    @property
    def breaks_in(self) -> str:
        """The version that first failed; empty for what only warns, or is not known."""
        return self.gone or _gone(history.lifetime(self.old))


class ArgumentRow(_AnyRow, frozen=True, kw_only=True):
    """An argument that calls name, and what it is called now; nothing where it has gone and is deleted."""

    callees: tuple[str, ...]
    effect: str = "None at run time."
    only_for: tuple[Literal, ...] | None = None
    """The values for which it is as safe as it says, where it is not for all: a person looks at others."""

    @property
    def said(self) -> str:
        """What a finding says."""
        if self.message:
            return self.message
        if self.new:
            return f"{self.old} is {self.new} now"
        return f"{self.old} {_ended(self.since, self.breaks_in)}"

    @property
    def breaks_in(self) -> str:
        """The version that first failed; empty for what only warns, or is not known."""
        lifetimes = (history.parameter_lifetime(callee, self.old) for callee in self.callees)
        return self.gone or next(filter(None, map(_gone, lifetimes)), "")


Row = NameRow | ArgumentRow


class Table:
    """The rows of a section, to be looked up by what is used."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = tuple(rows)
        self.names: Mapping[str, NameRow] = {row.old: row for row in self.rows if isinstance(row, NameRow)}
        """The rows about names, by symbol."""
        calls = ((row, callee) for row in self.rows if isinstance(row, ArgumentRow) for callee in row.callees)
        self.arguments: Mapping[tuple[str, str], ArgumentRow] = {(callee, row.old): row for row, callee in calls}
        """The rows about arguments, by the symbol of what is called and the argument's name."""
        self.words = frozenset(row.old.rpartition(".")[2].rstrip("()") for row in self.rows)
        """The last words of what the rows are about: nothing else has to be looked up."""


def _shortest(old: str, new: str) -> str:
    """Return a new name without its owner where that is the old one's."""
    owner, _, name = new.rpartition(".")
    return name if owner == old.rpartition(".")[0] else shown(new)


def _ended(since: str, gone: str) -> str:
    return f"went in {gone}" if gone else f"is deprecated since {since}" if since else "has gone"


def _gone(lifetime: history.Lifetime | None) -> str:
    return (lifetime.gone or "") if lifetime is not None else ""
