"""What a call of ``lookup`` passes, and the changes that make ``from_name`` take it."""

from __future__ import annotations

import ast

from msgspec import Struct, field

from modal_transforms.analysis.calls import keyword_name, splatted
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Change, RemoveArgument, Replace, Span

_NAMED = ("name", "namespace", "client", "environment_name", "create_if_missing")
PARAMETERS = {
    "modal.Function": ("app_name", "name", "namespace", "client", "environment_name"),
    "modal.Cls": ("app_name", "name", "namespace", "client", "environment_name", "workspace"),
    "modal.Volume": (*_NAMED, "version"),
    "modal.Secret": ("name", "namespace", "client", "environment_name", "required_keys"),
    "modal.Dict": ("name", "data", "namespace", "client", "environment_name", "create_if_missing"),
    "modal.Queue": _NAMED,
    "modal.NetworkFileSystem": _NAMED,
    "modal.Environment": ("name", "client", "create_if_missing"),
}
"""The parameters of ``lookup`` in order, by class."""

OLD_NAMES = {"label": "name", "tag": "name"}
DROPPED = frozenset({"namespace", "workspace"})
_UNPACKED = DROPPED | OLD_NAMES.keys() | {"client", "data"}


class LookupArguments(Struct):
    """What a call passes beyond what both methods take alike."""

    changes: list[Change] = field(default_factory=list)
    """What every choice does to the arguments."""
    client: ast.expr | None = None
    take_client: list[Change] = field(default_factory=list)
    """Takes the client out."""
    name_client: list[Change] = field(default_factory=list)
    """Leaves the client in, by its name."""
    data: ast.expr | None = None
    doubts: list[str] = field(default_factory=list)
    """Why a person should look."""
    refusal: str = ""
    """Why it cannot be rewritten."""


def given(module: Module, call: ast.Call, owner: str) -> LookupArguments:
    """Return what a call of ``owner.lookup`` passes."""
    found = LookupArguments()
    names = PARAMETERS[owner]
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        found.refusal = "its arguments are unpacked from a sequence"
    elif len(call.args) > len(names):
        found.refusal = "it passes more arguments than lookup takes"
    else:
        leading = 2 if names[0] == "app_name" else 1
        for position, argument in enumerate(call.args):
            if position >= leading:
                _take(module, call, found, names[position], argument, None)
    for item in call.keywords:
        if item.arg is None:
            _unpacked(module, call, found)
        else:
            _take(module, call, found, item.arg, item.value, item)
    return found


def _take(
    module: Module, call: ast.Call, found: LookupArguments, name: str, value: ast.expr, item: ast.keyword | None
) -> None:
    path, source = module.source.path, module.source
    start = source.span(value).start
    spelled: list[Change] = [] if item is not None else [Replace(path, Span(start, start), f"{name}=")]
    removed = RemoveArgument(path, source.span(call), source.span(item if item is not None else value))
    if name in DROPPED:
        found.changes.append(removed)
        found.doubts.append(f"{name}= goes: from_name does not take it")
        if "GLOBAL" in source.written(value):
            found.doubts.append("the global namespace has no counterpart: it is looked up in your own workspace now")
    elif name in {"client", "data"} and isinstance(value, ast.Constant) and value.value is None:
        found.changes.append(removed)
    elif name == "client":
        found.client, found.take_client, found.name_client = value, [removed], spelled
        found.doubts.append("from_name takes client= only from modal 1.2.2 on; hydrate takes it everywhere")
    elif name == "data":
        found.data = value
        found.changes.append(removed)
        found.doubts.append("data= goes: from_name does not take it from 1.4.0 on")
    elif name in OLD_NAMES and item is not None:
        found.changes.append(Replace(path, keyword_name(module, item), OLD_NAMES[name]))
    else:
        found.changes += spelled
        if spelled:
            found.doubts.append(f"{name} was given by position; from_name takes it by name")


def _unpacked(module: Module, call: ast.Call, found: LookupArguments) -> None:
    refused = sorted(entry.name for entry in splatted(module, call) if entry.name in _UNPACKED)
    if refused:
        found.refusal = f"it unpacks a dict with {', '.join(refused)}, which from_name does not take"
    found.doubts.append("keywords are unpacked here: from_name takes no namespace, client, data or label among them")
