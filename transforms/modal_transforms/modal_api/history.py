"""Questions to the history of the Modal SDK: what existed when, what it takes, and what it gives.

Symbols are written as in ``symbol_walk``: ``modal.Image.debian_slim``, ``modal.Image().pip_install``. Answers come from
the wheels that were read; of a version between two of those, the older one is asked, and what appeared or went
between them counts as changed in the newer one. So a version named here is never too early for what appeared.

Signatures tell what a call takes, not what it thinks of it: an old name that is only there to raise an error
(``modal.web_endpoint`` in 1.6) exists, and one that a wrapper refuses (``keep_warm`` since 1.4) does not.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache, lru_cache
from typing import Literal

from msgspec import Struct

from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.surface import Mask, surface
from modal_transforms.modal_api.symbol_walk import Meaning, meanings, members, read, union

_NUMBERS = pattern(r"v?(\d+(?:\.\d+)*)")
_KINDS = {"": "positional", "/": "positional-only", "k": "keyword", "*": "variadic", "**": "keywords", ">": "renamed"}

Kind = Literal["positional", "positional-only", "keyword", "variadic", "keywords", "renamed"]


_ALIKE = 0.75
"""How much of two names has to be the same that one may be a slip of the pen for the other."""
_HANDED_ON = frozenset(f"modal.Image.from_{name}" for name in ("registry", "aws_ecr", "gcp_artifact_registry"))
"""What hands the rest of its arguments on to a constructor of the SDK's own."""
_TAKEN_THERE = frozenset(
    "base_images build_args build_function build_function_input context_mount_function dockerfile_function force_build "
    "gpu_config image_registry_config secrets validated_volumes _namespace _do_assert_no_mount_layers".split()
)
"""The names that this takes in some version since 1.0."""


class UnknownVersion(ValueError):
    """A version that nothing is known of: no version at all, or older than every wheel that was read."""


class VersionRange(Struct, frozen=True):
    """A stretch of versions: from ``since`` up to, not including, ``until``; None where it goes on."""

    since: str
    until: str | None


class Lifetime(Struct, frozen=True):
    """When something existed. Nearly always in one stretch; a few things went and came back."""

    ranges: tuple[VersionRange, ...]

    @property
    def introduced(self) -> str:
        """The first version that has it."""
        return self.ranges[0].since

    @property
    def gone(self) -> str | None:
        """The first version that has lost it for good; None if the newest has it."""
        return self.ranges[-1].until

    def contains(self, version: str) -> bool:
        """Tell whether a version has it. Raises UnknownVersion."""
        return bool(_mask_of(self) >> _number(version) & 1)


class CallParameter(Struct, frozen=True):
    """A parameter of a signature. ``renamed`` is an old name that is not in the signature and still taken."""

    name: str
    kind: Kind
    required: bool


def versions() -> tuple[str, ...]:
    """Return the versions whose wheels were read, oldest first."""
    return surface().versions


