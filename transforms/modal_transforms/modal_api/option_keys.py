"""The places that put entries into dicts which reach Modal, and those that have to be renamed together."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Sequence

from msgspec import Struct

from modal_transforms.analysis.calls import DictEntry, keyword_name
from modal_transforms.analysis.definitions import definitions
from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Span
from modal_transforms.modal_api.option_flow import (
    DictFlow,
    KeyPlace,
    flow,
    flow_of_name,
    flow_of_parameter,
    is_dict,
    joined,
    keyword_taker,
)


class Key(Struct, frozen=True):
    """One place that puts an entry into a dict."""

    module: Module
    written: str
    name: Span
    """The key, with its quotes where it has some."""
    value: ast.expr
    dict: ast.expr
    entry: Span | None
    """The entry in a dict display or ``dict(...)``; ``None`` where it is assigned: ``options["…"] = 10``."""
    taker: tuple[Module, FunctionNode] | None = None
    """The function that takes it by ``**``, where it is the keyword of a call."""


class Together(Struct, frozen=True):
    """Entries of one name that the same places read, and what becomes of them."""

    keys: tuple[Key, ...]
    flow: DictFlow

    @property
    def places(self) -> tuple[KeyPlace, ...]:
        """Every place that says the name."""
        return tuple(dict.fromkeys([*(KeyPlace(key.module, key.name) for key in self.keys), *self.flow.reads]))


def keys(module: Module, names: Collection[str]) -> Iterator[Key]:
    """Yield the places of a file that put an entry of one of the names into a dict."""
    source = module.source
    for string in module.index.strings:
        around = module.index.parents.get(string)
        if string.value not in names:
            continue
        name, place = str(string.value), source.span(string)
        if isinstance(around, ast.Dict) and string in around.keys:
            value = around.values[around.keys.index(string)]
            yield Key(module, name, place, value, around, Span(place.start, source.span(value).end))
        elif isinstance(around, ast.Subscript) and isinstance(around.ctx, ast.Store):
            statement = module.index.parents.get(around)
            if isinstance(statement, ast.Assign):
                yield Key(module, name, place, statement.value, around.value, None)
        elif isinstance(around, ast.Call) and _sets_default(around, string) and isinstance(around.func, ast.Attribute):
            yield Key(module, name, place, around.args[1], around.func.value, None)
    for call in module.index.calls:
        for item in call.keywords:
            if item.arg in names:
                yield from _given(module, call, item, item.arg or "")


def _sets_default(call: ast.Call, key: ast.Constant) -> bool:
    named = isinstance(call.func, ast.Attribute) and call.func.attr == "setdefault"
    return named and len(call.args) == 2 and call.args[0] is key


def _given(module: Module, call: ast.Call, item: ast.keyword, name: str) -> Iterator[Key]:
    """Yield the keyword of a call that puts it into a dict."""
    place = keyword_name(module, item)
    if is_dict(call):
        yield Key(module, name, place, item.value, call, module.source.span(item))
    elif (taker := keyword_taker(module, call, name)) is not None:
        yield Key(module, name, place, item.value, call, None, taker)
    elif isinstance(call.func, ast.Attribute) and call.func.attr == "update":
        yield Key(module, name, place, item.value, call.func.value, None)


def reached(key: Key) -> DictFlow:
    """Follow an entry to the calls that take it."""
    if key.taker is not None and (kwarg := key.taker[1].args.kwarg) is not None:
        return flow_of_parameter(*key.taker, kwarg, key.written)
    if key.entry is not None:
        return flow(key.module, key.dict, key.written)
    return flow_of_name(key.module, key.dict, key.written)


Followed = Callable[[Module], Sequence[tuple[Key, DictFlow]]]


def together(module: Module, followed: Followed) -> Iterator[Together]:
    """Yield what a file's entries are to be renamed with; what reaches over files is the first one's.

    ``followed`` returns the entries of a file that reach Modal, with where they go.
    """
    seen: set[Span] = set()
    for key, found in module.once(followed):
        if key.name in seen:
            continue
        group = _grown(Together((key,), found), module, followed)
        seen |= {each.name for each in group.keys if each.module is module}
        if min(group.keys, key=_order).module is module:
            yield group


def _order(key: Key) -> tuple[str, int]:
    return key.module.source.path, key.name.start


def _grown(group: Together, module: Module, followed: Followed) -> Together:
    """Return a group with all entries that share a reader with one of it."""
    name = group.keys[0].written
    project = module.project
    others = project.mentioning(name.encode()) if project is not None and group.flow.reads else ()
    readers = (read.module for read in group.flow.reads)
    waiting = [pair for each in dict.fromkeys([module, *others, *readers]) for pair in each.once(followed)]
    waiting = [(key, found) for key, found in waiting if key.written == name and key not in group.keys]
    grown = True
    while grown:
        places = set(group.places)
        sharing: list[tuple[Key, DictFlow]] = []
        apart: list[tuple[Key, DictFlow]] = []
        for key, found in waiting:
            is_apart = KeyPlace(key.module, key.name) not in places and places.isdisjoint(found.reads)
            (apart if is_apart else sharing).append((key, found))
        group = Together((*group.keys, *(key for key, _ in sharing)), joined([group.flow, *_distinct(sharing)]))
        waiting, grown = apart, bool(sharing)
    return Together(tuple(sorted(group.keys, key=_order)), group.flow)


def _distinct(pairs: Sequence[tuple[Key, DictFlow]]) -> list[DictFlow]:
    """Return the ways of entries, those once that several entries of one dict share."""
    return list({id(found): found for _, found in pairs}.values())


def said_elsewhere(module: Module, entry: DictEntry) -> tuple[KeyPlace, ...]:
    """Return the other places that say the key of an entry, where the dict goes."""
    own = KeyPlace(module, entry.key)
    same = (key for key in keys(module, {entry.name}) if key.name == entry.key)
    return tuple(dict.fromkeys(place for key in same for place in reached(key).reads if place != own))


def strays(group: Together) -> Iterator[KeyPlace]:
    """Yield what may read an entry of a group, of a dict that cannot be followed to where it is made."""
    name, known = group.keys[0].written, set(group.places)
    if group.flow.complete and not group.flow.is_walked:
        return
    homes = [key.module for key in group.keys] + [home for home, _ in group.flow.calls]
    for module in dict.fromkeys([*homes, *(read.module for read in group.flow.reads)]):
        for string in module.index.strings:
            if string.value == name and _may_read(module, string):
                place = KeyPlace(module, module.source.span(string))
                if place not in known:
                    yield place


def _may_read(module: Module, string: ast.Constant) -> bool:
    around = module.index.parents.get(string)
    if isinstance(around, ast.Subscript) and around.slice is string:
        return not _is_visible(module, around.value)
    if isinstance(around, ast.Call) and isinstance(around.func, ast.Attribute) and string in around.args[:1]:
        return around.func.attr in {"get", "pop", "setdefault"} and not _is_visible(module, around.func.value)
    if isinstance(around, ast.Compare):
        return not any(_is_visible(module, side) for side in around.comparators)
    return isinstance(around, (ast.Tuple, ast.List, ast.Set))


def _is_visible(module: Module, node: ast.expr) -> bool:
    """Tell whether a dict is made in sight, so that it would have been followed."""
    values = [found.value for found in definitions(module, node)]
    return bool(values) and all(_makes_dict(value) for value in values)


def _makes_dict(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Dict) or (isinstance(value, ast.Call) and is_dict(value))
