"""Command lines in Python: lists of words, strings, and comments that show some."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from msgspec.structs import replace

from modal_transforms.analysis.comments import comments
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.string_literals import literal
from modal_transforms.core.command_line import CommandLine, Word
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile
from modal_transforms.formats.config import list_lines
from modal_transforms.formats.mapped_text import mentioned, text_of
from modal_transforms.modal_api.argument_lists import is_one_word
from modal_transforms.modal_api.command_values import is_path, of_rest, values_of

TAKES_A_REFERENCE = pattern(r"\b(?:run|deploy|serve|shell)\b")
"""The commands that take an app."""
_MENTIONED = pattern(rb"#[^\r\n#]*modal")


def word_of(module: Module, node: ast.expr) -> Word:
    """Return an element of an argument list as a word of the command line."""
    span = module.source.span(node)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return Word(node.value, span)
    if isinstance(node, ast.JoinedStr):
        written = literal(module.source, node)
        return Word(written.text if written else "", span, known=False, values=values_of(module, node))
    if not is_one_word(module, node):
        values = of_rest(module, node) if isinstance(node, ast.Starred) else ()
        return Word("", span, known=False, many=True, values=values)
    return Word(ast.unparse(node) if is_path(node) else "", span, known=False, values=values_of(module, node))


def list_flag(module: Module, at: ast.expr) -> str:
    """Return ``"-m"`` as an element before another, on a line of its own where the elements have theirs."""
    source = module.source
    span = source.span(at)
    written = source.slice(span)
    quote = "'" if written.lstrip("rRbBuUfF").startswith("'") else '"'
    start = source.line_at(span.start).start
    own_line = not source.data[start : span.start].strip()
    gap = source.newline + source.indent_at(span.start) if own_line else " "
    return f"{quote}-m{quote},{gap}"


def strings(module: Module, said: re.Pattern[str] = TAKES_A_REFERENCE) -> Iterator[ast.expr]:
    """Yield the strings and f-strings that may hold a command line with words of a pattern."""
    seen: set[ast.AST] = set()
    for node in module.index.strings:
        text = str(node.value)
        parent = module.index.parents[node]
        whole = parent if isinstance(parent, ast.JoinedStr) else node
        if "modal" in text and said.search(text) and whole not in seen:
            seen.add(whole)
            yield whole


def commented(source: SourceFile) -> Iterator[CommandLine]:
    """Yield the commands that comments of a file's Python show."""
    if _MENTIONED.search(source.program):
        for start, text in comments(source):
            if "modal" in text:
                shown = text_of(text.encode(), start)
                yield from mentioned(shown, "a comment")
                yield from (replace(line, where="a comment", runs=False) for line in list_lines(shown, "a comment"))
