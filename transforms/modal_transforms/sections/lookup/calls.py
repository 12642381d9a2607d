"""Calls of ``lookup``: one finding each, with the arguments, the ``await`` and the reads that go with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddLine, Applicability, Change, Choice, Finding, Replace, Section, Span
from modal_transforms.modal_api.lookups.method_names import names_a_method
from modal_transforms.modal_api.lookups.parameters import PARAMETERS, LookupArguments, given
from modal_transforms.modal_api.lookups.results import Result, result
from modal_transforms.modal_api.lookups.tokens import Method, method, name_of, without_aio, without_await

LAZY = "Modal is asked at first use; a missing object is reported there, and created there if that is asked for."
EAGER = "Modal is asked at once, as before: a missing object raises here, and is created here if that is asked for."


def find_lookups(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the calls of ``lookup`` on Modal's classes, but for ``App`` and what other sections own."""
    for call in module.index.calls:
        found = method(module, call, "lookup")
        if found is None:
            continue
        owner = module.symbol(found.attribute).removesuffix(".lookup")
        if owner in PARAMETERS and not (owner == "modal.Function" and names_a_method(module, call)):
            yield _finding(section, found, owner)


def _finding(section: Section, found: Method, owner: str) -> Finding:
    module = found.module
    evidence = module.evidence(found.call.func)
    place = found.name
    message = f"{owner.removeprefix('modal.')}.lookup was removed in 1.2.0"
    arguments = given(module, found.call, owner)
    if place is None or arguments.refusal:
        reason = arguments.refusal or "it stands inside an f-string"
        return module.finding(
            section,
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
        section,
        "lookup",
        place,
        message,
        Applicability.REVIEW if doubts else Applicability.SAFE,
        _choices(found, place, arguments, used),
        (*doubts, *evidence),
    )
    return _with_urls(rest, used)


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
    from msgspec.structs import replace

    spans = [(module, name_of(module, node)) for module, node in used.urls]
    sites = [module.source.site(span) for module, span in spans if span is not None]
    return replace(finding, sites=(*finding.sites, *sites))


def _choices(found: Method, place: Span, arguments: LookupArguments, used: Result) -> tuple[Choice, ...]:
    path = found.module.source.path
    shared: list[Change] = [Replace(path, place, "from_name"), *arguments.changes, *without_aio(found)]
    shared += [change for module, node in used.urls for change in _new_url(module, node)]
    hydrate = _hydrating(found, arguments, shared)
    if found.is_aio and found.awaited is None:
        return (hydrate,)
    lazy = Choice("from-name", "from_name", LAZY, (*shared, *without_await(found), *arguments.name_client))
    if arguments.client is not None:
        label, effect = "from_name, with client=", f"Needs modal 1.2.2 or later. {LAZY}"
        return hydrate, Choice("from-name", label, effect, lazy.changes)
    if arguments.data is not None:
        return _with_data(found, arguments.data, lazy)
    if used.is_hydrated:
        return (lazy,)
    return (hydrate, lazy) if used.eager else (lazy, hydrate)


def _hydrating(found: Method, arguments: LookupArguments, shared: list[Change]) -> Choice:
    source = found.module.source
    client = source.slice(source.span(arguments.client)) if arguments.client is not None else ""
    call = f".hydrate{'.aio' if found.is_aio else ''}({client})"
    end = source.span(found.call).end
    changes = [*shared, *arguments.take_client, Replace(source.path, Span(end, end), call)]
    if not found.is_aio:
        changes += without_await(found)
    return Choice("hydrate", f"from_name and {call.removeprefix('.')}", EAGER, tuple(changes))


def _new_url(module: Module, node: ast.Attribute) -> list[Change]:
    span = name_of(module, node)
    return [Replace(module.source.path, span, "get_web_url()")] if span is not None else []


def _with_data(found: Method, data: ast.expr, lazy: Choice) -> tuple[Choice, ...]:
    """``Dict.lookup("name", data)`` filled a Dict that it created, and left one that was there as it was."""
    bare = Choice("from-name", "from_name, without the data", f"A new Dict starts empty. {LAZY}", lazy.changes)
    statement = found.module.index.parents[found.whole]
    source = found.module.source
    written = source.slice(source.span(data))
    simple = isinstance(statement, ast.Assign) and len(statement.targets) == 1
    if not (simple and isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)):
        return (bare,)
    if found.awaited is not None or "\n" in written or not _stands_alone(found.module, statement):
        return (bare,)
    name = statement.targets[0].id
    fill = AddLine(source.path, source.span(statement), f"if {name}.len() == 0:\n    {name}.update({written})")
    effect = "Modal is asked at once; the data goes in when the Dict is empty, not only when it is created."
    return Choice("fill", "from_name, and put the data in when the Dict is empty", effect, (*lazy.changes, fill)), bare


def _stands_alone(module: Module, statement: ast.stmt) -> bool:
    """Tell whether a statement has its lines to itself."""
    span, source = module.source.span(statement), module.source
    before = source.slice(Span(source.line_span(source.line_of(span.start)).start, span.start))
    after = source.slice(Span(span.end, source.line_span(source.line_of(span.end)).end)).strip()
    return not before.strip() and (not after or after.startswith("#"))
