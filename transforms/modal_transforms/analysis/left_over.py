"""Comments that would stand over nothing, or speak of what is gone, once the code that they belong to goes."""

from __future__ import annotations

import re

from modal_transforms.core.model import Span
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile

_STAYS = pattern(
    r"#(?:!|[ \t]*(?:%%|-\*-|[-=#*~─]{3}"
    r"|(?:fmt|isort|ruff|pylint|type|noqa|mypy|pyright|region|endregion|modal-wizard)\b))"
)
"""What tools read, and headings: no words about the next lines alone."""

_FOR_TOOLS = pattern(
    r"#[ \t]*(?:noqa|type: *ignore|pylint: *disable|pyright: *ignore|mypy:|isort: *skip|fmt: *skip|nosec|pragma:)"
    r"[^#]*",
    re.I,
)
"""What tools read of the line that it ends, and nobody of another."""
_MORE = pattern(r"\b(?:TODO|FIXME|XXX|HACK|modal-wizard)\b|#\d|\b[A-Z]{2,}-\d|://|`|\w\(|\w[._/]\w")
"""What is to be done still, tickets, addresses, files, and names of code."""
_CLAUSES = pattern(r"[.;:,!?](?:\s+|$)|\s+[-–—]+\s+|\s+(?:and|but|also)\s+")


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


def speaks_only_of(comment: str, gone: re.Pattern[str]) -> bool:
    """Tell whether a comment is of no use without the code that ``gone`` finds in words.

    Each of its clauses has to speak of it, and none of anything that stays; what tools read of the line is its own.
    """
    said = _FOR_TOOLS.sub("", comment)
    if not said.strip("# \t"):
        return True
    said = re.sub(r"@?\b(?:modal\.)?(\w+)(?:\(\))?", lambda name: name[1] if gone.search(name[1]) else name[0], said)
    clauses = [clause for clause in _CLAUSES.split(said.lstrip("# \t")) if clause.strip()]
    return not _MORE.search(said) and all(map(gone.search, clauses))


ANYTHING = pattern("")
"""For a line with one thing on it, such as an import: whatever a comment beside it says, it says of that."""

NOTHING = pattern(r"(?!)")
"""For what is no place to look into: only what tools read goes."""


def comment_beside(source: SourceFile, end: int) -> Span | None:
    """Return the comment that follows on the line where a piece of code ends, the spaces before it with it."""
    line = source.line_at(end)
    rest = source.slice(Span(end, line.end)).rstrip("\r\n")
    return Span(end, end + len(source.encode(rest))) if rest.lstrip(" \t,").startswith("#") else None


def spoken_above(source: SourceFile, line: int, gone: re.Pattern[str]) -> int:
    """Return the first line of the comment right above a line if all of it speaks only of what goes, else the line."""
    indent = source.indent_at(source.line_span(line).start)
    top = line
    while top > 1 and source.slice(source.line_span(top - 1)).startswith(f"{indent}#"):
        top -= 1
    said = [source.slice(source.line_span(each)).strip() for each in range(top, line)]
    if any(map(_STAYS.match, said)):
        return line
    return top if said and speaks_only_of(" ".join(each.lstrip("# \t") for each in said), gone) else line
