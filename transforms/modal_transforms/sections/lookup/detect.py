"""Where ``lookup`` is called or named, and the old spellings around it: keywords, ``.resolve()``, ``.web_url``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Span
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.lookups.parameters import OLD_NAMES, PARAMETERS
from modal_transforms.modal_api.lookups.tokens import method, name_of, names_a_method
from modal_transforms.modal_api.named_attributes import named_attributes
from modal_transforms.sections.lookup.custom_endpoints import endpoint
from modal_transforms.sections.lookup.findings import (
    aio_finding,
    keyword_finding,
    lookup_finding,
    named_url_finding,
    namespace_finding,
    reference_finding,
    removed,
    resolve_finding,
    web_url_finding,
)

_PATCHED = pattern(r"modal\.(?:\w+\.)?(\w+)\.lookup")
_METHODS = frozenset({*(f"{owner}.from_name" for owner in PARAMETERS), "modal.App.lookup"})
_HYDRATED = frozenset(
    f"modal.{name}()"
    for name in "App Cls Dict Environment Function Image NetworkFileSystem Obj Queue Sandbox Secret Volume".split()
)
_URL_OWNERS = frozenset({"modal.Function()"})


def find_lookups(module: Module) -> Iterator[Finding]:
    """Yield the calls of ``lookup`` on Modal's classes, but for ``App`` and what other sections own."""
    for call in module.index.calls:
        found = method(module, call, "lookup")
        if found is None:
            continue
        owner = module.symbol(found.attribute.value)
        if owner in PARAMETERS and not (owner == "modal.Function" and names_a_method(module, call)):
            yield lookup_finding(found, owner)


def find_references(module: Module) -> Iterator[Finding]:
    """Yield the places that name ``lookup`` without calling it."""
    for node in module.index.attributes:
        if node.attr == "lookup" and module.symbol(node.value) in PARAMETERS:
            yield from _passed_on(module, node)
    for string in module.index.strings:
        if isinstance(string.value, str) and "lookup" in string.value:
            yield from _in_text(module, string)


def _passed_on(module: Module, node: ast.Attribute) -> Iterator[Finding]:
    parent = module.index.parents[node]
    is_aio = isinstance(parent, ast.Attribute) and parent.attr == "aio"
    function: ast.AST = parent if is_aio else node
    caller = module.index.parents[function]
    place = name_of(module, node)
    if place is None or (isinstance(caller, ast.Call) and caller.func is function):
        return
    if is_aio:
        yield aio_finding(module, node, place)
    else:
        yield reference_finding(module, place, removed(module, node), explain(module, node))


def _in_text(module: Module, string: ast.Constant) -> Iterator[Finding]:
    """Yield ``patch("modal.Function.lookup")`` and ``patch.object(modal.Function, "lookup")``."""
    parent = module.index.parents[string]
    if not isinstance(parent, ast.Call) or string not in parent.args:
        return
    symbol = ""
    patched = _PATCHED.fullmatch(str(string.value))
    if patched:
        symbol = f"modal.{patched[1]}"
    elif string.value == "lookup" and parent.args.index(string) == 1:
        symbol = module.symbol(parent.args[0])
    written = module.source.written(string)
    if symbol not in PARAMETERS or written.count("lookup") != 1:
        return
    start = module.source.span(string).start + len(module.source.encode(written[: written.index("lookup")]))
    message = f"{symbol.removeprefix('modal.')}.lookup was removed in 1.2.0; this text names it"
    yield reference_finding(module, Span(start, start + len("lookup")), message, ())


def find_old_keywords(module: Module) -> Iterator[Finding]:
    """Yield ``label=``, ``tag=`` and ``namespace=`` of calls that otherwise stay."""
    for call in module.index.calls:
        old = [item for item in call.keywords if item.arg in OLD_NAMES or item.arg == "namespace"]
        symbol = module.symbol(call.func).removesuffix(".aio") if old else ""
        of_method = symbol == "modal.Function.from_name" and names_a_method(module, call)
        if symbol in _METHODS and not of_method:
            for item in old:
                found = namespace_finding(module, call, item) if item.arg == "namespace" else None
                yield found or keyword_finding(module, call, item)


def find_resolves(module: Module) -> Iterator[Finding]:
    """Yield ``.resolve()`` of Modal's objects."""
    for call in module.index.calls:
        found = method(module, call, "resolve")
        if found is None or found.name is None or call.args or call.keywords:
            continue
        if module.symbol(found.attribute.value) in _HYDRATED:
            yield resolve_finding(module, call, found.name)


def find_web_urls(module: Module, linked: set[tuple[str, int]]) -> Iterator[Finding]:
    """Yield reads of ``.web_url`` of functions, but for those that findings of lookups take along."""
    for node in module.index.attributes:
        if node.attr != "web_url" or not isinstance(node.ctx, ast.Load):
            continue
        owner, place = module.symbol(node.value), name_of(module, node)
        if place and (module.source.path, place.start) in linked:
            continue
        certain = owner in _URL_OWNERS
        known = explain(module, node) if certain or _is_method(owner) else _told(endpoint(module, node.value))
        if known is not None:
            yield web_url_finding(module, node, place, certain, known)


def find_named_urls(module: Module) -> Iterator[Finding]:
    """Yield ``getattr(f, "web_url")`` and its like of functions."""
    for found in named_attributes(module):
        if found.name == "web_url" and module.symbol(found.owner) in _URL_OWNERS:
            yield named_url_finding(module, found)


def _told(reason: str) -> tuple[str, ...] | None:
    return (reason,) if reason else None


def _is_method(symbol: str) -> bool:
    """Tell whether a symbol is an attribute of an instance of a Modal class."""
    return symbol.startswith("modal.Obj().") and symbol.count(".") == 2
