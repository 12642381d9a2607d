"""An argument as a statement of its own, laid out anew: ``image=Image.debian_slim()...`` becomes ``image = (...)``."""

from __future__ import annotations

import ast
import textwrap

from modal_transforms.core.model import Span
from modal_transforms.core.source import SourceFile

_INDENT = " " * 4
_CLOSING = frozenset(")]}")


def assigned(source: SourceFile, name: str, argument: ast.keyword) -> tuple[str, Span] | None:
    """Return ``name = value`` as lines that may stand in any block, and where the value is with its own brackets.

    ``None`` where its lines cannot be moved.
    """
    whole = _value(source, argument)
    first, *rest = source.slice(whole).splitlines()
    if not rest:
        return f"{name} = {first}", whole
    if any("\t" in line for line in rest) or any(map(_takes_lines, ast.walk(argument.value))):
        return None
    below = textwrap.dedent("\n".join(rest))
    if below.splitlines()[-1][:1] not in _CLOSING:
        below = textwrap.indent(below, _INDENT)
    plain = f"{name} = {first}\n{below}"
    return (plain if _is_whole(plain) else f"{name} = (\n{_INDENT}{first}\n{below}\n)"), whole


def _value(source: SourceFile, argument: ast.keyword) -> Span:
    place = source.span(argument)
    after = source.slice(place).partition("=")[2]
    return place._replace(start=place.end - len(source.encode(after.lstrip())))


def _takes_lines(node: ast.AST) -> bool:
    """Tell whether a node is a text over several lines, whose own spaces must stay."""
    is_text = isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    )
    return is_text and getattr(node, "end_lineno", 0) != getattr(node, "lineno", 0)


def _is_whole(text: str) -> bool:
    try:
        return len(ast.parse(text).body) == 1
    except SyntaxError:
        return False
