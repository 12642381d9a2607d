"""``MyCls.method.remote()``: a method of a class that was not instantiated."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.index import Binding
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Change, Choice, Finding, Replace, Section, Span
from modal_transforms.modal_api.classes import Source, bases, method, source_of
from modal_transforms.modal_api.lookups.tokens import name_of
from modal_transforms.sections.cls_lookup.needs import needs

CALLS = frozenset(
    "remote remote_gen spawn spawn_map map starmap for_each local web_url get_web_url get_current_stats "
    "keep_warm update_autoscaler hydrate resolve".split()
)
"""What can be done with a method of an instance."""
OWN = frozenset(
    "from_name from_local lookup with_options with_concurrency with_batching hydrate resolve object_id client app name "
    "is_hydrated deps local_uuid remote keep_warm update_autoscaler aio validate_construction_mechanism".split()
)
"""Attributes of ``modal.Cls`` itself."""
METHODS = frozenset(
    f"modal.{name}" for name in "method web_endpoint fastapi_endpoint asgi_app wsgi_app web_server batched".split()
)
"""Decorators that make a method one that Modal can call."""
MESSAGE = "a method is called on an instance: without one the call raises from 1.2.0 on"


def find_uninstantiated(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the methods that are read from a class instead of an instance of it."""
    for node in module.index.attributes:
        if not isinstance(node.ctx, ast.Load) or node.attr in OWN or node.attr.startswith("_"):
            continue
        value = module.resolve(node.value)
        if value is None or not value.sure:
            yield from _unsure(module, section, node)
        elif value.symbol == "modal.Cls()":
            source = source_of(module, node.value)
            if _is_method(module, node, source):
                yield _finding(module, section, node, source)


def _followed(module: Module, node: ast.Attribute) -> str:
    """Return what is read from an attribute."""
    parent = module.index.parents[node]
    return parent.attr if isinstance(parent, ast.Attribute) else ""


def _is_method(module: Module, node: ast.Attribute, source: Source | None) -> bool:
    """Tell whether an attribute of a class is a method that Modal calls."""
    if source is not None and source.definition is not None:
        return _defines(source.module, source.definition, node.attr)
    return _followed(module, node) in CALLS or (source is not None and _is_passed_on(module, node))


def _is_passed_on(module: Module, node: ast.Attribute) -> bool:
    parent = module.index.parents[node]
    return not isinstance(parent, (ast.Attribute, ast.Expr)) and not (
        isinstance(parent, ast.Call) and parent.func is node
    )


def _defines(home: Module, node: ast.ClassDef, name: str) -> bool:
    found = method(node, name)
    if found is None:
        for module, base, _ in bases(home, node):
            found = method(base, name) if base is not None else None
            if found is not None:
                home = module
                break
    if found is None:
        return False
    return any(symbol.removesuffix("()") in METHODS for _, symbol in home.decorators(found))


def _finding(module: Module, section: Section, node: ast.Attribute, source: Source | None) -> Finding:
    place, evidence = module.source.span(node), module.evidence(node.value)
    at = _end_of_class(module, node)
    if at is None:
        return module.finding(
            section,
            "cls-not-instantiated",
            place,
            MESSAGE,
            Applicability.MANUAL,
            (),
            evidence,
            "Write () after the class; it stands inside an f-string, which is not rewritten.",
        )
    needed = needs(module, source)
    path = module.source.path
    changes: list[Change] = [Replace(path, Span(at, at), needed.text)]
    changes += _url(module, node)
    choice = Choice("instance", "make an instance first", _effect(module, node), tuple(changes), needed.asks)
    doubts = list(needed.doubts)
    if _followed(module, node) not in CALLS:
        doubts.append("the method is handed on here, not called")
    return module.finding(
        section,
        "cls-not-instantiated",
        place,
        MESSAGE,
        Applicability.REVIEW if doubts else Applicability.SAFE,
        (choice,),
        (*doubts, *evidence),
    )


def _effect(module: Module, node: ast.Attribute) -> str:
    if _followed(module, node) == "web_url":
        return "The same address, found out by get_web_url(), which 1.4.0 has instead of web_url."
    return "The same call: Modal made the instance by itself until now."


def _url(module: Module, node: ast.Attribute) -> list[Change]:
    parent = module.index.parents[node]
    if not isinstance(parent, ast.Attribute) or parent.attr != "web_url":
        return []
    place = name_of(module, parent)
    return [Replace(module.source.path, place, "get_web_url()")] if place is not None else []


def _end_of_class(module: Module, node: ast.Attribute) -> int | None:
    """Return where the class ends and the brackets go; ``None`` where positions cannot be trusted."""
    name = name_of(module, node)
    if name is None or any(isinstance(around, ast.JoinedStr) for around in module.index.ancestors(node)):
        return None
    source = module.source
    end = at = source.span(node.value).end
    while at < name.start:
        char = source.data[at : at + 1]
        at = source.line_span(source.line_of(at)).end if char == b"#" else at + 1
        end = at if char == b")" else end
    return end


# --- a class in one branch, an instance in another -------------------------------------------------------------


def _unsure(module: Module, section: Section, node: ast.Attribute) -> Iterator[Finding]:
    if _followed(module, node) not in CALLS or not isinstance(node.value, ast.Name):
        return
    said = [(binding, _symbol(module, binding)) for binding in module.reaching(node.value)]
    classes = [binding for binding, symbol in said if symbol == "modal.Cls()"]
    if not classes:
        return
    name = node.value.id
    evidence = tuple(f"`{name}` is {_plain(symbol)}: line {_line(binding)}" for binding, symbol in said)
    lines = " and ".join(f"line {_line(binding)}" for binding in classes)
    advice = f"Make `{name}` an instance at {lines} as well: write () after the class there."
    message = f"`{name}` may be a class here, and a method is called on an instance"
    yield module.finding(
        section,
        "cls-maybe-instance",
        module.source.span(node),
        message,
        Applicability.MANUAL,
        (),
        evidence,
        advice,
    )


def _symbol(module: Module, binding: Binding) -> str:
    value = module.resolve_binding(binding)
    return value.symbol if value is not None else ""


def _plain(symbol: str) -> str:
    known = {"modal.Cls()": "a modal.Cls, not an instance", "modal.Obj()": "an instance of a Modal class"}
    return known.get(symbol, "something else")


def _line(binding: Binding) -> int:
    return getattr(binding.node, "lineno", 1)
