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
from modal_transforms.core.source import SourceFile
from modal_transforms.formats.config import list_lines
from modal_transforms.formats.mapped_text import mentioned, text_of
from modal_transforms.modal_api.command_values import is_path, of_rest, values_of

TAKES_A_REFERENCE = re.compile(r"\b(?:run|deploy|serve|shell)\b")
"""The commands that take an app."""
_MENTIONED = re.compile(rb"#[^\r\n#]*modal")


def lists(module: Module) -> Iterator[list[ast.expr]]:
    """Yield the elements of lists, tuples and argument lists that have ``"modal"`` as an element."""
    seen: set[ast.AST] = set()
    for node in module.index.strings:
        if node.value != "modal" and not str(node.value).endswith("/modal"):
            continue
        around: ast.AST = module.index.parents[node]
        while isinstance(module.index.parents.get(around), ast.BinOp):
            around = module.index.parents[around]
        if around not in seen:
            seen.add(around)
            yield _elements(around)


def _elements(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, (ast.List, ast.Tuple)):
        return list(node.elts)
    if isinstance(node, ast.Call):
        return list(node.args)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*_elements(node.left), *_elements(node.right)]
    return [node] if isinstance(node, ast.expr) else []


def word_of(module: Module, node: ast.expr) -> Word:
    """Return an element of an argument list as a word of the command line."""
    span = module.source.span(node)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return Word(node.value, span)
    if isinstance(node, ast.JoinedStr):
        written = literal(module.source, node)
        return Word(written.text if written else "", span, known=False, values=values_of(module, node))
    if not _is_one_word(module, node):
        values = of_rest(module, node) if isinstance(node, ast.Starred) else ()
        return Word("", span, known=False, many=True, values=values)
    return Word(ast.unparse(node) if is_path(node) else "", span, known=False, values=values_of(module, node))


def _is_one_word(module: Module, node: ast.expr) -> bool:
    """Tell whether an element stands for exactly one word: not for a starred list, nor for a list that is added."""
    parent = module.index.parents.get(node)
    return not isinstance(node, ast.Starred) and not isinstance(parent, ast.BinOp)


def list_flag(module: Module, at: ast.expr) -> str:
    """Return ``"-m"`` as an element before another, on a line of its own where the elements have theirs."""
    source = module.source
    span = source.span(at)
    written = source.slice(span)
    quote = "'" if written.lstrip("rRbBuUfF").startswith("'") else '"'
    start = source.line_span(source.line_of(span.start)).start
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
