"""The comments of a file's Python, with the offsets of their bytes."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator

from modal_transforms.source import SourceFile


def comments(source: SourceFile) -> Iterator[tuple[int, str]]:
    """Yield where each comment begins, and its text; those behind what is no Python token are left out."""
    program = source.program
    if b"#" not in program or not source.is_utf8:
        return
    try:
        text = program.decode(source.encoding.removesuffix("-sig"))
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                line, column = token.start
                start = source.line_starts[line - 1] + len(source.encode(token.line[:column]))
                if source.data[start : start + 1] == b"#":
                    yield start, token.string
    except (tokenize.TokenError, SyntaxError):
        return
