"""A class of ``modal.gpu`` in an annotation becomes ``str``, or goes where a union has ``str`` already."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from modal_transforms.core.model import Span
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile

_BETWEEN = pattern(r"\s*[|,]\s*")
Parents = Mapping[ast.AST, ast.AST]


def as_string(source: SourceFile, node: ast.expr, parents: Parents) -> tuple[Span, str]:
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


def _members(node: ast.expr, parents: Parents) -> Sequence[ast.expr]:
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
