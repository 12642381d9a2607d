"""What is said of an old name, and how sure it is that the new one means the same."""

from __future__ import annotations

import ast

from msgspec.structs import replace

from modal_transforms.analysis.calls import keyword, keyword_name
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding
from modal_transforms.modal_api.option_keys import Together, strays
from modal_transforms.sections.autoscaler.choices import (
    NEW_NAMES,
    fitting_choices,
    is_visible,
    off_the_method,
    one_of_both,
    other_methods,
    renamed,
    renamed_keys,
)

OPTIONS = "modal.Cls().with_options"
_NEVER_OPTIONS = frozenset({"keep_warm", "_experimental_buffer_containers"})


def keyword_finding(module: Module, call: ast.Call, item: ast.keyword, callee: str) -> Finding:
    """State what becomes of an old keyword of a call of ``callee``."""
    old, new = item.arg or "", NEW_NAMES[item.arg or ""]
    if callee == OPTIONS and old in _NEVER_OPTIONS:
        return _never_taken(module, call, item)
    given = keyword(call, new)
    if given is not None:
        return _both(module, call, item, given)
    rule, message, level = "autoscaler-rename", f"{old} is now {new}", Applicability.SAFE
    choices, advice = fitting_choices(module, item) or ((), "")
    if choices:
        rule, message, level = "autoscaler-value", f"{message}, which refuses this value", Applicability.REVIEW
    elif old == "container_idle_timeout" and not is_visible(module, item.value):
        level, advice = Applicability.REVIEW, f"Check the value: modal 1.6.4 takes from 2 to 3600 for {new}."
    return module.finding(
        rule,
        keyword_name(module, item),
        message,
        level,
        choices or (renamed(module, item),),
        explain(module, call.func),
        advice,
    )


def _never_taken(module: Module, call: ast.Call, item: ast.keyword) -> Finding:
    """``Cls.with_options`` refused these two names before 1.0 as well."""
    new = NEW_NAMES[item.arg or ""]
    return module.finding(
        "autoscaler-options",
        keyword_name(module, item),
        f"with_options never took {item.arg}",
        Applicability.MANUAL,
        evidence=explain(module, call.func),
        advice=f"Delete {item.arg}, or set {new} where the class is defined, in @app.cls({new}=…).",
    )


def _both(module: Module, call: ast.Call, item: ast.keyword, given: ast.keyword) -> Finding:
    """The call has the old name and the new one: before 1.0 the old one won without a word."""
    return module.finding(
        "autoscaler-both",
        keyword_name(module, item),
        f"both {item.arg} and its new name {given.arg} are given",
        Applicability.REVIEW,
        one_of_both(module, call, item, given),
        explain(module, call.func),
    )


def key_finding(module: Module, group: Together) -> Finding:
    """State that a dict which reaches Modal has an old name as a key, and who reads it on the way."""
    old, found = group.keys[0].written, group.flow
    lines = tuple(f"passed with ** at line {call.lineno} of {home.source.path}" for home, call in found.calls)
    blockers = [f"{read.where} may read it too" for read in strays(group)]
    blockers += [f"`{name}` takes it as its parameter {old}" for name in found.parameters]
    by_hand = f"Rename {old} to {NEW_NAMES[old]} in this dict and in all that reads it from there, in one go."
    checked = "" if found.complete else f"Check that nothing else reads {old} from this dict."
    stated = module.finding(
        "autoscaler-splat",
        group.keys[0].name,
        f"{old} is now {NEW_NAMES[old]}",
        Applicability.MANUAL if blockers else Applicability.REVIEW,
        () if blockers else (renamed_keys(group),),
        (*blockers, *lines),
        by_hand if blockers else checked,
    )
    others = [place.module.source.site(place.name) for place in group.places[1:]]
    calls = [home.source.site(home.source.span(call.func)) for home, call in found.calls]
    return replace(stated, sites=(*stated.sites, *others, *calls))


def method_finding(module: Module, call: ast.Call, item: ast.keyword) -> Finding:
    """``@modal.method(keep_warm=…)`` has had no effect since 0.63 and is refused since 0.73.84."""
    return module.finding(
        "autoscaler-method",
        keyword_name(module, item),
        "keep_warm on a method has no effect and is refused",
        Applicability.REVIEW,
        tuple(off_the_method(module, call, item)),
        explain(module, call.func),
        breaks_in="0.73.84",
    )


def call_finding(module: Module, call: ast.Call, name: ast.Attribute) -> Finding:
    """State that the method of which ``name`` is the name is called otherwise now."""
    place = module.source.attribute_word(name)
    return module.finding(
        "keep-warm-method",
        place,
        ".keep_warm() was removed in 1.4.0",
        Applicability.SAFE,
        tuple(other_methods(module, call, place)),
        explain(module, call.func),
    )
