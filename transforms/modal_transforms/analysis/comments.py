"""The comments of a file's Python, with the offsets of their bytes."""

from __future__ import annotations

import io
import itertools
import tokenize
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache

from modal_transforms.core.model import AddLine, Span
from modal_transforms.core.source import SourceFile


def comments(source: SourceFile) -> Sequence[tuple[int, str]]:
    """Return where each comment begins, and its text; those behind what is no Python token are left out."""
    program = source.program
    if b"#" not in program or not source.is_utf8:
        return ()
    return _comments(program, source.data, source.encoding.removesuffix("-sig"))


@lru_cache(8)
def _comments(program: bytes, data: bytes, encoding: str) -> Sequence[tuple[int, str]]:
    """Return the comments of a program in the bytes of its file: many ask for those of the same one."""
    found: list[tuple[int, str]] = []
    starts = SourceFile("", data).line_starts
    with suppress(tokenize.TokenError, SyntaxError):
        text = program.decode(encoding)
        for token in tokenize.generate_tokens(io.StringIO(text, newline=None).readline):
            if token.type == tokenize.COMMENT:
                line, column = token.start
                start = starts[line - 1] + len(token.line[:column].encode(encoding))
                if data[start : start + 1] == b"#":
                    found.append((start, token.string))
    return found


def comments_in(text: str) -> list[tuple[int, str]]:
    """Return where each comment of a piece of Python begins, in characters, and the comment.

    Raises `tokenize.TokenError` or `SyntaxError`.
    """
    starts = list(itertools.accumulate(map(len, lines_of(text)), initial=0))
    tokens = tokenize.generate_tokens(io.StringIO(text, newline=None).readline)
    return [
        (starts[token.start[0] - 1] + token.start[1], token.string.rstrip())
        for token in tokens
        if token.type == tokenize.COMMENT
    ]


def comments_kept(source: SourceFile, span: Span) -> tuple[AddLine, ...]:
    """Return the changes that put the comments within a span that is replaced above the line that it begins in."""
    text = source.slice(span)
    if "#" not in text:
        return ()
    found = comments_in(f"({text}\n)")
    return tuple(AddLine(source.path, span, comment, before=True) for _, comment in found)


def lines_of(text: str) -> list[str]:
    """Return the lines that Python sees, with their ends: a form feed ends none, and a lone return does."""
    return list(io.StringIO(text, newline=""))
