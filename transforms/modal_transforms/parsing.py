"""Parse a file with ``ast``, also one in syntax newer than the Python that runs us.

A file that this Python refuses may be written for a newer one (PEP 701 f-strings, PEP 695 type parameters). LibCST,
loaded only then, says whether it is; the newer constructs are masked by text of the same length and the same
``ast`` finders read the rest.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

from modal_transforms.source import SourceFile, Unreadable

MAX_NESTING = 100
"""Brackets or blocks deeper than this are not given to LibCST, whose parser would take the process down."""


class ParseFailure(Exception):
    """The file is not Python that we can read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A syntax tree, and whether newer syntax had to be masked to get it."""

    tree: ast.Module
    masked: bool = False


def parse(source: SourceFile) -> Parsed:
    """Return the syntax tree of a file; raises `ParseFailure` or `Unreadable`."""
    try:
        return Parsed(_ast_parse(source.program))
    except SyntaxError as error:
        refusal = error
    except (ValueError, RecursionError, MemoryError) as error:
        raise ParseFailure(f"cannot be parsed: {str(error) or type(error).__name__}") from None
    source.text  # noqa: B018  raises Unreadable: says more than the parser's own words
    masked = _parse_newer(source)
    if masked is None:
        raise ParseFailure(f"line {refusal.lineno}: {refusal.msg}")
    return Parsed(masked, masked=True)


def parses(source: SourceFile) -> bool:
    """Tell whether a file can be parsed, by the same parsers that `parse` uses."""
    try:
        parse(source)
    except (ParseFailure, Unreadable):
        return False
    return True


def _ast_parse(data: bytes) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(data)


def nesting(text: str) -> int:
    """Return an upper bound of how deeply brackets and blocks are nested in a text."""
    deepest = depth = 0
    for char in re.findall(r"[(\[{}\])]", text):
        depth = depth + 1 if char in "([{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    indents = (len(line) - len(line.lstrip(" \t")) for line in text.splitlines())
    return deepest + max(indents, default=0) // 4


def _parse_newer(source: SourceFile) -> ast.Module | None:
    text = source.program.decode(source.encoding)
    if nesting(text) > MAX_NESTING:
        return None
    from modal_transforms.newer_syntax import mask

    masked = mask(text)
    if masked is None:
        return None
    try:
        return _ast_parse(masked.encode())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
