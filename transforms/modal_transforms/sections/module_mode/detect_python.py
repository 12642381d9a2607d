"""Command lines in Python: lists of words, strings that are run, docstrings and messages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from msgspec.structs import replace

from modal_transforms.analysis.module import Module
from modal_transforms.analysis.string_literals import Literal, literal
from modal_transforms.core.command_line import HOLE, Word
from modal_transforms.core.model import Finding, Replace, Section, Span
from modal_transforms.formats.shell import commands, mentions
from modal_transforms.modal_api.cli import ReferenceKind, judge
from modal_transforms.sections.module_mode.findings import NEEDS_A_LOOK, finding, unseen_finding
from modal_transforms.sections.module_mode.repository import beside
from modal_transforms.sections.module_mode.runners import runner_of
from modal_transforms.sections.module_mode.values import is_default, is_path, of_rest, values_of

_SUBCOMMAND = re.compile(r"\b(?:run|deploy|serve|shell)\b")


def find_in_python(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the command lines in a file's Python that name a module without ``-m``."""
    parts: set[ast.AST] = set()
    for words in lists(module):
        lines = [word_of(module, node) for node in words]
        verdict = judge(lines)
        if verdict.kind is not ReferenceKind.OTHER:
            parts.update(words)
        if verdict.kind not in NEEDS_A_LOOK:
            continue
        at = next(node for node, word in zip(words, lines, strict=True) if word is verdict.reference)
        runner = runner_of(module, at)
        said = f"run by {runner}" if runner else ""
        if said and is_default(module, at):
            said += ", where nothing else is given for it on the command line"
        if verdict.kind is ReferenceKind.UNSEEN:
            if runner and not is_path(at):
                yield unseen_finding(module, section, verdict, module.source.span(at), said)
        elif runner or verdict.kind is ReferenceKind.MODULE:
            yield finding(module, section, verdict, _listed(module, at), module.source.span(at), said)
    for node in strings(module):
        if node not in parts and not parts.intersection(module.index.ancestors(node)):
            yield from _in_string(module, section, node)


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


def _listed(module: Module, at: ast.expr) -> Replace:
    """Return the change that puts ``"-m"`` before an element, on a line of its own where the elements have theirs."""
    source = module.source
    span = source.span(at)
    written = source.slice(span)
    quote = "'" if written.lstrip("rRbBuUfF").startswith("'") else '"'
    start = source.line_span(source.line_of(span.start)).start
    own_line = not source.data[start : span.start].strip()
    gap = source.newline + source.indent_at(span.start) if own_line else " "
    return Replace(source.path, Span(span.start, span.start), f"{quote}-m{quote},{gap}")


def strings(module: Module) -> Iterator[ast.expr]:
    """Yield the strings and f-strings that may hold a command line."""
    seen: set[ast.AST] = set()
    for node in module.index.strings:
        text = str(node.value)
        parent = module.index.parents[node]
        whole = parent if isinstance(parent, ast.JoinedStr) else node
        if "modal" in text and _SUBCOMMAND.search(text) and whole not in seen:
            seen.add(whole)
            yield whole


def _in_string(module: Module, section: Section, node: ast.expr) -> Iterator[Finding]:
    written = literal(module.source, node)
    if written is None:
        return
    runner = runner_of(module, node)
    lines = commands(written.text) if runner else mentions(written.text)
    holes = _holes(module, node, written.text)
    for line in lines:
        words = [_with_values(word, holes) for word in line]
        verdict = judge(words)
        if verdict.kind is ReferenceKind.UNSEEN and verdict.reference is not None and runner:
            place = _reference_span(written, verdict.reference)
            yield unseen_finding(module, section, verdict, place, f"run by {runner}")
        is_bare = verdict.kind is ReferenceKind.BARE and (runner or beside(module, verdict.module))
        if verdict.reference is None or not (verdict.kind is ReferenceKind.MODULE or is_bare):
            continue
        at = verdict.reference.span.start
        place = written.spans[at]
        insert = Replace(module.source.path, Span(place.start, place.start), "-m ")
        place = _reference_span(written, verdict.reference)
        yield finding(module, section, verdict, insert, place, f"run by {runner}" if runner else "", text=not runner)


def _holes(module: Module, node: ast.expr, text: str) -> dict[int, tuple[str, ...]]:
    """Return what may stand in each hole of an f-string, by its place."""
    places = [at for at, char in enumerate(text) if char == HOLE] if isinstance(node, ast.JoinedStr) else []
    parts = [part for part in getattr(node, "values", ()) if isinstance(part, ast.FormattedValue)]
    return {at: values_of(module, part.value) for at, part in zip(places, parts, strict=False)}


def _with_values(word: Word, holes: dict[int, tuple[str, ...]]) -> Word:
    """Return a word of an f-string with all that it may be, where one hole decides and all of it can be seen."""
    inside = [holes.get(at, ()) for at in range(word.span.start, word.span.end) if at in holes]
    if word.known or len(inside) != 1 or word.text.count(HOLE) != 1:
        return word
    return replace(word, values=tuple(word.text.replace(HOLE, value) for value in inside[0]))


def _reference_span(written: Literal, word: Word) -> Span:
    return written.span(word.span.start, word.span.end)
