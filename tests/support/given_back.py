"""What calls, properties, ``with`` and loops give of Modal's, as the history of the SDK tells it."""

from __future__ import annotations

from collections.abc import Iterable

from modal_transforms.modal_api.history import _number, _spelled
from modal_transforms.modal_api.symbol_walk import Meaning, called, given, meanings


def returns(symbol: str, version: str | None = None) -> str | None:
    """Return the symbol of what a call gives (``modal.Image()``), or None where that is not one of Modal's objects.

    Without a version, the newest that has the symbol is asked. A decorator gives ``()`` as often as it has to be
    called: ``returns("modal.App().function")`` is None, ``returns("modal.App().function()")`` is ``modal.Function()``.

    Raises:
        UnknownVersion: nothing is known of that version.
    """
    return _named((after for before in meanings(symbol) for after in called(before)), version)


def holds(symbol: str, version: str | None = None) -> str | None:
    """Return the symbol of the object that a property or variable holds; else as ``returns``."""
    return _named(meanings(symbol), version)


def enters(symbol: str, version: str | None = None) -> str | None:
    """Return what ``with`` gives for the result of a call: ``modal.App()`` for ``modal.App().run``; as ``returns``."""
    return _behind("~", symbol, version)


def iterates(symbol: str, version: str | None = None) -> str | None:
    """Return what a loop over the result of a call gives: ``modal.Sandbox()`` for ``modal.Sandbox.list``."""
    return _behind("*", symbol, version)


def _behind(sign: str, symbol: str, version: str | None) -> str | None:
    pending = [after for before in meanings(symbol) for after in called(before) if after.home.startswith(sign)]
    return _named((inner for each in pending for inner in given(each.home[1:], each.alive, each.receiver)), version)


def _named(found: Iterable[Meaning], version: str | None) -> str | None:
    """Return the symbol of the object among some meanings that a version, or else the newest, has."""
    number = None if version is None else _number(version)
    asked = [each for each in found if number is None or each.alive >> number & 1]
    if not asked:
        return None
    newest = max(asked, key=lambda each: each.alive)
    if newest.kind != "instance":
        return None
    return f"{_spelled(newest.home, newest.alive.bit_length() - 1 if number is None else number)}()"
