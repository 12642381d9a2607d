"""``from __future__ import annotations`` hides the types from ``modal.parameter``: can the file do without it?"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.index import FunctionNode, Scope, walk
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Change, Replace, Span

_BLOCKS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Future(Struct, frozen=True):
    """The import, why the file cannot do without it (empty when it can), and the change that takes it out."""

    needed: str = ""
    changes: tuple[Change, ...] = ()
    note: str = ""


def future(module: Module, leaving: FunctionNode) -> Future:
    """Look at a file whose class gets ``modal.parameter`` annotations; ``leaving`` is the constructor that goes."""
    found = next((node for node in module.index.imports if _is_future(node)), None)
    if not isinstance(found, ast.ImportFrom):
        return Future()
    line = found.lineno
    for annotation, scope in _annotations(module, leaving):
        reason = _needs_it(module, annotation, scope)
        if reason:
            text = f"`from __future__ import annotations` (line {line}) has to go, but the annotation at line "
            return Future(needed=f"{text}{annotation.lineno} needs it: {reason}")
    note = f"`from __future__ import annotations` (line {line}) goes: modal.parameter cannot read types through it"
    return Future(changes=(_removal(module, found),), note=note)


def _is_future(node: ast.Import | ast.ImportFrom) -> bool:
    return (
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
    )


def _removal(module: Module, node: ast.ImportFrom) -> Change:
    source = module.source
    if len(node.names) > 1:
        rest = ", ".join(alias.name for alias in node.names if alias.name != "annotations")
        names = Span(source.span(node.names[0]).start, source.span(node.names[-1]).end)
        return Replace(source.path, names, rest)
    first = source.line_of(source.span(node).start)
    last = source.line_of(source.span(node).end)
    start, end = source.line_span(first).start, source.line_span(last).end
    if not _is_blank_before(module, first):
        return Replace(source.path, Span(start, end), "")
    while end < len(source.data) and not source.slice(source.line_at(end)).strip():
        end = source.line_at(end).end
    return Replace(source.path, Span(start, end), "")


def _is_blank_before(module: Module, line: int) -> bool:
    return line == 1 or not module.source.slice(module.source.line_span(line - 1)).strip()


def _annotations(module: Module, leaving: FunctionNode) -> Iterator[tuple[ast.expr, Scope]]:
    """Yield the annotations that Python evaluates when the file is imported, with the scope that they are seen in."""
    for function in module.index.functions:
        scope = module.index.scopes[function]
        if function is leaving or not _runs_on_import(scope):
            continue
        arguments = function.args
        everything = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        for argument in everything:
            if argument is not None and argument.annotation is not None:
                yield argument.annotation, scope
        if function.returns is not None:
            yield function.returns, scope
    for node in module.index.assignments:
        scope = module.index.scopes[node]
        if isinstance(node, ast.AnnAssign) and _runs_on_import(scope):
            yield node.annotation, scope


def _runs_on_import(scope: Scope) -> bool:
    around: Scope | None = scope
    while around is not None:
        if isinstance(around.node, _BLOCKS):
            return False
        around = around.parent
    return True


def _needs_it(module: Module, annotation: ast.expr, scope: Scope) -> str:
    """Return why an annotation cannot be evaluated where it stands; an empty text when it can."""
    for node in walk(annotation):
        if isinstance(node, ast.BinOp) and any(_is_text(side) for side in (node.left, node.right)):
            return "a quoted type cannot be combined with `|`"
        if isinstance(node, ast.Name):
            reason = _name_needs_it(module, node, annotation, scope)
            if reason:
                return reason
    return ""


def _name_needs_it(module: Module, node: ast.Name, annotation: ast.expr, scope: Scope) -> str:
    bindings = scope.find(node.id)
    if not bindings:
        return "" if hasattr(builtins, node.id) or node.id in {"__name__", "__file__"} else f"{node.id} is not defined"
    if all(_only_for_types(module, binding.node) for binding in bindings):
        return f"{node.id} is imported for type checkers only"
    around = set(module.index.ancestors(annotation))
    if all(binding.node in around for binding in bindings):
        return f"{node.id} is not complete there"
    if all(getattr(binding.node, "lineno", 0) > annotation.lineno for binding in bindings):
        return f"{node.id} is defined below it"
    return ""


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _only_for_types(module: Module, node: ast.AST) -> bool:
    return any(
        isinstance(around, ast.If) and ast.unparse(around.test).endswith("TYPE_CHECKING")
        for around in module.index.ancestors(node)
    )
