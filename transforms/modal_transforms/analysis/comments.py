"""The comments of a file's Python, with the offsets of their bytes."""

from __future__ import annotations

import io
import itertools
import tokenize
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache

from modal_transforms.core.model import AddLine, Span
from modal_transforms.core.source import SourceFile

_SMALL = 16384
"""Bytes of a program that is kept for long: a block of a document, as a rule."""


@lru_cache(4)
def comments(source: SourceFile) -> Sequence[tuple[int, str]]:
    """Return where each comment begins, and its text; those behind what is no Python token are left out."""
    if b"#" not in source.program or not source.is_utf8:
        return ()
    encoding = source.encoding.removesuffix("-sig")
    found = ((at + start, text) for at, part in source.parts for start, text in _comments_of(part, encoding))
    return tuple((start, text) for start, text in found if source.data[start : start + 1] == b"#")


def _comments_of(program: bytes, encoding: str) -> Sequence[tuple[int, str]]:
    if b"#" not in program:
        return ()
    return (_read if len(program) > _SMALL else _read_small)(program, encoding)


@lru_cache(8)
def _read(program: bytes, encoding: str) -> Sequence[tuple[int, str]]:
    """Return the comments of a program: many ask for those of the same one."""
    found: list[tuple[int, str]] = []
    starts = SourceFile("", program).line_starts
    with suppress(tokenize.TokenError, SyntaxError):
        text = program.decode(encoding)
        for token in tokenize.generate_tokens(io.StringIO(text, newline=None).readline):
            if token.type == tokenize.COMMENT:
                line, column = token.start
                found.append((starts[line - 1] + len(token.line[:column].encode(encoding)), token.string))
    return found


@lru_cache(4096)
def _read_small(program: bytes, encoding: str) -> Sequence[tuple[int, str]]:
    """Return the same: of a document that has changed, most blocks are as they were."""
    return _read.__wrapped__(program, encoding)


def comments_in(text: str) -> list[tuple[int, str]]:
    """Return where each comment of a piece of Python begins, in characters, and the comment.

    Raises `tokenize.TokenError` or `SyntaxError`.
    """
    return [(start, token.string.rstrip()) for start, _, token in tokens_in(text) if token.type == tokenize.COMMENT]


def tokens_in(text: str) -> Iterator[tuple[int, int, tokenize.TokenInfo]]:
    """Yield where each token of a piece of Python begins and ends, in characters, and the token.

    Raises `tokenize.TokenError` or `SyntaxError`.
    """
    starts = list(itertools.accumulate(map(len, lines_of(text)), initial=0))
    for token in tokenize.generate_tokens(io.StringIO(text, newline=None).readline):
        (line, column), (last, end) = token.start, token.end
        if last <= len(starts):
            yield starts[line - 1] + column, starts[last - 1] + end, token


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