@lru_cache(1024)
def version_key(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, to compare it by: ``1.3.0.post1`` and ``1.3`` are both ``(1, 3, 0)``.

    Raises:
        UnknownVersion: it does not start with a number.
    """
    found = _NUMBERS.match(version.strip())
    if not found:
        raise UnknownVersion(f"not a version: {version!r}")
    numbers = [int(part) for part in found[1].split(".")]
    return tuple([*numbers, 0, 0][: max(3, len(numbers))])


def exists(symbol: str, version: str) -> bool:
    """Tell whether a version has a symbol.

    False is certain as far as the wheels tell. What they cannot tell counts as existing: private names, what is asked
    of a value that is not Modal's own, and of an object that makes up its attributes (an instance of the person's
    class). Of names that a module of the SDK only imports for its own use, those of private modules count as missing.

    Raises:
        UnknownVersion: nothing is known of that version.
    """
    return bool(union(meanings(symbol)) >> _number(version) & 1)


@cache
def kinds(symbol: str, version: str) -> frozenset[str]:
    """Return what a symbol may be in a version, in the words of `Meaning`; empty where it does not exist.

    Raises:
        UnknownVersion: nothing is known of that version.
    """
    number = _number(version)
    return frozenset(each.kind for each in meanings(symbol) if each.alive >> number & 1)


def short_name(symbol: str, version: str) -> str:
    """Return the shortest symbol of what a symbol leads to in a version; itself where there is no other.

    ``modal.Image().debian_slim().pip_install`` is ``modal.Image().pip_install``.

    Raises:
        UnknownVersion: nothing is known of that version.
    """
    number = _number(version)
    found = next((each for each in meanings(symbol) if each.alive >> number & 1 and each.home), None)
    if found is None or found.kind == "pending":
        return symbol
    if found.kind == "callable" and found.receiver:
        owner = "()" if symbol.removesuffix(".aio").rpartition(".")[0].endswith("()") else ""
        return f"{_spelled(found.receiver, number)}{owner}.{found.home.rpartition('.')[2]}"
    return _spelled(found.home, number) + ("()" if found.kind == "instance" else "")


def may_have_existed(symbol: str) -> bool:
    """Tell whether some version may have had a symbol that none names: an attribute of what made up its own."""
    return any(each.kind == "unnamed" for each in meanings(symbol))


def lifetime(symbol: str) -> Lifetime | None:
    """Return when a symbol existed, or None if no version that was read ever had it.

    Only what a version names counts, not what ``exists`` allows to an object that makes up its attributes, or to one
    of which a version does not tell what it is.
    """
    return _lifetime(union(each for each in meanings(symbol) if each.facet or each.kind not in {"unnamed", "value"}))


@cache
def parameters(symbol: str, version: str) -> tuple[CallParameter, ...] | None:
    """Return what a call of a symbol takes, by position first; None where it is not known or cannot be called.

    Of a class, it is what its constructor takes; an empty answer means that it takes nothing.

    Raises:
        UnknownVersion: nothing is known of that version.
    """
    number = _number(version)
    for callee in _callees(symbol):
        if callee.alive >> number & 1 and callee.facet:
            words = [word for word, alive in callee.facet.parameters if alive >> number & 1]
            return tuple(_parameter(word) for word in words)
    return None


def takes(symbol: str, parameter: str, version: str) -> bool:
    """Tell whether a call may name a parameter, in the signature or among the rest that it collects.

    Raises:
        UnknownVersion: nothing is known of that version.
    """
    found = parameters(symbol, version)
    named = ("positional", "keyword", "renamed")
    is_collected = symbol not in _HANDED_ON or parameter in _TAKEN_THERE
    return found is not None and any(
        is_collected if each.kind == "keywords" else (each.name == parameter and each.kind in named) for each in found
    )


def parameter_lifetime(symbol: str, parameter: str) -> Lifetime | None:
    """Return when a parameter could be named in a call of a symbol, or None if it never could.

    A parameter that only ``**`` collects is not counted.
    """
    found = 0
    for callee in _callees(symbol):
        for word, alive in callee.facet.parameters if callee.facet else ():
            each = _parameter(word)
            if each.name == parameter and each.kind in ("positional", "keyword", "renamed"):
                found |= alive & callee.alive
    return _lifetime(found)


def nearest(symbol: str, version: str, limit: int = 3) -> tuple[str, ...]:
    """Return what a version has that a missing symbol may have become, most likely first.

    That is the same name in another place of the SDK, then names of the same owner that are spelled alike.

    Raises:
        UnknownVersion: nothing is known of that version.
    """
    import difflib

    number = _number(version)
    owner, _, name = symbol.removesuffix("()").rpartition(".")
    moved = [_spelled(path, number) for path in _ending(name) if exists(path, version)]
    near = []
    for before in meanings(owner):
        if before.alive >> number & 1:
            alike = difflib.get_close_matches(name, sorted(members(before, number)), limit, 0.5)
            near += [each for each in alike if _is_alike(name, each)]
    found = dict.fromkeys([*sorted(moved, key=len), *(f"{owner}.{each}" for each in near)])
    return tuple(each for each in found if each != symbol)[:limit]


def _is_alike(name: str, other: str) -> bool:
    """Tell whether one name may be meant by another: all or most of their words are the same, or their letters."""
    import difflib

    words, others = set(name.lower().split("_")), set(other.lower().split("_"))
    few, many = sorted((len(words), len(others)))
    shared = len(words & others)
    return shared == few or 2 * shared > many or difflib.SequenceMatcher(None, name, other).ratio() >= _ALIKE


def nearest_parameters(symbol: str, parameter: str, version: str, limit: int = 3) -> tuple[str, ...]:
    """Return the parameters of a call that are spelled like one that it does not take, most alike first.

    Raises:
        UnknownVersion: nothing is known of that version.
    """
    import difflib

    named = [each.name for each in parameters(symbol, version) or () if each.kind in ("positional", "keyword")]
    return tuple(difflib.get_close_matches(parameter, named, limit, 0.5))


@cache
def _number(version: str) -> int:
    """Return the number of the newest version that was read and is not above one."""
    if version == versions()[-1]:
        return len(versions()) - 1  # asked most, and the keys of all take a while
    place = bisect_right(_keys(), version_key(version)) - 1
    if place < 0:
        raise UnknownVersion(f"nothing is known of modal before {versions()[0]}, so not of {version}")
    return place


@cache
def _keys() -> tuple[tuple[int, ...], ...]:
    return tuple(version_key(version) for version in versions())


def _callees(symbol: str) -> list[Meaning]:
    """Return what runs when a symbol is called: a callable itself, a constructor, or ``__call__`` of an object."""
    found = []
    for each in meanings(symbol):
        if each.kind == "callable":
            found.append(each)
        elif each.kind in {"class", "instance"}:
            special = "__init__" if each.kind == "class" else "__call__"
            found += [method for method in read(each, special) if method.facet]
    return found


def _parameter(word: str) -> CallParameter:
    sign, _, name = word.partition(" ")
    kind = _KINDS[sign.rstrip("0123456789")]
    required = not name.endswith("=") and kind in ("positional", "positional-only", "keyword")
    return CallParameter(name.removesuffix("="), kind, required)  # type: ignore[arg-type]  # the keys are all kinds


def _spelled(path: str, number: int) -> str:
    """Return the shortest public name that a version has for something: ``modal.Image`` for ``modal.image.Image``."""
    for short, alive in _short_names().get(path, ()):
        if alive >> number & 1:
            return short
    owner, _, name = path.rpartition(".")
    return f"{_spelled(owner, number)}.{name}" if "." in owner else path


@cache
def _short_names() -> dict[str, list[tuple[str, Mask]]]:
    found: dict[str, list[tuple[str, Mask]]] = {}
    for path in surface().lines:
        for facet in surface().facets(path) if path.count(".") == 1 else ():
            for home, alive in facet.results if facet.kind == "alias" else ():
                found.setdefault(home, []).append((path, alive))
    return found


def _ending(name: str) -> list[str]:
    """Return what can be called or imported by a name; fields of what calls give are too many to be meant."""
    end = f".{name}"
    found = [path for path in surface().lines if path.endswith(end)]
    return [path for path in found if surface().facets(path)[-1].kind not in {"attribute", "property"}]


def _lifetime(mask: Mask) -> Lifetime | None:
    ranges = []
    number = 0
    known = versions()
    while mask >> number:
        if mask >> number & 1:
            start = number
            while mask >> number & 1:
                number += 1
            ranges.append(VersionRange(known[start], known[number] if number < len(known) else None))
        number += 1
    return Lifetime(tuple(ranges)) if ranges else None


def _mask_of(lifetime: Lifetime) -> Mask:
    found = 0
    for each in lifetime.ranges:
        end = versions().index(each.until) if each.until else len(versions())
        found |= (1 << end) - (1 << versions().index(each.since))
    return found
