"""The ways to make the instance first."""

from __future__ import annotations

import ast

from msgspec import Struct

from modal_transforms.analysis.calls import argument
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.string_literals import literal
from modal_transforms.core.model import Change, Choice, Replace, Span
from modal_transforms.modal_api.lookups.parameters import LookupArguments
from modal_transforms.modal_api.lookups.results import Result
from modal_transforms.modal_api.lookups.tokens import Method, name_of, new_url, without_aio, without_await
from modal_transforms.modal_api.naming import modal_name
from modal_transforms.modal_api.needs import FROM_NAME, FROM_NAME_CLIENT
from modal_transforms.sections.cls_lookup.loops import above_the_loop
from modal_transforms.sections.cls_lookup.needs import Needs

CALLS = frozenset(
    "remote remote_gen spawn spawn_map map starmap for_each local web_url get_web_url get_current_stats "
    "keep_warm update_autoscaler hydrate resolve".split()
)
"""What can be done with a method of an instance."""


def followed(module: Module, node: ast.Attribute) -> str:
    """Return what is read from an attribute."""
    parent = module.index.parents[node]
    return parent.attr if isinstance(parent, ast.Attribute) else ""


class MethodName(Struct, frozen=True):
    """The argument that says ``Cls.method``, taken apart."""

    node: ast.expr
    owner: str
    name: str
    after_owner: Span
    """The bytes of ``.method``."""


def method_name(found: Method) -> MethodName | None:
    """Return the class and the method that a lookup names; ``None`` where they are not written out."""
    call = found.call
    node = argument(call, 1, "name") or argument(call, 1, "tag")
    written = literal(found.module.source, node) if isinstance(node, ast.Constant) else None
    if node is None or written is None or _is_in_text(found):
        return None
    owner, _, name = written.text.partition(".")
    if not (owner.isidentifier() and name.isidentifier()):
        return None
    return MethodName(node, owner, name, written.span(len(owner), len(written.text)))


def _is_in_text(found: Method) -> bool:
    return any(isinstance(around, ast.JoinedStr) for around in found.module.index.ancestors(found.call))


def name_choices(
    found: Method, place: Span, parts: MethodName, arguments: LookupArguments, needed: Needs, used: Result
) -> tuple[Choice, ...]:
    """Return the choices for a lookup of ``Cls.method``, the recommended one first."""
    path, end = found.module.source.path, found.module.source.span(found.call).end
    shared = [*_class_name(found), *arguments.changes, *without_aio(found)]
    shared += [Replace(path, place, "from_name")] if found.attribute.attr == "lookup" else []
    shared.append(Replace(path, parts.after_owner, ""))
    instance = f"{needed.text}.{parts.name}"
    label = f"{parts.owner} by name, then {instance if not needed.asks else f'its method {parts.name}'}"
    lazy = Choice(
        "instance",
        label,
        "The same method of a new instance; Modal is asked at first use.",
        (*shared, *without_await(found), *arguments.name_client, Replace(path, Span(end, end), instance)),
        needed.asks,
        FROM_NAME["modal.Cls"] if arguments.client is None else FROM_NAME_CLIENT,
    )
    if not (used.eager or arguments.client is not None) or (found.is_aio and found.awaited is None):
        return (lazy,)
    text, what, effect = _hydrating(found, arguments, instance, used)
    changes = (*shared, *([] if found.is_aio else without_await(found)), *arguments.take_client)
    hydrate = Choice(
        "hydrate",
        f"{label}, and .hydrate() {what}",
        effect,
        (*changes, Replace(path, Span(end, end), text)),
        needed.asks,
    )
    return (hydrate, lazy)


def _hydrating(found: Method, arguments: LookupArguments, instance: str, used: Result) -> tuple[str, str, str]:
    """Return what asks Modal at once, behind the class: of the class, or of the method where that has to be known."""
    source = found.module.source
    client = source.written(arguments.client) if arguments.client is not None else ""
    if used.does_travel:
        effect = "Modal is asked for the method at once, so that it can be serialized."
    elif found.is_aio:
        effect = "Modal is asked for the method at once, as before."
    else:
        effect = "Modal is asked for the class at once; whether it has the method is seen at first use."
        return f".hydrate({client}){instance}", "the class", effect
    return f"{instance}.hydrate{'.aio' if found.is_aio else ''}({client})", "the method", effect


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


def instance_choices(module: Module, node: ast.Attribute, at: int, needed: Needs) -> tuple[Choice, ...]:
    """Return the choices to make an instance of a class before a method is read from it, in a loop one for all.

    ``at`` is where brackets go that make it in place.
    """
    url = _url(module, node)
    needs = FROM_NAME["modal.Cls"] if module.symbol(node.value) == "modal.Cls()" else ""
    changes = (Replace(module.source.path, Span(at, at), needed.text), *url)
    place = Choice("instance", "make an instance first", _effect(module, node), changes, needed.asks, needs)
    above = above_the_loop(module, node) if needed.text == "()" else None
    if above is None:
        return (place,)
    name, made = above
    effect = f"The same calls, of one instance, `{name}`: Modal made one in each round by itself until now."
    return Choice("above", "make one instance above the loop", effect, (*made, *url), (), needs), place


def _effect(module: Module, node: ast.Attribute) -> str:
    if followed(module, node) == "web_url":
        return "The same address, found out by get_web_url(), which 1.4.0 has instead of web_url."
    return "The same call: Modal made the instance by itself until now."


def _url(module: Module, node: ast.Attribute) -> list[Replace]:
    parent = module.index.parents[node]
    if not isinstance(parent, ast.Attribute) or parent.attr != "web_url":
        return []
    return new_url(module, parent)


def end_of_class(module: Module, node: ast.Attribute) -> int | None:
    """Return where the class ends and the brackets go; ``None`` where positions cannot be trusted."""
    name = name_of(module, node)
    if name is None or any(isinstance(around, ast.JoinedStr) for around in module.index.ancestors(node)):
        return None
    source = module.source
    end = at = source.span(node.value).end
    while at < name.start:
        char = source.data[at : at + 1]
        at = source.line_at(at).end if char == b"#" else at + 1
        end = at if char == b")" else end
    return end
