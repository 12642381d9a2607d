"""What is said of an update of an autoscaler, and how it is written anew."""

from __future__ import annotations

import ast

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Change, Choice, Finding, RemoveArgument, Replace, Section, Span
from modal_transforms.modal_api.lookups.tokens import Method
from modal_transforms.sections.autoscaler_api.detect import EXPERIMENTAL, Update

_NEEDS = "Needs modal 1.6.2 or newer."
_MAYBE = "Check that {0} cannot be None: None left the setting as it was, and now takes it back."
_INSTANCE = (
    "Leave it: instances of classes have no autoscaler yet, and the call still works on 1.6.4. Or deploy the class "
    "with the settings that you want."
)
_METHOD = "Call it on the instance: the SDK refuses it on a method."
_BY_HAND = "Write f.autoscaler.update(...), with the settings named and without those that are None."


def update_finding(module: Module, section: Section, update: Update) -> Finding:
    """State that an autoscaler is updated by the old API."""
    found = update.found
    place = found.name or module.source.span(module.index.statement(found.call))
    evidence = explain(module, found.attribute)
    if update.is_of_method or update.owner.startswith("modal.Obj()"):
        advice = _METHOD if update.is_of_method else _INSTANCE
        message = "update_autoscaler warns since 1.6.2; instances have nothing in its place"
        rule = "autoscaler-instance"
        return module.finding(section, rule, place, message, Applicability.MANUAL, evidence=evidence, advice=advice)
    is_experimental = update.owner == "modal.experimental"
    message = f"{EXPERIMENTAL} went in 1.2.0" if is_experimental else "update_autoscaler warns since 1.6.2"
    breaks_in = "1.2.0" if is_experimental else ""
    changes = _moved(found) if is_experimental else _renamed(found)
    if changes is None:
        rule, level = "autoscaler-update-by-hand", Applicability.MANUAL
        return module.finding(
            section, rule, place, message, level, evidence=evidence, advice=_BY_HAND, breaks_in=breaks_in
        )
    effect = f"The same settings; those given as None stay as they are. {_NEEDS}"
    choice = Choice("update", "autoscaler.update(…)", effect, (*changes, *_without_none(found)))
    unsure = [item.arg or "" for item in found.call.keywords if not isinstance(item.value, ast.Constant)]
    advice = _MAYBE.format(", ".join(unsure)) if unsure else ""
    return module.finding(
        section,
        "autoscaler-update",
        place,
        message,
        Applicability.REVIEW,
        (choice,),
        evidence,
        advice,
        breaks_in=breaks_in,
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
