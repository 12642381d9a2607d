"""Names of ``modal.gpu`` that are not called to make an object: annotations, ``isinstance``, classes passed about."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Section
from modal_transforms.sections.gpu.data_flow import attribute_reads

_PREFIX = "modal.gpu"


def find_mentions(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the mentions of ``modal.gpu`` other than calls of its classes."""
    for name in module.index.names:
        if not isinstance(name.ctx, ast.Load):
            continue
        node = _longest(module, name)
        symbol = module.symbol(node)
        if not _is_gpu(symbol) or _makes_object(module, node, symbol):
            continue
        if _annotates(module, node):
            yield _annotation(module, section, node, symbol, module.source.slice(module.source.span(node)))
        else:
            yield _left(module, section, node, symbol)
    for string in module.index.strings:
        yield from _quoted(module, section, string)


def _is_gpu(symbol: str) -> bool:
    return (symbol == _PREFIX or symbol.startswith(f"{_PREFIX}.")) and "(" not in symbol


def _longest(module: Module, node: ast.expr) -> ast.expr:
    """Return ``modal.gpu.A100`` for the ``modal`` in it."""
    parent = module.index.parents[node]
    while isinstance(parent, ast.Attribute) and _is_gpu(module.symbol(parent)):
        node, parent = parent, module.index.parents[parent]
    return node


def _makes_object(module: Module, node: ast.expr, symbol: str) -> bool:
    parent = module.index.parents[node]
    kind = symbol.removeprefix(f"{_PREFIX}.")
    return isinstance(parent, ast.Call) and parent.func is node and kind[:1].isupper()


def _annotates(module: Module, node: ast.AST) -> bool:
    """Tell whether a node is part of an annotation."""
    previous = node
    for around in module.index.ancestors(node):
        if isinstance(around, (ast.arg, ast.AnnAssign)):
            return around.annotation is previous
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return around.returns is previous
        if isinstance(around, (ast.stmt, ast.Call)):
            return False
        previous = around
    return False


def _annotation(module: Module, section: Section, node: ast.expr, symbol: str, name: str) -> Finding:
    source = module.source
    span = source.span(node)
    written = source.slice(span)
    doubts = _doubts(module, node)
    change = Replace(source.path, span, written.replace(name, "str"))
    effect = "A string is asked for, where anything checks." if doubts else "None: nothing checks it at run time."
    return module.finding(
        section,
        "gpu-annotation",
        span,
        f"{symbol} was removed in 1.4.0; GPUs are strings",
        Applicability.REVIEW if doubts else Applicability.SAFE,
        (Choice("str", "annotate as str", effect, (change,)),),
        (*doubts, *module.evidence(node)),
    )


def _doubts(module: Module, node: ast.expr) -> list[str]:
    """Say why an annotation may matter at run time, or what would not work with a string."""
    around = next(each for each in module.index.ancestors(node) if isinstance(each, (ast.arg, ast.stmt)))
    if isinstance(around, ast.AnnAssign) and module.index.scopes[around].is_class:
        return ["it is a field of a class, which may be checked"]
    bindings = [b for scope in module.index.inner.values() for b in scope.bindings.get(getattr(around, "arg", ""), [])]
    reads = [read for binding in bindings if binding.node is around for read in attribute_reads(module, binding)]
    return [f"{read.where} needs more than a string" for read in reads]


def _quoted(module: Module, section: Section, string: ast.Constant) -> Iterator[Finding]:
    """Yield an annotation in quotes that names a class of ``modal.gpu``."""
    text = str(string.value)
    if "gpu" not in text.lower() or len(text) > 200 or not _annotates(module, string):
        return
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        return
    scope = module.index.scopes[string]
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)):
            value = module.resolve(node, scope)
            name = ast.unparse(node)
            known = value is not None and value.sure and _is_gpu(value.symbol) and value.symbol != _PREFIX
            if known and module.source.slice(module.source.span(string)).count(name) == 1:
                yield _annotation(module, section, string, symbol=value.symbol if value else "", name=name)
                return


def _left(module: Module, section: Section, node: ast.expr, symbol: str) -> Finding:
    parent = module.index.parents[node]
    kind = symbol.removeprefix(f"{_PREFIX}.")
    advice = "GPUs are strings: compare strings, and keep a table of strings where there was one of classes."
    if isinstance(parent, ast.keyword) and parent.arg == "gpu" and kind[:1].isupper():
        advice = f'Without a call it was never accepted as a GPU; write gpu="{kind}".'
    return module.finding(
        section,
        "gpu-mention",
        module.source.span(node),
        f"{symbol} was removed in 1.4.0",
        Applicability.MANUAL,
        evidence=module.evidence(node),
        advice=advice,
    )
