"""What is said of a method without an instance, and what a person should look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import argument
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.index import Binding
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import text_of
from modal_transforms.core.model import Applicability, Finding
from modal_transforms.modal_api.classes import Source
from modal_transforms.modal_api.lookups.parameters import given
from modal_transforms.modal_api.lookups.results import result
from modal_transforms.modal_api.lookups.tokens import Method
from modal_transforms.sections.cls_lookup.choices import (
    CALLS,
    end_of_class,
    followed,
    instance_choices,
    method_name,
    name_choices,
)
from modal_transforms.sections.cls_lookup.needs import looked_up, needs

NAMED = 'a method is not a function any more: "Cls.method" is refused from 1.4.0 on'
UNINSTANTIATED = "a method is called on an instance: without one the call raises from 1.2.0 on"


def name_finding(found: Method) -> Finding:
    """State what becomes of a function that is looked up as ``Cls.method``."""
    module, call = found.module, found.call
    place = module.source.span(call)
    evidence = explain(module, call.func)
    arguments = given(module, call, "modal.Function")
    parts = method_name(found)
    if parts is None or arguments.refusal or found.name is None:
        reason = (arguments.refusal,) if arguments.refusal else ()
        advice = _advice(call)
        return module.finding("cls-method-name", place, NAMED, Applicability.MANUAL, (), (*reason, *evidence), advice)
    needed = looked_up(module, text_of(argument(call, 0, "app_name")), parts.owner)
    used = result(module, found.whole, "modal.Function")
    doubts = [*needed.doubts, *used.eager, *used.doubts, *arguments.doubts]
    doubts += ["from_name has no .aio and its result cannot be awaited"] if found.is_aio else []
    choices = name_choices(found, found.name, parts, arguments, needed, used)
    applicability = Applicability.REVIEW if doubts else Applicability.SAFE
    return module.finding("cls-method-name", place, NAMED, applicability, choices, (*doubts, *evidence))


def _advice(call: ast.Call) -> str:
    name = text_of(argument(call, 1, "name"))
    if name is not None and name.endswith(".*"):
        return (
            f'Look the class up, modal.Cls.from_name(app, "{name[:-2]}"), and use the instance: '
            "its update_autoscaler() is for all its methods."
        )
    return (
        "Part the name at its dot, look up the class with modal.Cls.from_name(app, cls), instantiate it, and read the "
        "method from the instance: getattr(Cls(), method) where its name is not known."
    )


def class_finding(module: Module, node: ast.Attribute, source: Source | None) -> Finding:
    """State that a method is read from a class; ``source`` is where the class comes from."""
    place, evidence = module.source.span(node), explain(module, node.value)
    at = end_of_class(module, node)
    if at is None:
        return module.finding(
            "cls-not-instantiated",
            place,
            UNINSTANTIATED,
            Applicability.MANUAL,
            (),
            evidence,
            "Write () after the class; it stands inside an f-string, which is not rewritten.",
        )
    needed = needs(module, source)
    doubts = list(needed.doubts)
    if followed(module, node) not in CALLS:
        doubts.append("the method is handed on here, not called")
    read = module.index.parents[node]
    if followed(module, node) == "web_url" and isinstance(module.index.parents[read], ast.Await):
        doubts.append("its address is awaited here, which a text cannot be")
    return module.finding(
        "cls-not-instantiated",
        place,
        UNINSTANTIATED,
        Applicability.REVIEW if doubts else Applicability.SAFE,
        instance_choices(module, node, at, needed),
        (*doubts, *evidence),
    )


def unsure_findings(module: Module, node: ast.Attribute, owner: ast.Name) -> Iterator[Finding]:
    """Yield that a method is read from ``owner``, a name that is a class in one branch and an instance in another."""
    said = [(binding, _symbol(module, binding)) for binding in module.reaching(owner)]
    classes = [binding for binding, symbol in said if symbol == "modal.Cls()"]
    if not classes:
        return
    name = owner.id
    evidence = tuple(f"`{name}` is {_plain(symbol)}: line {_line(binding)}" for binding, symbol in said)
    lines = " and ".join(f"line {_line(binding)}" for binding in classes)
    advice = f"Make `{name}` an instance at {lines} as well: write () after the class there."
    message = f"`{name}` may be a class here, and a method is called on an instance"
    yield module.finding(
        "cls-maybe-instance", module.source.span(node), message, Applicability.MANUAL, (), evidence, advice
    )


def _symbol(module: Module, binding: Binding) -> str:
    value = module.resolve_binding(binding)
    return value.symbol if value is not None else ""


def _plain(symbol: str) -> str:
    known = {"modal.Cls()": "a modal.Cls, not an instance", "modal.Obj()": "an instance of a Modal class"}
    return known.get(symbol, "something else")


def _line(binding: Binding) -> int:
    return getattr(binding.node, "lineno", 1)
