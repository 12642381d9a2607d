"""Shell text read as command lines: words, their quotes, and where Modal's command stands."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from modal_transforms.core.command_line import HOLE, OTHER_COMMANDS, Word
from modal_transforms.core.model import Span
from modal_transforms.core.patterns import pattern

_MENTION = pattern(rf"(?<![\w./\\-])modal[ \t]+(?:run|deploy|serve|shell|(?:{OTHER_COMMANDS})[ \t]+[a-z-]+)(?![\w-])")
_TEMPLATE = pattern(r"\$?\{\{")
_VARIABLE = pattern(r"\$\([A-Za-z_][\w.-]*\)")
_SHOWN = pattern(r"(?:\\\r?\n|[^\n`\"'])*")
"""What a text may show as one command: up to a quote, or to the end of its line."""
_SPECIAL = frozenset(f"{HOLE}$*<>[]{{}}")
_MANY = 5
"""So many commands shown on one line are read to its end; each of the others ends where the next begins."""


class _Ahead:
    """Finds the next of some strings, asked for ever later places: each part of the text is searched once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[str, int] = {}

    def __call__(self, what: str, at: int) -> int:
        """Return where a string is next; the end of the text when it does not come any more."""
        known = self._known.get(what, -1)
        if known < at:
            found = self._text.find(what, at)
            known = self._known[what] = found if found >= 0 else len(self._text)
        return known


def commands(text: str) -> Iterator[list[Word]]:
    """Yield the simple commands of a shell text as words whose spans are indices into the text."""
    words: list[Word] = []
    ahead = _Ahead(text)
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
            at = ahead("\n", at)
        else:
            word, at = _word(text, at, ahead)
            words.append(word)
    if words:
        yield words


def _word(text: str, at: int, ahead: _Ahead) -> tuple[Word, int]:
    """Return the word that begins at an index, and the index after it."""
    start, known, special = at, True, False
    parts: list[str] = []
    while at < len(text) and text[at] not in " \t\r\n;|&()`":
        char = text[at]
        end = _unit(text, at, ahead) if char in "${" else at
        if end > at:
            parts.append(text[at:end])
            known, at = False, end
        elif char in "\"'":
            quoted, at = _quoted(text, at)
            parts.append(quoted)
            known = known and not (char == '"' and "$" in quoted) and HOLE not in quoted
        elif char == "\\" and at + 1 < len(text):
            parts.append(text[at + 1].strip("\r\n"))
            at += 2
        else:
            parts.append(char)
            at, special = at + 1, special or char in _SPECIAL
    value = "".join(parts)
    return Word(value, Span(start, at), known and (not special or value in {"$", ">", "{"})), at


def _unit(text: str, at: int, ahead: _Ahead) -> int:
    """Return where the template or variable that begins at an index ends; the index itself when none begins there."""
    opening = _TEMPLATE.match(text, at)
    if opening:
        end = ahead("}}", opening.end())
        if end < ahead("\n", at):
            return end + 2
    if text.startswith("${", at):
        end = ahead("}", at)
        return end + 1 if end < ahead("\n", at) else at
    variable = _VARIABLE.match(text, at)
    return variable.end() if variable else at


def _quoted(text: str, at: int) -> tuple[str, int]:
    quote, start = text[at], at + 1
    end = text.find(quote, start)
    while quote == '"' and end > start and text[end - 1] == "\\":
        end = text.find(quote, end + 1)
    return (text[start:], len(text)) if end < 0 else (text[start:end], end + 1)


def mentions(text: str) -> Iterator[list[Word]]:
    """Yield the Modal commands that running text (a docstring, a message, a document) shows."""
    starts = [match.start() for match in _MENTION.finditer(text)]
    end, count = -1, 0
    for start, following in zip(starts, [*starts[1:], len(text)], strict=False):
        count += 1
        if start >= end:
            line = _SHOWN.match(text, start)
            end, count = line.end() if line else start, 1
        words = next(commands(text[start : end if count <= _MANY else min(end, following)]), [])
        moved = [replace(word, span=Span(word.span.start + start, word.span.end + start)) for word in words]
        if moved:
            yield [_without_stop(word) for word in moved]


def _without_stop(word: Word) -> Word:
    """Return a word without the punctuation of the sentence that it ends."""
    text = word.text.rstrip(".,:;!?")
    return replace(word, text=text, span=Span(word.span.start, word.span.end - len(word.text) + len(text)))
