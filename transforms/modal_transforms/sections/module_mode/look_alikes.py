"""Command lines of Modal that need no ``-m``, and lines that only read like them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modal_transforms.analysis.module import Module
from modal_transforms.analysis.string_literals import literal
from modal_transforms.core.command_line import HOLE, Word
from modal_transforms.core.model import Span
from modal_transforms.formats.shell import commands, mentions
from modal_transforms.modal_api.cli import SUBCOMMANDS, ReferenceKind, Verdict, judge
from modal_transforms.modal_api.python_commands import commented, lists, runner_of, strings, word_of
from modal_transforms.modal_api.spellings import LookAlikePlace

_SAID = {
    "has -m": "it has -m already",
    "names nothing": "it names no module",
    "a placeholder": "a placeholder stands for what it runs",
}


def fine(module: Module) -> Iterator[LookAlikePlace]:
    """Yield the command lines of a file that are right as they are."""
    for nodes in lists(module):
        yield from _judged([word_of(module, node) for node in nodes])
    for node in strings(module):
        written = literal(module.source, node)
        if written is not None and written.spans:
            found = commands(written.text) if runner_of(module, node) else mentions(written.text)
            for words in found:
                for place in _judged(words):
                    yield LookAlikePlace(written.span(place.span.start, place.span.end), place.reason)
    for line in (*module.source.command_lines(), *commented(module.source)):
        yield from _judged(line.words)


def _judged(words: Sequence[Word]) -> Iterator[LookAlikePlace]:
    """Yield the call of Modal's command line in the words of a command, and why it stays."""
    verdict = judge(words)
    at = next((i for i, word in enumerate(words[1:]) if word.text in SUBCOMMANDS and _is_modal(words[i])), None)
    if at is not None and verdict.kind is not ReferenceKind.MODULE:
        last = verdict.reference or words[at + 1]
        yield LookAlikePlace(Span(words[at].span.start, last.span.end), _why(verdict, words[0].text))


def _why(verdict: Verdict, program: str) -> str:
    reference = verdict.reference.text.replace(HOLE, "…") if verdict.reference else ""
    if verdict.kind is ReferenceKind.OTHER:
        return f"the program is {program or 'another one'}, not modal"
    if verdict.kind is ReferenceKind.UNSEEN:
        return "what it runs is in a variable, and nothing here runs the command"
    if verdict.values:
        return f"`{reference}` is {', '.join(verdict.values)} in this file, which needs no -m"
    if verdict.kind is ReferenceKind.BARE:
        return f"`{reference}` is a single word, and nothing here runs it"
    if verdict.reason == "names a file":
        return f"`{reference.partition('::')[0]}` is a file, which needs no -m"
    if verdict.reason == "no module path":
        return f"`{reference}` is no module path"
    return _SAID.get(verdict.reason, f"it {verdict.reason}")


def _is_modal(word: Word) -> bool:
    return word.text.rpartition("/")[2] == "modal"
