"""Shell text read as command lines: words, their quotes, and where Modal's command stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from modal_transforms.core.command_line import HOLE, Word
from modal_transforms.core.model import Span

_MENTION = re.compile(r"(?<![\w./\\-])modal[ \t]+(?:run|deploy|serve|shell)(?![\w-])")
_UNIT = re.compile(r"\$\{\{.*?\}\}|\{\{.*?\}\}|\$\{[^}\n]*\}|\$\([A-Za-z_][\w.-]*\)")


def commands(text: str) -> Iterator[list[Word]]:
    """Yield the simple commands of a shell text as words whose spans are indices into the text."""
    words: list[Word] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char in " \t\r":
            at += 1
        elif text.startswith(("\\\n", "\\\r\n"), at):
            at = text.index("\n", at) + 1
        elif char in "\n;|&()`":
            if words:
                yield words
            words, at = [], at + 1
        elif char == "#":
            at = text.index("\n", at) if "\n" in text[at:] else len(text)
        else:
            word, at = _word(text, at)
            words.append(word)
    if words:
        yield words


def _word(text: str, at: int) -> tuple[Word, int]:
    """Return the word that begins at an index, and the index after it."""
    start, value, known, special = at, "", True, False
    while at < len(text) and text[at] not in " \t\r\n;|&()`":
        char = text[at]
        unit = _UNIT.match(text, at)
        if unit:
            value, known, at = value + unit[0], False, unit.end()
        elif char in "\"'":
            quoted, at = _quoted(text, at)
            value += quoted
            known = known and not (char == '"' and "$" in quoted) and HOLE not in quoted
        elif char == "\\" and at + 1 < len(text):
            value, at = value + text[at + 1].strip("\r\n"), at + 2
        else:
            value, at, special = value + char, at + 1, special or char in f"{HOLE}$*<>[]{{}}"
    return Word(value, Span(start, at), known and (not special or value in {"$", ">", "{"})), at


def _quoted(text: str, at: int) -> tuple[str, int]:
    quote, start = text[at], at + 1
    end = text.find(quote, start)
    while quote == '"' and end > start and text[end - 1] == "\\":
        end = text.find(quote, end + 1)
    return (text[start:], len(text)) if end < 0 else (text[start:end], end + 1)


def mentions(text: str) -> Iterator[list[Word]]:
    """Yield the Modal commands that running text (a docstring, a message, a document) shows."""
    for match in _MENTION.finditer(text):
        line = re.compile(r"(?:\\\r?\n|[^\n`\"'])*").match(text, match.start())
        assert line is not None
        words = next(commands(line[0]), [])
        moved = [replace(word, span=_moved(word.span, match.start())) for word in words]
        if moved:
            yield [_without_stop(word) for word in moved]


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _without_stop(word: Word) -> Word:
    """Return a word without the punctuation of the sentence that it ends."""
    text = word.text.rstrip(".,:;!?")
    return replace(word, text=text, span=Span(word.span.start, word.span.end - len(word.text) + len(text)))
