"""Stored objects made and deleted by name: by ``X.objects`` since 1.1.2, no longer by the class itself.

modal.Volume.delete("old")    ->    modal.Volume.objects.delete("old")
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword, keyword_name
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Change, Choice, Finding, RemoveArgument, Replace, Section, Span
from modal_transforms.modal_api.lookups.tokens import Method, method

SECTION = Section(
    slug="object-managers",
    title="Stored objects, made and deleted",
    since="1.1.2",
    breaks_in="1.5.0",
    subject="manage stored objects by their managers",
    what=(
        "Volume, Dict and Queue.delete are objects.delete; Volume and Secret.create_deployed are objects.create, which "
        "gives nothing back."
    ),
    why="AttributeError from 1.5.0 on, when the line is run. objects exists from 1.1.2 on.",
    before='modal.Volume.delete("old")',
    after='modal.Volume.objects.delete("old")',
)

_PARAMETERS = {
    "modal.Volume.delete": ("name", "client", "environment_name"),
    "modal.Dict.delete": ("name",),
    "modal.Queue.delete": ("name",),
    "modal.Volume.create_deployed": ("deployment_name", "namespace", "client", "environment_name", "version"),
    "modal.Secret.create_deployed": (
        "deployment_name",
        "env_dict",
        "namespace",
        "client",
        "environment_name",
        "overwrite",
    ),
}
"""What could be given by position, until it went."""
_STAYS = {"name", "deployment_name", "env_dict"}
"""What still can."""
_NEEDS = "Needs modal 1.1.2 or newer."
_RESULT = "objects.create gives nothing back: where the id is needed, ask X.from_name(name).hydrate() for .object_id."
_OVERWRITE = "objects.create does not overwrite: objects.delete(name, allow_missing=True) first, if that is meant."

_DELETED = frozenset({"modal.Volume.delete", "modal.Dict.delete", "modal.Queue.delete"})
_MADE = frozenset({"modal.Volume.create_deployed", "modal.Secret.create_deployed"})


def find(module: Module) -> Iterator[Finding]:
    """Yield the calls of a file that make or delete stored objects by their class."""
    for found in _old_calls(module):
        yield _call_finding(found)


def _call_finding(found: Method) -> Finding:
    """State that a stored object is made or deleted by its manager now."""
    module, symbol = found.module, found.module.symbol(found.attribute)
    new = "delete" if symbol in _DELETED else "create"
    place = found.name or module.source.span(module.index.statement(found.call))
    message = f"{symbol} went in 1.5.0; {symbol.rpartition('.')[0]}.objects.{new} does it"
    evidence = explain(module, found.attribute)
    why_not = _obstacle(found, symbol)
    if why_not:
        advice = f"Write objects.{new}(name, ...). {why_not}"
        level = Applicability.MANUAL
        return module.finding(f"object-{new}-by-hand", place, message, level, evidence=evidence, advice=advice)
    effect = f"The same. {_NEEDS}" if new == "delete" else f"The same; it fails if there is one already. {_NEEDS}"
    assert found.name is not None
    rename = Replace(module.source.path, found.name, f"objects.{new}")
    choice = Choice(
        "manager", f"objects.{new}", effect, (rename, *_arguments(found, _PARAMETERS[symbol])), needs="1.1.2"
    )
    return module.finding(f"object-{new}", place, message, Applicability.REVIEW, (choice,), evidence)


def _obstacle(found: Method, symbol: str) -> str:
    """Return why a person has to rewrite a call; empty where nobody has to."""
    call, module = found.call, found.module
    names = [item.arg for item in call.keywords]
    spread = None in names or any(isinstance(each, ast.Starred) for each in call.args)
    in_text = any(isinstance(around, ast.JoinedStr) for around in module.index.ancestors(call))
    parameters = _PARAMETERS[symbol]
    if spread or in_text or found.name is None or len(call.args) > len(parameters) or not (call.args or call.keywords):
        return "Give what it takes by name."
    if symbol in _DELETED:
        return ""
    if "overwrite" in names or len(call.args) > 5:
        return _OVERWRITE
    is_used = not isinstance(module.index.parents[found.whole], ast.Expr)
    return _RESULT if is_used else ""


def _arguments(found: Method, parameters: tuple[str, ...]) -> list[Change]:
    """Return the changes that name what could be given by position, and leave out what says nothing any more."""
    source, call = found.module.source, found.call
    changes: list[Change] = []
    for name, given in zip(parameters, call.args, strict=False):
        place = source.span(given)
        if name == "namespace":
            changes.append(RemoveArgument(source.path, source.span(call), place))
        elif name not in _STAYS:
            changes.append(Replace(source.path, Span(place.start, place.start), f"{name}="))
    named = keyword(call, "namespace")
    if named is not None:
        changes.append(RemoveArgument(source.path, source.span(call), source.span(named)))
    old = keyword(call, "deployment_name")
    if old is not None:
        changes.append(Replace(source.path, keyword_name(found.module, old), "name"))
    return changes


def _old_calls(module: Module) -> Iterator[Method]:
    """Yield the calls of what went in 1.5.0, in source order."""
    for call in module.index.calls:
        for name in ("delete", "create_deployed"):
            found = method(module, call, name)
            if found is not None and module.symbol(found.attribute) in _DELETED | _MADE:
                yield found
