"""Old uses that are only written about: in comments, docstrings and other strings of code that uses Modal."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from modal_transforms.analysis.comments import comments
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Span
from modal_transforms.modal_api.spellings import LookAlikePlace

_LONGEST = 20_000
"""A longer string is data, not words about code."""


def texts(module: Module, pattern: re.Pattern[str], more: str = "") -> Iterator[LookAlikePlace]:
    """Yield where a file's comments and strings hold what a pattern finds; ``more`` is said of words about code."""
    for start, text in module.once(_comments):
        yield from _matches(module, pattern, text, start, f"a comment: nothing runs it{more}")
    for node in module.index.strings:
        if len(str(node.value)) > _LONGEST or not pattern.search(str(node.value)) or _is_key(module, node):
            continue
        span = module.source.span(node)
        reason = f"a docstring: nothing runs it{more}" if _is_alone(module, node) else "a string: text here, not a call"
        yield from _matches(module, pattern, module.source.slice(span), span.start, reason)


def _comments(module: Module) -> list[tuple[int, str]]:
    return [*comments(module.source)]


def _matches(module: Module, pattern: re.Pattern[str], text: str, start: int, reason: str) -> Iterator[LookAlikePlace]:
    """Yield the first match of each line."""
    lines = {text.count("\n", 0, match.start()): match for match in reversed([*pattern.finditer(text)])}
    for match in reversed(lines.values()):
        first = start + len(module.source.encode(text[: match.start()]))
        yield LookAlikePlace(Span(first, first + len(module.source.encode(match[0]))), reason)


def _is_alone(module: Module, node: ast.Constant) -> bool:
    return isinstance(module.index.parents[node], ast.Expr)


def _is_key(module: Module, node: ast.Constant) -> bool:
    around = module.index.parents[node]
    return isinstance(around, ast.Dict) and node in around.keys
