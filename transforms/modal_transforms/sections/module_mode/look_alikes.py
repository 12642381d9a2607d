"""Command lines of Modal that need no ``-m``, and lines that only read like them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from modal_transforms.analysis.module import Module
from modal_transforms.analysis.string_literals import literal
from modal_transforms.core.command_line import HOLE, SUBCOMMANDS, Word
from modal_transforms.core.model import Span
from modal_transforms.formats.shell import commands, mentions
from modal_transforms.modal_api.argument_lists import lists
from modal_transforms.modal_api.cli import ReferenceKind, Verdict, has_placeholder, judge
from modal_transforms.modal_api.command_runners import runner_of
from modal_transforms.modal_api.command_values import is_path
from modal_transforms.modal_api.python_commands import strings, word_of
from modal_transforms.modal_api.spellings import LookAlikePlace
from modal_transforms.sections.module_mode.detect_text import all_lines

_SAID = {
    "has -m": "it has -m already",
    "names nothing": "it names no module",
    "a placeholder": "a placeholder stands for what it runs",
}


def fine(module: Module) -> Iterator[LookAlikePlace]:
    """Yield the command lines of a file that are right as they are."""
    for nodes in lists(module):
        paths = {module.source.span(node).end: ast.unparse(node) for node in nodes if is_path(node)}
        for place in _judged([word_of(module, node) for node in nodes]):
            shown = paths.get(place.span.end)
            yield replace(place, reason=f"`{shown}` is the path of a file, which needs no -m") if shown else place
    for node in strings(module):
        written = literal(module.source, node)
        if written is not None and written.spans:
            found = commands(written.text) if runner_of(module, node) else mentions(written.text)
            for words in found:
                for place in _judged(words):
                    yield LookAlikePlace(written.span(place.span.start, place.span.end), place.reason)
    for line in all_lines(module):
        yield from _judged([_as_written(module, word) for word in line.words])


def _as_written(module: Module, word: Word) -> Word:
    """Return a word with the backslashes that a shell takes away: a path of Windows as people read it."""
    written = module.source.slice(word.span)
    return replace(word, text=written) if written.replace("\\", "") == word.text else word


def _judged(words: Sequence[Word]) -> Iterator[LookAlikePlace]:
    """Yield the call of Modal's command line in the words of a command, and why it stays."""
    verdict = judge(words)
    at = next((i for i, word in enumerate(words[1:]) if word.text in SUBCOMMANDS and _is_modal(words[i])), None)
    if at is not None and verdict.kind is not ReferenceKind.MODULE:
        last = verdict.reference or words[at + 1]
        yield LookAlikePlace(Span(words[at].span.start, last.span.end), _why(verdict, words[0].text))


def _why(verdict: Verdict, program: str) -> str:
    reference = verdict.reference.text.replace(HOLE, "…") if verdict.reference else ""
    path = reference.partition("::")[0]
    hidden = verdict.reference is not None and not verdict.reference.known
    if verdict.kind is ReferenceKind.OTHER:
        return f"the program is {program or 'another one'}, not modal"
    if verdict.kind is ReferenceKind.UNSEEN:
        return "what it runs is in a variable, and nothing here runs the command"
    if verdict.values:
        named = f"`{reference}`" if reference else "what it runs"
        return f"{named} is {', '.join(verdict.values)} in this file, which needs no -m"
    if verdict.kind is ReferenceKind.BARE:
        return f"`{reference}` is a single word, and nothing here runs it"
    if hidden and has_placeholder(path):
        return _SAID["a placeholder"]
    if verdict.reason == "names a file":
        return f"`{path}` is a file, which needs no -m"
    if verdict.reason == "no module path":
        return f"`{path}` is a path, which -m does not take" if hidden else f"`{path}` is no module path"
    return _SAID.get(verdict.reason, f"it {verdict.reason}")


def _is_modal(word: Word) -> bool:
    return word.text.rpartition("/")[2] == "modal"
