"""Follow a symbol through the SDK's surface, in all versions at once.

A symbol is a dotted name such as ``modal.Image``; ``()`` after any part of it means what a call gives:
``modal.Image()`` is an image, ``modal.App().function()`` the decorator, ``modal.App().function()()`` a function. ``~``
means what ``with`` gives for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from msgspec import Struct

from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.surface import Facet, Mask, surface

_STEP = pattern(r"\(\)|~|[^.()~]+")
_INHERITED = frozenset({"__init__", "__call__"})
_DEPTH = 12
"""How far names that stand for others, and base classes, are followed."""


class Meaning(Struct, frozen=True):
    """What a symbol is in some versions.

    ``kind`` is ``module``, ``class``, ``instance`` or ``callable``; ``pending`` is a value that leads to one of Modal's
    (``home`` says how), ``value`` any other, of which everything may be asked, with a ``facet`` where the surface names
    it, and ``unnamed`` what it cannot tell: a private name, or an attribute of an object that makes up its own.
    """

    kind: str
    home: str
    alive: Mask
    facet: Facet | None = None
    receiver: str = ""
    """The class through which a method was reached."""


@cache
def meanings(symbol: str) -> tuple[Meaning, ...]:
    """Return what a symbol is, one entry for each stretch of versions; none where no version ever had it."""
    steps = tuple(_STEP.findall(symbol))
    if not steps or steps[0] != "modal":
        return ()
    found: tuple[Meaning, ...] = (Meaning("module", "modal", _all_versions()),)
    for step in steps[1:]:
        found = _after(found, step)
    return found


@cache
def _after(found: tuple[Meaning, ...], step: str) -> tuple[Meaning, ...]:
    follow = {"()": called, "~": entered}.get(step)
    return tuple(after for before in found for after in (follow(before) if follow else read(before, step)))


def read(before: Meaning, name: str) -> Iterator[Meaning]:
    """Yield what an attribute of something is."""
    if before.kind == "unnamed":
        yield before
    elif before.kind in {"value", "pending"} or (name.startswith("__") and name not in _INHERITED):
        yield Meaning("value", "", before.alive)
    elif before.kind == "callable":
        if name == "aio" and before.facet and before.facet.has_aio:
            yield before
    else:
        found = list(_told(before, name))
        yield from found
        if name.startswith("_") and name not in _INHERITED and (left := before.alive & ~union(found)):
            yield Meaning("unnamed", "", left)


def called(before: Meaning) -> Iterator[Meaning]:
    """Yield what a call of something gives."""
    if before.kind == "class":
        yield Meaning("instance", before.home, before.alive)
    elif before.kind == "instance":
        found = list(read(before, "__call__"))
        yield from (after for method in found for after in called(method))
        yield from _rest(before.alive, found)
    elif before.kind == "pending" and before.home.startswith("()"):
        yield from given(before.home[2:], before.alive, before.receiver)
    elif before.kind == "callable" and before.facet:
        yield from results(before)
    else:
        yield Meaning("unnamed" if before.kind == "unnamed" else "value", "", before.alive)


def entered(before: Meaning) -> Iterator[Meaning]:
    """Yield what ``with`` gives for something; where only its own code would tell, that may be anything."""
    if before.kind == "pending" and before.home.startswith("~"):
        yield from given(before.home[1:], before.alive, before.receiver)
    else:
        yield Meaning("unnamed" if before.kind == "unnamed" else "value", "", before.alive)


def results(before: Meaning) -> Iterator[Meaning]:
    """Yield what a callable's results are in each of its versions."""
    left = before.alive
    for text, alive in before.facet.results if before.facet else ():
        if left & alive:
            yield from given(text, left & alive, before.receiver)
            left &= ~alive
    if left:
        yield Meaning("value", "", left, before.facet)


def given(text: str, alive: Mask, receiver: str) -> Iterator[Meaning]:
    """Yield the value that a result stands for."""
    if text.startswith(("()", "*", "~")):
        yield Meaning("pending", text, alive, None, receiver)
    else:
        yield Meaning("instance", receiver if text == "Self" else text, alive)


@lru_cache(64)
def members(before: Meaning, version: int) -> frozenset[str]:
    """Return the names of what a module, class or instance has in one version."""
    homes = [before.home]
    for home in homes:
        homes += [base for base, _ in _bases(home, 1 << version) if base not in homes]
    within = tuple(f"{home}." for home in homes)
    found = set()
    for path in surface().lines:
        if path.startswith(within):
            owner, _, name = path.rpartition(".")
            if owner in homes and any(facet.alive >> version & 1 for facet in surface().facets(path)):
                found.add(name)
    return frozenset(found - _INHERITED)


def _told(before: Meaning, name: str) -> Iterator[Meaning]:
    if before.kind == "module":
        yield from _of_facets(surface().facets(f"{before.home}.{name}"), before.alive, "")
    else:
        yield from _member(before, before.home, name, before.alive, _DEPTH)


def _all_versions() -> Mask:
    return (1 << len(surface().versions)) - 1


def _of_facets(facets: Iterable[Facet], alive: Mask, receiver: str, depth: int = _DEPTH) -> Iterator[Meaning]:
    for facet in facets:
        shared = facet.alive & alive
        if not shared:
            continue
        if facet.kind in {"module", "class"}:
            yield Meaning(facet.kind, facet.path, shared)
        elif facet.kind == "alias":
            for home, when in facet.results:
                if shared & when and depth:
                    yield from _of_facets(surface().facets(home), shared & when, receiver, depth - 1)
        elif facet.kind in {"property", "attribute"}:
            yield from results(Meaning(facet.kind, facet.path, shared, facet, receiver))
        else:
            yield Meaning("callable", facet.path, shared, facet, receiver)


def _member(before: Meaning, home: str, name: str, alive: Mask, depth: int) -> Iterator[Meaning]:
    """Yield what a class or its bases call by a name; the nearest class wins."""
    found = list(_of_facets(surface().facets(f"{home}.{name}"), alive, before.home))
    left = alive & ~union(found)
    for base, when in _bases(home, left) if depth else ():
        inherited = list(_member(before, base, name, left & when, depth - 1))
        left &= ~union(inherited)
        found += inherited
    yield from found
    if before.kind == "instance" and name not in _INHERITED and (left := left & _open(home)):
        yield Meaning("unnamed", "", left)


def _bases(home: str, alive: Mask) -> Iterator[tuple[str, Mask]]:
    for facet in surface().facets(home):
        for text, when in facet.results if facet.kind == "class" else ():
            if alive & when:
                yield from ((base, when) for base in text.split())


def _open(home: str) -> Mask:
    return union(facet for facet in surface().facets(home) if facet.is_open)


def _rest(alive: Mask, found: list[Meaning]) -> Iterator[Meaning]:
    if left := alive & ~union(found):
        yield Meaning("value", "", left)


def union(found: Iterable[Meaning | Facet]) -> Mask:
    """Return the versions that have one of several."""
    versions = 0
    for each in found:
        versions |= each.alive
    return versions
