"""Command lines in Python: lists of words, strings that are run, docstrings and messages."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec.structs import replace

from modal_transforms.analysis.module import Module
from modal_transforms.analysis.string_literals import Literal, literal
from modal_transforms.core.command_line import HOLE, Word
from modal_transforms.core.model import Applicability, Finding, Replace, Span
from modal_transforms.formats.shell import commands, mentions
from modal_transforms.modal_api.argument_lists import lists
from modal_transforms.modal_api.cli import ReferenceKind, judge
from modal_transforms.modal_api.command_runners import runner_of
from modal_transforms.modal_api.command_values import is_default, is_path, values_of
from modal_transforms.modal_api.python_commands import list_flag, strings, word_of
from modal_transforms.sections.module_mode.findings import NEEDS_A_LOOK, finding, unseen_finding
from modal_transforms.sections.module_mode.repository import beside


def find_in_python(module: Module) -> Iterator[Finding]:
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
        runner = runner_of(module, at) or runner_of(module, words[0])
        said = f"run by {runner}" if runner else ""
        if said and is_default(module, at):
            said += ", where nothing else is given for it on the command line"
        if verdict.kind is ReferenceKind.UNSEEN:
            if runner and not is_path(at):
                yield unseen_finding(module, verdict, module.source.span(at), said)
        elif runner or verdict.kind is ReferenceKind.MODULE:
            stated = finding(module, verdict, _listed(module, at), module.source.span(at), said)
            yield _unless_shared(module, at, words[0], stated)
    for node in strings(module):
        if node not in parts and not parts.intersection(module.index.ancestors(node)):
            yield from _in_string(module, node)


def _unless_shared(module: Module, at: ast.expr, first: ast.expr, stated: Finding) -> Finding:
    """Return a finding, for review where the module stands in a list that is read elsewhere, too."""
    made = module.index.parents[at]
    statement = module.index.parents.get(made)
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    if not isinstance(target, ast.Name) or made is module.index.parents[first]:
        return stated
    reads = [node for node in module.index.names if node.id == target.id and isinstance(node.ctx, ast.Load)]
    if len(reads) == 1:
        return stated
    said = f"`{target.id}` is read at line {reads[-1].lineno}, too"
    return replace(stated, applicability=Applicability.REVIEW, evidence=(said, *stated.evidence))


def _listed(module: Module, at: ast.expr) -> Replace:
    """Return the change that puts ``"-m"`` before an element; ``append`` takes one, so that it becomes ``extend``."""
    start = module.source.span(at).start
    call = module.index.parents[at]
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "append":
        end = module.source.span(call).end
        written = f"extend([{list_flag(module, at)}{module.source.written(at)}])"
        return Replace(module.source.path, Span(module.source.span(call.func).end - len("append"), end), written)
    return Replace(module.source.path, Span(start, start), list_flag(module, at))


def _in_string(module: Module, node: ast.expr) -> Iterator[Finding]:
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
            yield unseen_finding(module, verdict, place, f"run by {runner}")
        is_bare = verdict.kind is ReferenceKind.BARE and (runner or beside(module, verdict.module))
        if verdict.reference is None or not (verdict.kind is ReferenceKind.MODULE or is_bare):
            continue
        at = verdict.reference.span.start
        place = written.spans[at]
        insert = Replace(module.source.path, Span(place.start, place.start), "-m ")
        place = _reference_span(written, verdict.reference)
        yield finding(module, verdict, insert, place, f"run by {runner}" if runner else "", text=not runner)


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
