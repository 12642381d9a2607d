"""Parse a file with ``ast``, also one in syntax newer than the Python that runs us.

A file that this Python refuses may be written for a newer one (PEP 701 f-strings, PEP 695 type parameters). LibCST,
loaded only where the text has what may be such, says whether it is; the newer constructs are masked by text of the same
length and the same ``ast`` finders read the rest.
"""

from __future__ import annotations

import ast
import contextlib
import re
import warnings
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile

MAX_DEPTH = 200
"""A tree deeper than this was not written by a person, and exhausts the recursion of whatever reads it."""
_NESTED = pattern("too many (nested|levels|statically)")
"""What Python says of nesting that it refuses: no newer syntax makes a difference then."""
_NEWER = pattern(r"""(?<!\w)(?:[ft]r?|r[ft])["']|\btype\b|\b(?:def|class)[\s\\]+\w+[\s\\]*\[""", re.IGNORECASE)
"""What a text has in which newer syntax can be masked: a formatted string, ``type``, or a name with parameters."""
_SILENCE = ("ignore", None, Warning, None, 0)
"""What `quietly` puts before all other filters."""
_LONGEST = 200
"""No annotation in quotes is longer; as an expression, it is then less deep than that."""


class ParseFailure(Exception):
    """The file is not Python that we can read; the message says where and why."""


class Parsed(Struct, frozen=True):
    """A syntax tree, and the text that was read for it where newer syntax had to be masked: one of the same length."""

    tree: ast.Module
    masked: str = ""


def parse(source: SourceFile) -> Parsed:
    """Return the syntax tree of a file; raises `ParseFailure` or `Unreadable`."""
    source.text  # noqa: B018  raises Unreadable, also for a comment in another encoding, which `ast` skips unread
    try:
        return Parsed(_ast_parse(source.program))
    except SyntaxError as error:
        refusal = error
    except (ValueError, RecursionError, MemoryError) as error:
        raise ParseFailure(f"cannot be parsed: {str(error) or type(error).__name__}") from None
    masked = None if _NESTED.search(refusal.msg) else _parse_newer(source)
    if masked is None:
        raise ParseFailure(f"line {refusal.lineno}: {refusal.msg}")
    return masked


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Let Python say nothing of what it parses, such as of escapes that mean nothing; around many files at best."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _ast_parse(data: str | bytes) -> ast.Module:
    if warnings.filters[:1] == [_SILENCE]:
        return ast.parse(data)
    with quietly():
        return ast.parse(data)


def parses(code: str | bytes) -> bool:
    """Tell whether a text is Python that can be parsed."""
    try:
        _ast_parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def quoted_annotation(text: str) -> ast.expr | None:
    """Return the expression that an annotation in quotes is; ``None`` for what is none, or longer than any."""
    if len(text) > _LONGEST:
        return None
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None


def too_deep() -> ParseFailure:
    """Return what to raise for a tree deeper than `MAX_DEPTH`."""
    return ParseFailure(f"nested more than {MAX_DEPTH} levels deep")


def _parse_newer(source: SourceFile) -> Parsed | None:
    text = source.program.decode(source.encoding)
    if not _NEWER.search(text):
        return None
    from modal_transforms.analysis.deep_stack import levels, run_with_stack

    depth = levels(text)
    if depth is None:
        return None
    from modal_transforms.analysis.newer_syntax import mask

    masked = run_with_stack(depth, lambda: mask(text))
    if masked is None:
        return None
    try:
        return Parsed(_ast_parse(masked.encode()), masked)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def but_none(node: ast.expr) -> ast.expr:
    """Return what an annotation says besides ``None``: ``X`` of ``X | None`` and ``Optional[X]``."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(other, ast.Constant) and other.value is None:
                return one
    if isinstance(node, ast.Subscript) and isinstance(node.value, (ast.Name, ast.Attribute)):
        named = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
        return node.slice if named == "Optional" else node
    return node


def dotted_path(node: ast.expr) -> str:
    """Return ``a.b.c`` for that expression; an empty text for any that is not names and dots."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join(reversed([*names, node.id])) if isinstance(node, ast.Name) else ""
