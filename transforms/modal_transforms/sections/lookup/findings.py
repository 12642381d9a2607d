"""What is said of a lookup and of the old spellings around it."""

from __future__ import annotations

import ast

from msgspec.structs import replace

from modal_transforms.analysis.calls import keyword, keyword_name
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Span
from modal_transforms.modal_api.lookups.parameters import OLD_NAMES, given
from modal_transforms.modal_api.lookups.results import Result, result
from modal_transforms.modal_api.lookups.tokens import Method, name_of
from modal_transforms.modal_api.named_attributes import NamedAttribute
from modal_transforms.modal_api.needs import FROM_NAME, latest
from modal_transforms.sections.lookup.choices import (
    called_url,
    hydrated,
    lookup_choices,
    renamed_keyword,
    renamed_reference,
    url_choices,
    without_namespace,
)


def lookup_finding(found: Method, owner: str) -> Finding:
    """State what becomes of a call of ``lookup`` on the class ``owner``."""
    module = found.module
    evidence = explain(module, found.call.func)
    place = found.name
    message = f"{owner.removeprefix('modal.')}.lookup was removed in 1.2.0"
    arguments = given(module, found.call, owner)
    if place is None or arguments.refusal:
        reason = arguments.refusal or "it stands inside an f-string"
        return module.finding(
            "lookup",
            place or module.source.span(found.call),
            message,
            Applicability.MANUAL,
            evidence=(reason, *evidence),
            advice=f"Call {owner}.from_name with the names, and the rest by keyword; then .hydrate() if it must ask "
            "at once.",
        )
    used = result(module, found.whole, owner)
    doubts = [*used.eager, *used.doubts, *arguments.doubts, *_async_doubts(found)]
    doubts += [f".web_url is read at line {_line(where, node)}: it is get_web_url() now" for where, node in used.urls]
    if not any(item.arg in {"name", "tag", "label"} for item in found.call.keywords) and not found.call.args:
        doubts.append("the name is not written here")
    rest = module.finding(
        "lookup",
        place,
        message,
        Applicability.REVIEW if doubts else Applicability.SAFE,
        tuple(_needing(FROM_NAME.get(owner, ""), choice) for choice in lookup_choices(found, place, arguments, used)),
        (*doubts, *evidence),
    )
    return _with_urls(rest, used)


def _needing(version: str, choice: Choice) -> Choice:
    return replace(choice, needs=latest(version, choice.needs))


def _line(module: Module, node: ast.Attribute) -> int:
    return module.source.line_of(module.source.span(node).end)


def _async_doubts(found: Method) -> list[str]:
    if found.is_aio and found.awaited is None:
        return ["the coroutine is handed on; from_name gives the object itself, which cannot be awaited"]
    if found.awaited is not None:
        return ["from_name has no .aio and its result cannot be awaited"]
    return []


def _with_urls(finding: Finding, used: Result) -> Finding:
    """Add the reads of ``.web_url`` to the places of a finding."""
    spans = [(module, name_of(module, node)) for module, node in used.urls]
    sites = [module.source.site(span) for module, span in spans if span is not None]
    return replace(finding, sites=(*finding.sites, *sites))


def reference_finding(module: Module, place: Span, message: str, evidence: tuple[str, ...]) -> Finding:
    """State that ``lookup`` is named at a place without being called."""
    choice = renamed_reference(module, place)
    return module.finding("lookup-reference", place, message, Applicability.REVIEW, (choice,), evidence)


def keyword_finding(module: Module, call: ast.Call, item: ast.keyword) -> Finding:
    """State that a keyword has another name now."""
    old, new = item.arg or "", OLD_NAMES[item.arg or ""]
    place = keyword_name(module, item)
    evidence = explain(module, call.func)
    message, since, breaks_in = f"{old}= is called {new}= now", "0.68.39", "1.0.0"
    if keyword(call, new) is not None:
        level, advice = Applicability.MANUAL, f"Both {old}= and {new}= are given: delete one of them."
        return module.finding(
            "lookup-name", place, message, level, (), evidence, advice, since=since, breaks_in=breaks_in
        )
    level, choices = Applicability.SAFE, (renamed_keyword(module, place, new),)
    return module.finding("lookup-name", place, message, level, choices, evidence, since=since, breaks_in=breaks_in)


def namespace_finding(module: Module, call: ast.Call, item: ast.keyword) -> Finding:
    """State that ``namespace=`` is gone."""
    is_global = "GLOBAL" in module.source.written(item.value)
    return module.finding(
        "from-name-namespace",
        keyword_name(module, item),
        "from_name does not take namespace= from 1.4.0 on",
        Applicability.REVIEW if is_global else Applicability.SAFE,
        (without_namespace(module, call, item, is_global),),
        explain(module, call.func),
        since="1.1.0",
        breaks_in="1.4.0",
    )


def web_url_finding(
    module: Module, node: ast.Attribute, place: Span | None, certain: bool, evidence: tuple[str, ...]
) -> Finding:
    """State that ``.web_url`` is read; ``place`` is its name, where positions can be trusted."""
    message = ".web_url was removed in 1.4.0; get_web_url() replaces it"
    since, breaks_in = "0.74.63", "1.4.0"
    if place is None:
        where, level, advice = module.source.span(node), Applicability.MANUAL, "Call get_web_url() here."
        return module.finding("web-url", where, message, level, (), evidence, advice, since=since, breaks_in=breaks_in)
    is_awaited = isinstance(module.index.parents[node], ast.Await)
    level = Applicability.SAFE if certain and not is_awaited else Applicability.REVIEW
    evidence = (*(["it is awaited here, which a text cannot be"] if is_awaited else []), *evidence)
    choices = url_choices(module, node, place)
    return module.finding("web-url", place, message, level, choices, evidence, since=since, breaks_in=breaks_in)


def named_url_finding(module: Module, found: NamedAttribute) -> Finding:
    """State that a text asks for ``web_url``: what is said is a default, and ``hasattr`` says no, without a word."""
    choice = called_url(module, found)
    return module.finding(
        "web-url",
        module.source.span(found.call.args[1]),
        ".web_url was removed in 1.4.0; asked for by a text, it is not found any more",
        Applicability.REVIEW if choice else Applicability.MANUAL,
        (choice,) if choice else (),
        explain(module, found.owner),
        "" if choice else "Call get_web_url(): it gives None for a function that is no web endpoint.",
        since="0.74.63",
        breaks_in="1.4.0",
    )


def aio_finding(module: Module, node: ast.Attribute, place: Span) -> Finding:
    """State that ``lookup.aio`` is passed on, which has no counterpart."""
    return module.finding(
        "lookup-reference",
        place,
        removed(module, node),
        Applicability.MANUAL,
        (),
        explain(module, node),
        "from_name has no .aio: pass on a function of your own that calls from_name(...).hydrate.aio().",
    )


def removed(module: Module, node: ast.expr) -> str:
    """Return the message that what a node names is gone."""
    return f"{module.symbol(node).removeprefix('modal.')} was removed in 1.2.0"


def resolve_finding(module: Module, call: ast.Call, place: Span) -> Finding:
    """State that ``.resolve()`` has another name now."""
    return module.finding(
        "resolve",
        place,
        ".resolve() is called .hydrate() now; it was removed in 1.0.0",
        Applicability.SAFE,
        (hydrated(module, place),),
        explain(module, call.func),
        since="0.72.39",
        breaks_in="1.0.0",
    )
