"""Where ``modal.gpu`` is named: its objects made, its classes mentioned, the module imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from modal_transforms.analysis.exported import exports
from modal_transforms.analysis.modal_imports import Imported, modal_imports, uses
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import is_annotation
from modal_transforms.core.model import Finding, Span
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile
from modal_transforms.sections.gpu.findings import (
    annotation_finding,
    import_finding,
    is_answered,
    manual_import,
    manual_object,
    mention_finding,
    object_finding,
)
from modal_transforms.sections.gpu.gpu_string import GPU, STRINGS

_CAUGHT = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException", "AttributeError"})

_BETWEEN = pattern(r"\s*[|,]\s*")
_Parents = Mapping[ast.AST, ast.AST]


def find_objects(module: Module) -> Iterator[Finding]:
    """Yield the calls that make GPU objects."""
    linked: set[ast.Call] = set()
    for call in module.index.calls:
        symbol = module.symbol(call.func)
        if symbol.startswith(f"{GPU}.") and not symbol.endswith(")") and call not in linked:
            kind = symbol.removeprefix(f"{GPU}.")
            if kind in STRINGS:
                yield object_finding(module, call, kind, linked)
            elif kind[:1].isupper():
                yield manual_object(module, call, f"modal.gpu.{kind} has no string that is known to mean the same")


def find_mentions(module: Module) -> Iterator[Finding]:
    """Yield the mentions of ``modal.gpu`` other than calls of its classes."""
    for name in module.index.names:
        if not isinstance(name.ctx, ast.Load):
            continue
        node = _longest(module, name)
        symbol = module.symbol(node)
        parent = module.index.parents[node]
        if not _is_gpu(symbol) or _makes_object(module, node, symbol):
            continue
        if isinstance(parent, ast.Call) and is_answered(module, parent):
            continue
        if is_annotation(module.index, node):
            replaced = _as_string(module.source, node, module.index.parents)
            yield annotation_finding(module, node, symbol, replaced)
        else:
            yield mention_finding(module, node, symbol)
    for string in module.index.strings:
        yield from _quoted(module, string)


def _is_gpu(symbol: str) -> bool:
    return (symbol == GPU or symbol.startswith(f"{GPU}.")) and "(" not in symbol


def _longest(module: Module, node: ast.expr) -> ast.expr:
    """Return ``modal.gpu.A100`` for the ``modal`` in it."""
    parent = module.index.parents[node]
    while isinstance(parent, ast.Attribute) and _is_gpu(module.symbol(parent)):
        node, parent = parent, module.index.parents[parent]
    return node


def _makes_object(module: Module, node: ast.expr, symbol: str) -> bool:
    parent = module.index.parents[node]
    kind = symbol.removeprefix(f"{GPU}.")
    return isinstance(parent, ast.Call) and parent.func is node and kind[:1].isupper()


def _quoted(module: Module, string: ast.Constant) -> Iterator[Finding]:
    """Yield an annotation in quotes that names a class of ``modal.gpu``."""
    text = str(string.value)
    if "gpu" not in text.lower() or len(text) > 200 or not is_annotation(module.index, string):
        return
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        return
    scope = module.index.scopes[string]
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)):
            value = module.resolve(node, scope)
            if value is not None and value.sure and _is_gpu(value.symbol) and value.symbol != GPU:
                replaced = _in_quotes(module, string, tree, node)
                if replaced is not None:
                    yield annotation_finding(module, string, value.symbol, replaced)
                return


def _in_quotes(module: Module, string: ast.Constant, tree: ast.Expression, node: ast.expr) -> tuple[Span, str] | None:
    """Return what to replace in an annotation in quotes; ``None`` where the text is not as it is written."""
    written, text = module.source.span(string), str(string.value)
    start = module.source.slice(written).find(text)
    if start < 0 or not text.isascii():
        return None
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    span, new = _as_string(SourceFile(module.source.path, text.encode()), node, parents)
    offset = written.start + start
    return Span(offset + span.start, offset + span.end), new


def find_imports(module: Module) -> Iterator[Finding]:
    """Yield the imports of ``modal.gpu`` that only others may need."""
    for imported in modal_imports(module.index):
        if not (imported.path == "modal.gpu" or imported.path.startswith("modal.gpu.")):
            continue
        if imported.alias.name == "*":
            yield manual_import(module, imported)
        elif not _is_read(module, imported) and not _is_guarded(module, imported):
            yield import_finding(module, imported)


def _is_read(module: Module, imported: Imported) -> bool:
    """Tell whether code of the file reads the name; an entry of ``__all__`` does not count."""
    return uses(module.index, imported) > len(exports(module, imported.name))


def _is_guarded(module: Module, imported: Imported) -> bool:
    """Tell whether a missing module is caught, so that the import does no harm."""
    return any(
        isinstance(around, ast.Try) and imported.statement in around.body and _catches(around)
        for around in module.index.ancestors(imported.statement)
    )


def _catches(statement: ast.Try) -> bool:
    caught = [handler.type for handler in statement.handlers]
    names = {node.id for each in caught if each is not None for node in ast.walk(each) if isinstance(node, ast.Name)}
    return None in caught or bool(names & _CAUGHT)


def _as_string(source: SourceFile, node: ast.expr, parents: _Parents) -> tuple[Span, str]:
    """Return the bytes of ``source`` to replace, and the text for them, so that ``node`` asks for a string."""
    members = _members(node, parents)
    strings = [at for at, member in enumerate(members) if isinstance(member, ast.Name) and member.id == "str"]
    if not strings:
        return source.span(node), "str"
    union = parents[parents[node]]
    if len(members) == 2 and isinstance(union, ast.Subscript) and isinstance(parents[node], ast.Tuple):
        return source.span(union), "str"
    at = members.index(node)
    if at < strings[0]:
        cut = Span(source.span(node).start, source.span(members[at + 1]).start)
        between = Span(source.span(node).end, cut.end)
    else:
        cut = Span(source.span(members[at - 1]).end, source.span(node).end)
        between = Span(cut.start, source.span(node).start)
    return (cut, "") if _BETWEEN.fullmatch(source.slice(between)) else (source.span(node), "str")


def _members(node: ast.expr, parents: _Parents) -> Sequence[ast.expr]:
    """Return what stands in the union that a node is a member of, in the order in which it is written."""
    parent = parents.get(node)
    if isinstance(parent, ast.Tuple):
        around = parents.get(parent)
        return parent.elts if isinstance(around, ast.Subscript) and _is_union(around) else ()
    top: ast.AST = node
    while isinstance(above := parents.get(top), ast.BinOp) and isinstance(above.op, ast.BitOr):
        top = above
    return tuple(_flat(top)) if isinstance(top, ast.BinOp) else ()


def _flat(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _flat(node.left)
        yield from _flat(node.right)
    else:
        yield node


def _is_union(node: ast.Subscript) -> bool:
    return getattr(node.value, "attr", getattr(node.value, "id", "")) == "Union"
