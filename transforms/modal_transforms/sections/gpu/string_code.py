"""A string put together from fixed text and expressions, written as Python code that Python 3.10 reads too."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from msgspec import Struct

from modal_transforms.analysis.module import Module

_ATOMS = (ast.Name, ast.Attribute, ast.Call, ast.Subscript)
_OPERATIONS = (ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.UnaryOp)


class Code(Struct, frozen=True):
    """An expression, as text. ``embeds`` tells whether its kind may stand in a formatted string."""

    text: str
    embeds: bool = True


Part = str | Code


def code_of(module: Module, node: ast.expr) -> Code:
    """Return an expression as it is written."""
    return Code(module.source.written(node), isinstance(node, (*_ATOMS, *_OPERATIONS)))


def or_else(module: Module, node: ast.expr, text: str) -> Code:
    """Return ``node or "text"``."""
    code = code_of(module, node)
    inner = code.text if isinstance(node, _ATOMS) else f"({code.text})"
    quote = _other(module.once(quote_of))
    return Code(f"{inner} or {quote}{text}{quote}", code.embeds)


def written(module: Module, parts: Sequence[Part]) -> str:
    """Return the parts as code: a plain string, a formatted one, or a sum of strings."""
    quote = module.once(quote_of)
    inside = [part for part in parts if isinstance(part, Code)]
    for mark in (quote, _other(quote)):
        if all(code.embeds and not _breaks(code.text, mark) for code in inside):
            text = "".join(part if isinstance(part, str) else f"{{{part.text}}}" for part in parts)
            return f"{'f' if inside else ''}{mark}{text}{mark}"
    return _sum(parts, quote)


def _sum(parts: Sequence[Part], quote: str) -> str:
    pieces: list[str] = []
    for part in parts:
        if isinstance(part, Code):
            pieces.append(f"str({part.text})")
        elif pieces and pieces[-1].endswith(quote):
            pieces[-1] = pieces[-1].removesuffix(quote) + part + quote
        else:
            pieces.append(f"{quote}{part}{quote}")
    return " + ".join(pieces)


def _breaks(text: str, mark: str) -> bool:
    return any(char in text for char in (mark, "\\", "\n", "\r", "#")) or text.startswith("{")


def _other(quote: str) -> str:
    return "'" if quote == '"' else '"'


def quote_of(module: Module) -> str:
    """Return the quotes that a file's strings have, by the first that has no part in documenting it.

    Counting them would let what other sections write decide.
    """
    for node in module.index.strings:
        mark = module.source.written(node).lstrip("rRbBfFuU")[:3]
        if (
            not isinstance(module.index.parents[node], ast.Expr)
            and mark[:1] in {"'", '"'}
            and mark not in {"'''", '"""'}
        ):
            return mark[0]
    return '"'
