"""Comments that would stand over nothing once the lines under them go."""

from __future__ import annotations

import re

from modal_transforms.core.source import SourceFile

_STAYS = re.compile(
    r"#(?:!|[ \t]*(?:%%|-\*-|[-=#*~─]{3}"
    r"|(?:fmt|isort|ruff|pylint|type|noqa|mypy|pyright|region|endregion|modal-wizard)\b))"
)
"""What tools read, and headings: no words about the next lines alone."""


def first_to_go(source: SourceFile, first: int, last: int) -> int:
    """Return the first line to take out with the lines ``first`` to ``last``, both from 1.

    Comments right above them are theirs alone, and go, where nothing follows directly that they could be read for:
    a blank line, a comment of its own, the end of a bracket. What begins a file stays.
    """
    if not _is_told_apart(source, last + 1):
        return first
    indent = source.indent_at(source.line_span(first).start)
    top = first
    while top > 1:
        line = source.line_span(top - 1)
        text = source.slice(line).strip()
        if not text.startswith("#") or _STAYS.match(text) or source.indent_at(line.start) != indent:
            return top
        top -= 1
    return first


def _is_told_apart(source: SourceFile, line: int) -> bool:
    if line > len(source.line_starts):
        return True
    text = source.slice(source.line_span(line)).strip()
    return not text or text[0] in "#)]}"
