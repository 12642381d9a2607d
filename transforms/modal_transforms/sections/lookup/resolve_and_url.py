"""Old spellings on objects that are there already: ``.resolve()`` and ``Function.web_url``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Change, Choice, Finding, Replace, Section, Span
from modal_transforms.modal_api.lookups.tokens import method, name_of
from modal_transforms.sections.lookup.custom_endpoints import endpoint

_HYDRATED = frozenset(
    f"modal.{name}()"
    for name in "App Cls Dict Environment Function Image NetworkFileSystem Obj Queue Sandbox Secret Volume".split()
)
_URL_OWNERS = frozenset({"modal.Function()"})


def find_resolves(module: Module, section: Section) -> Iterator[Finding]:
    """Yield ``.resolve()`` of Modal's objects."""
    for call in module.index.calls:
        found = method(module, call, "resolve")
        if found is None or found.name is None or call.args or call.keywords:
            continue
        if module.symbol(found.attribute.value) in _HYDRATED:
            rename = Replace(module.source.path, found.name, "hydrate")
            yield module.finding(
                section,
                "resolve",
                found.name,
                ".resolve() is called .hydrate() now; it was removed in 1.0.0",
                Applicability.SAFE,
                (Choice("hydrate", "rename to hydrate", "None: it asks Modal at once, as before.", (rename,)),),
                module.evidence(call.func),
            )


def find_web_urls(module: Module, section: Section, linked: set[tuple[str, int]]) -> Iterator[Finding]:
    """Yield reads of ``.web_url`` of functions, but for those that findings of lookups take along."""
    for node in module.index.attributes:
        if node.attr != "web_url" or not isinstance(node.ctx, ast.Load):
            continue
        owner, place = module.symbol(node.value), name_of(module, node)
        if place and (module.source.path, place.start) in linked:
            continue
        certain = owner in _URL_OWNERS
        known = module.evidence(node) if certain or _is_method(owner) else _told(endpoint(module, node.value))
        if known is not None:
            yield _web_url(module, section, node, place, certain, known)


def _told(reason: str) -> tuple[str, ...] | None:
    return (reason,) if reason else None


def _is_method(symbol: str) -> bool:
    """Tell whether a symbol is an attribute of an instance of a Modal class."""
    return symbol.startswith("modal.Obj().") and symbol.count(".") == 2


def _web_url(
    module: Module,
    section: Section,
    node: ast.Attribute,
    place: Span | None,
    certain: bool,
    evidence: tuple[str, ...],
) -> Finding:
    message = ".web_url was removed in 1.4.0; get_web_url() replaces it"
    if place is None:
        where, advice = module.source.span(node), "Call get_web_url() here."
        return module.finding(section, "web-url", where, message, Applicability.MANUAL, (), evidence, advice)
    path = module.source.path
    plain = Choice(
        "call",
        "call get_web_url()",
        "The same address, found out the same way.",
        (Replace(path, place, "get_web_url()"),),
    )
    choices = [plain]
    if _may_await(module, node):
        changes = _awaited(module, node, place)
        effect = "The same address; other coroutines run while Modal is asked."
        choices.append(Choice("await", "await get_web_url.aio()", effect, changes))
    applicability = Applicability.SAFE if certain else Applicability.REVIEW
    return module.finding(section, "web-url", place, message, applicability, tuple(choices), evidence)


def _awaited(module: Module, node: ast.Attribute, place: Span) -> tuple[Change, ...]:
    path, start = module.source.path, module.source.span(node).start
    parent = module.index.parents[node]
    bracketed = isinstance(parent, (ast.Attribute, ast.Subscript, ast.Call, ast.BinOp)) and not (
        isinstance(parent, ast.Call) and node is not parent.func
    )
    opening, closing = ("(await ", "get_web_url.aio())") if bracketed else ("await ", "get_web_url.aio()")
    return Replace(path, Span(start, start), opening), Replace(path, place, closing)


def _may_await(module: Module, node: ast.AST) -> bool:
    """Tell whether ``await`` may be written at a node."""
    around: FunctionNode | None = module.function_around(node)
    if not isinstance(around, ast.AsyncFunctionDef):
        return False
    scope = module.index.scopes[node].node
    return scope is around
