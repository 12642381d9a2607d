"""Mounts that are given to something whose origin cannot be seen: a parameter, an attribute, another library's name.

That it takes a mount says what it is: an app, an image, a sandbox. Which one, a person has to look at.
"""

from __future__ import annotations

import ast

from msgspec.structs import replace

from modal_transforms.analysis.calls import argument, keyword
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import is_none
from modal_transforms.core.model import Applicability, Finding
from modal_transforms.modal_api.images import extend_expression
from modal_transforms.sections.mount.building import copy_finding, run_function_finding
from modal_transforms.sections.mount.choices import Consumer, MountTarget
from modal_transforms.sections.mount.findings import sentences, state
from modal_transforms.sections.mount.functions import read_here
from modal_transforms.sections.mount.mount_list import NotPlain
from modal_transforms.sections.mount.translate import translate_all

_RULES = {
    "function": "mount-function",
    "cls": "mount-class",
    "create": "mount-sandbox",
    "spawn_sandbox": "mount-sandbox",
    "run_function": "mount-run-function",
}


def unseen_finding(module: Module, call: ast.Call) -> Finding | None:
    """State what becomes of the mounts of a call on an unknown object; ``None`` where only a person can tell."""
    method = call.func
    if not isinstance(method, ast.Attribute) or module.symbol(method) or module.resolve(method.value) is not None:
        return None
    if method.attr == "copy_mount":
        return _checked(module, copy_finding(module, call, method), argument(call, 0, "mount"), method)
    item = keyword(call, "mounts")
    if item is None or method.attr not in _RULES or not _has_mounts(module, item.value):
        return None
    if method.attr == "run_function":
        found = run_function_finding(module, call, method.value, item)
        return _checked(module, found, item.value, method)
    image = keyword(call, "image")
    if image is None or is_none(image.value):
        return None
    given = _given(module, call, item, image.value)
    return None if given is None else _checked(module, given, item.value, method)


def _given(module: Module, call: ast.Call, item: ast.keyword, image: ast.expr) -> Finding | None:
    """State that what a call's ``mounts=`` holds is added to the image beside it."""
    source = module.source
    try:
        reading, doubts = read_here(module, item.value, call)
        additions = translate_all(reading.entries)
    except NotPlain:
        return None
    assert isinstance(call.func, ast.Attribute)
    rule, place = _RULES[call.func.attr], source.span(item)
    what = "the sandbox" if rule == "mount-sandbox" else _name(module, call)
    target = MountTarget(
        "add", "add them to the image beside them", lambda links: extend_expression(module, image, *links)
    )
    consumer = Consumer(module, rule, what, call, source.span(call), place, reading, additions, doubts)
    return state(consumer, [target])


def _name(module: Module, call: ast.Call) -> str:
    decorated = module.index.parents.get(call)
    if isinstance(decorated, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return decorated.name
    return "the function"


def _has_mounts(module: Module, value: ast.expr) -> bool:
    elements = value.elts if isinstance(value, (ast.List, ast.Tuple)) else []
    return bool(elements) and all(module.symbol(each) == "modal.Mount()" for each in elements)


def _checked(module: Module, found: Finding, mounts: ast.expr | None, method: ast.Attribute) -> Finding | None:
    """Return a finding for review that says what could not be seen; ``None`` when there is nothing to apply."""
    if mounts is None or not found.choices:
        return None
    elements = mounts.elts if isinstance(mounts, (ast.List, ast.Tuple)) else [mounts]
    calls = [each for each in elements if isinstance(each, ast.Call)]
    if not calls or module.symbol(calls[0]) != "modal.Mount()":
        return None
    receiver = module.source.written(method.value)
    doubt = sentences([f"where `{receiver}` comes from cannot be seen: that it takes a mount says that it is Modal's"])
    return replace(
        found,
        applicability=Applicability.REVIEW,
        evidence=explain(module, calls[0].func),
        advice=f"{doubt} {found.advice}".strip(),
    )
