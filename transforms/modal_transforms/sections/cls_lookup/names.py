"""``Function.from_name("app", "Cls.method")``: look up the class, instantiate it, read the method."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.calls import argument
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.string_literals import literal
from modal_transforms.core.model import Applicability, Change, Choice, Finding, Replace, Section, Span
from modal_transforms.modal_api.classes import text_of
from modal_transforms.modal_api.lookups.method_names import names_a_method
from modal_transforms.modal_api.lookups.parameters import LookupArguments, given
from modal_transforms.modal_api.lookups.results import result
from modal_transforms.modal_api.lookups.tokens import Method, method, name_of, without_aio, without_await
from modal_transforms.modal_api.naming import modal_name
from modal_transforms.sections.cls_lookup.needs import Needs, looked_up

MESSAGE = 'a method is not a function any more: "Cls.method" is refused from 1.4.0 on'


def find_names(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the functions that are looked up as ``Cls.method``."""
    for call in module.index.calls:
        found = method(module, call, "lookup") or method(module, call, "from_name")
        if found is None or not names_a_method(module, call):
            continue
        if module.symbol(found.attribute) in {"modal.Function.lookup", "modal.Function.from_name"}:
            yield _finding(section, found)


class _Parts(Struct, frozen=True):
    """The argument that says ``Cls.method``, taken apart."""

    node: ast.expr
    owner: str
    name: str
    after_owner: Span
    """The bytes of ``.method``."""


def _finding(section: Section, found: Method) -> Finding:
    module, call = found.module, found.call
    place = module.source.span(call)
    evidence = module.evidence(call.func)
    arguments = given(module, call, "modal.Function")
    parts = _parts(found)
    if parts is None or arguments.refusal or found.name is None:
        reason = (arguments.refusal,) if arguments.refusal else ()
        advice = _advice(call)
        return module.finding(
            section, "cls-method-name", place, MESSAGE, Applicability.MANUAL, (), (*reason, *evidence), advice
        )
    needed = looked_up(module, text_of(argument(call, 0, "app_name")), parts.owner)
    used = result(module, found.whole, "modal.Function")
    doubts = [*needed.doubts, *used.eager, *used.doubts, *arguments.doubts]
    doubts += ["from_name has no .aio and its result cannot be awaited"] if found.is_aio else []
    choices = _choices(found, found.name, parts, arguments, needed, bool(used.eager))
    applicability = Applicability.REVIEW if doubts else Applicability.SAFE
    return module.finding(section, "cls-method-name", place, MESSAGE, applicability, choices, (*doubts, *evidence))


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


def _parts(found: Method) -> _Parts | None:
    call = found.call
    node = argument(call, 1, "name") or argument(call, 1, "tag")
    written = literal(found.module.source, node) if isinstance(node, ast.Constant) else None
    if node is None or written is None or _is_in_text(found):
        return None
    owner, _, name = written.text.partition(".")
    if not (owner.isidentifier() and name.isidentifier()):
        return None
    return _Parts(node, owner, name, written.span(len(owner), len(written.text)))


def _is_in_text(found: Method) -> bool:
    return any(isinstance(around, ast.JoinedStr) for around in found.module.index.ancestors(found.call))


def _choices(
    found: Method, place: Span, parts: _Parts, arguments: LookupArguments, needed: Needs, is_eager: bool
) -> tuple[Choice, ...]:
    path, end = found.module.source.path, found.module.source.span(found.call).end
    shared = [*_class_name(found), *arguments.changes, *without_aio(found), *without_await(found)]
    shared += [Replace(path, place, "from_name")] if found.attribute.attr == "lookup" else []
    shared.append(Replace(path, parts.after_owner, ""))
    instance = f"{needed.text}.{parts.name}"
    label = f"{parts.owner} by name, then {instance if not needed.asks else f'its method {parts.name}'}"
    lazy = Choice(
        "instance",
        label,
        "The same method of a new instance; Modal is asked at first use.",
        (*shared, *arguments.name_client, Replace(path, Span(end, end), instance)),
        needed.asks,
    )
    source = found.module.source
    client = source.slice(source.span(arguments.client)) if arguments.client is not None else ""
    text = f".hydrate({client}){instance}"
    hydrate = Choice(
        "hydrate",
        f"{label}, and .hydrate() the class",
        "Modal is asked for the class at once; whether it has the method is seen at first use.",
        (*shared, *arguments.take_client, Replace(path, Span(end, end), text)),
        needed.asks,
    )
    if found.is_aio:
        return (lazy,)
    if is_eager or arguments.client is not None:
        return (hydrate, lazy)
    return (lazy,)


def _class_name(found: Method) -> list[Change]:
    """Return the changes that write ``modal.Cls`` for ``modal.Function``."""
    module, owner = found.module, found.attribute.value
    path = module.source.path
    if isinstance(owner, ast.Attribute) and module.symbol(owner.value) == "modal":
        place = name_of(module, owner)
        if place is not None:
            return [Replace(path, place, "Cls")]
    text, needs = modal_name(module, owner, "Cls")
    return [Replace(path, module.source.span(owner), text), *needs]
