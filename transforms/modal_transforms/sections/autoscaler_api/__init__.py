"""``update_autoscaler`` of functions and servers, which is ``autoscaler.update`` since 1.6.2.

``None`` left a setting as it was; now it lifts the limit, or sets 0. Instances of classes have no ``autoscaler``.

    embed.update_autoscaler(min_containers=2)    ->    embed.autoscaler.update(min_containers=2)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Change, Choice, Finding, RemoveArgument, Replace, Section, Span
from modal_transforms.core.target import TARGET
from modal_transforms.modal_api import history
from modal_transforms.modal_api.api_uses import known_uses
from modal_transforms.modal_api.lookups.tokens import Method, method

SECTION = Section(
    slug="autoscaler-api",
    title="Updates of the autoscaler",
    since="1.6.2",
    subject="update autoscalers by their own API",
    what=(
        "update_autoscaler of a function or server is autoscaler.update, and modal.experimental.update_autoscaler(f) "
        "is f.autoscaler.update. None, which left a setting as it was, now takes it back."
    ),
    why=(
        "update_autoscaler warns and will be removed; modal.experimental.update_autoscaler went in 1.2.0. "
        "autoscaler.update exists from 1.6.2 on."
    ),
    before="embed.update_autoscaler(min_containers=2, max_containers=None)",
    after="embed.autoscaler.update(min_containers=2)",
)

_NEEDS = "Needs modal 1.6.2 or newer."
_MAYBE = "Check that {0} cannot be None: None left the setting as it was, and now takes it back."
_INSTANCE = (
    "Leave it: instances of classes have no autoscaler yet, and the call still works on 1.6.4. Or deploy the class "
    "with the settings that you want."
)
_METHOD = "Call it on the instance: the SDK refuses it on a method."
_BY_HAND = "Write f.autoscaler.update(...), with the settings named and without those that are None."

_NAME = "update_autoscaler"
_EXPERIMENTAL = f"modal.experimental.{_NAME}"


class _Update(Struct, frozen=True):
    """A call of ``update_autoscaler``."""

    found: Method
    owner: str
    """Whose it is: ``modal.Function()``, ``modal.Server()``, ``modal.Obj()``, ``modal.experimental``."""
    is_of_method: bool
    """Whether it is asked of a method of an instance, which the SDK refuses."""


def find(module: Module) -> Iterator[Finding]:
    """Yield the calls of ``update_autoscaler`` in a file."""
    for update in _updates(module):
        yield _update_finding(module, update)


def _update_finding(module: Module, update: _Update) -> Finding:
    """State that an autoscaler is updated by the old API."""
    found = update.found
    place = found.name or module.source.span(module.index.statement(found.call))
    evidence = explain(module, found.attribute)
    if update.is_of_method or update.owner.startswith("modal.Obj()"):
        advice = _METHOD if update.is_of_method else _INSTANCE
        message = "update_autoscaler warns since 1.6.2; instances have nothing in its place"
        rule = "autoscaler-instance"
        return module.finding(rule, place, message, Applicability.MANUAL, evidence=evidence, advice=advice)
    is_experimental = update.owner == "modal.experimental"
    message = f"{_EXPERIMENTAL} went in 1.2.0" if is_experimental else "update_autoscaler warns since 1.6.2"
    breaks_in = "1.2.0" if is_experimental else ""
    changes = _moved(found) if is_experimental else _renamed(found)
    if changes is None:
        rule, level = "autoscaler-update-by-hand", Applicability.MANUAL
        return module.finding(rule, place, message, level, evidence=evidence, advice=_BY_HAND, breaks_in=breaks_in)
    effect = f"The same settings; those given as None stay as they are. {_NEEDS}"
    choice = Choice("update", "autoscaler.update(…)", effect, (*changes, *_without_none(found)))
    unsure = [item.arg or "" for item in found.call.keywords if not isinstance(item.value, ast.Constant)]
    advice = _MAYBE.format(", ".join(unsure)) if unsure else ""
    return module.finding(
        "autoscaler-update", place, message, Applicability.REVIEW, (choice,), evidence, advice, breaks_in=breaks_in
    )


def _renamed(found: Method) -> list[Change] | None:
    """Return the changes of ``f.update_autoscaler``; ``None`` where they would not be the whole of it."""
    if found.name is None or found.call.args or not _is_named(found.call):
        return None
    return [Replace(found.module.source.path, found.name, "autoscaler.update")]


def _moved(found: Method) -> list[Change] | None:
    """Return the changes that ask the function itself, which was the first argument."""
    source, arguments = found.module.source, found.call.args
    if found.name is None or len(arguments) != 1 or not _is_named(found.call):
        return None
    first = arguments[0]
    if not isinstance(first, (ast.Name, ast.Attribute, ast.Call)):
        return None
    callee = Span(source.span(found.attribute).start, source.span(found.attribute).end)
    return [
        Replace(source.path, callee, f"{source.written(first)}.autoscaler.update"),
        RemoveArgument(source.path, source.span(found.call), source.span(first)),
    ]


def _without_none(found: Method) -> list[Change]:
    """Return the changes that leave out what is ``None``."""
    source, call = found.module.source, found.call
    none = [item for item in call.keywords if isinstance(item.value, ast.Constant) and item.value.value is None]
    return [RemoveArgument(source.path, source.span(call), source.span(item)) for item in none]


def _is_named(call: ast.Call) -> bool:
    """Tell whether all settings are written out by name."""
    return all(item.arg for item in call.keywords)


def _updates(module: Module) -> Iterator[_Update]:
    """Yield the calls of the old API whose owner is known."""
    owners = {use.node: history.short_name(use.way, TARGET) for use in known_uses(module) if use.name == _NAME}
    for call in module.index.calls:
        found = method(module, call, _NAME)
        if found is not None:
            written = module.symbol(found.attribute)
            is_instance = written.startswith("modal.Obj()")
            owner = (written if is_instance else owners.get(found.attribute, "")).removesuffix(f".{_NAME}")
            if owner in {"modal.Function()", "modal.Server()", "modal.experimental"} or is_instance:
                yield _Update(found, owner, _is_of_method(module, found.attribute.value))


def _is_of_method(module: Module, receiver: ast.expr) -> bool:
    """Tell whether something is a method of an instance: ``Model().run``, ``self.run``."""
    if not isinstance(receiver, ast.Attribute):
        return False
    value = module.resolve(receiver)
    return value is not None and (value.symbol == "local.function" or value.symbol.startswith("modal.Obj()."))
