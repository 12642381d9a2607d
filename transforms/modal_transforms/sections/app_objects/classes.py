"""``ClsMixin`` as a base class, and ``Model.remote(...)`` as a constructor."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Change, Choice, DropImport, Finding, Replace, Span
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.api_uses import known_uses
from modal_transforms.modal_api.classes import method
from modal_transforms.modal_api.guards import is_guarded
from modal_transforms.modal_api.rows import imported_reads

_MIXIN = "modal.cls.ClsMixin"
_CLOSING = pattern(rb"[\s,]*\)")


def find_classes(module: Module) -> Iterator[Finding]:
    """Yield the mixin where it is imported or read, and the constructors by ``remote``."""
    for use in known_uses(module):
        node = use.node
        if is_guarded(module, node):
            continue
        if use.way == _MIXIN and isinstance(node, ast.alias):
            yield _mixin(module, [module.source.span(node)], list(imported_reads(module, node)), node)
        elif use.way == _MIXIN and isinstance(node, ast.Attribute):
            yield _mixin(module, [], [node], None)
    for node in module.index.attributes:
        if node.attr == "remote" and module.symbol(node) == "modal.Cls().remote" and not _is_method(module, node):
            yield _constructor(module, node)


def _is_method(module: Module, node: ast.Attribute) -> bool:
    """Tell whether a class has a method of the name itself."""
    owner = module.resolve(node.value)
    return owner is not None and isinstance(owner.node, ast.ClassDef) and method(owner.node, node.attr) is not None


def _mixin(
    module: Module, places: list[Span], reads: list[ast.Name] | list[ast.Attribute], alias: ast.alias | None
) -> Finding:
    removed = [_without_base(module, read) for read in reads]
    changes: list[Change] = [change for change in removed if change is not None]
    if alias is not None:
        changes.append(DropImport(module.source.path, alias.asname or alias.name))
    fits = None not in removed
    choice = Choice("delete", "delete the base class", "None at run time: it had no code.", tuple(changes))
    return module.finding(
        "cls-mixin",
        [*places, *map(module.source.span, reads)],
        "ClsMixin has gone: a class needs no base for Modal",
        Applicability.SAFE if fits else Applicability.MANUAL,
        (choice,) if fits else (),
        advice="" if fits else "Delete the base class and this import.",
        breaks_in="0.62.2",
    )


def _without_base(module: Module, read: ast.expr) -> Replace | None:
    """Return the change that takes a base out of a class's header; ``None`` where it is read for something else."""
    owner = module.index.parents.get(read)
    if not isinstance(owner, ast.ClassDef) or read not in owner.bases:
        return None
    source = module.source
    spans = [*map(source.span, owner.bases), *map(source.span, owner.keywords)]
    at = owner.bases.index(read)
    if len(spans) == 1:
        begin = source.span(owner).start
        head = source.data[begin : source.data.index(b"(", begin)]  # a name as it is written, in whatever encoding
        start = begin + len(head.rstrip(b" \t\f\\\r\n"))
        closing = _CLOSING.match(source.data, spans[0].end)
        return Replace(source.path, Span(start, closing.end()), "") if closing else None
    if at + 1 < len(spans):
        return Replace(source.path, Span(spans[at].start, spans[at + 1].start), "")
    return Replace(source.path, Span(spans[at - 1].end, spans[at].end), "")


def _constructor(module: Module, node: ast.Attribute) -> Finding:
    call = module.index.parents.get(node)
    fits = isinstance(call, ast.Call) and call.func is node
    end = module.source.span(node).end
    change = Replace(module.source.path, Span(module.source.span(node.value).end, end), "")
    return module.finding(
        "cls-remote",
        module.source.attribute_word(node),
        "an object of a class is made by a call of the class",
        Applicability.SAFE if fits else Applicability.MANUAL,
        (Choice("call", "call the class", "None at run time: it takes the same.", (change,)),) if fits else (),
        explain(module, node),
        "" if fits else "Write Model(...), without await.",
        breaks_in="0.55.3849",
    )
