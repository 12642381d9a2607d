"""Text cut out of a file, with the byte that each character is written at, and the command lines found in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.core.command_line import CommandLine, Word
from modal_transforms.core.model import Span
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import byte_offsets
from modal_transforms.formats.shell import commands, mentions

MAY_BE_COMMAND = pattern(r"modal", re.IGNORECASE)
SHELL_LINE = "a shell line of the notebook"
"""Where a command stands, in words."""
_BLANK = pattern(r"\s")


class MappedText(Struct, frozen=True):
    """Characters, and for each the offset of the first byte that is written for it; one more offset for the end."""

    text: str
    starts: Sequence[int]

    def cut(self, start: int, end: int) -> MappedText:
        """Return the characters from ``start`` to ``end`` (exclusive)."""
        return MappedText(self.text[start:end], self.starts[start : end + 1])

    def span(self, span: Span) -> Span:
        """Return the bytes of a span of characters."""
        return Span(self.starts[span.start], self.starts[span.end])

    def blanked(self, spans: Iterable[tuple[int, int]]) -> MappedText:
        """Return the same text with blanks in place of the characters of some spans, which are in order."""
        pieces: list[str] = []
        at = 0
        for start, end in spans:
            pieces += (self.text[at:start], " " * (end - start))
            at = end
        return MappedText("".join([*pieces, self.text[at:]]), self.starts)

    def lines(self) -> Iterator[tuple[int, int]]:
        """Yield the indices of each line without its line ending, ``\\n`` or ``\\r\\n``.

        What else Python takes for one, such as a lone ``\\r``, is none to make, just, Docker or a shell.
        """
        at = 0
        for line in self.text.split("\n"):
            if at < len(self.text):
                yield at, at + len(line.rstrip("\r"))
            at += len(line) + 1


def text_of(data: bytes, start: int = 0) -> MappedText:
    """Return UTF-8 bytes, which begin at an offset, as text."""
    text = data.decode()
    return MappedText(text.replace("\ufeff", " "), byte_offsets(text, start))


def shell_lines(text: MappedText, where: str, runs: bool = True) -> Iterator[CommandLine]:
    """Yield the commands of a shell text that may be Modal's, those in its quoted words and comments included."""
    if not MAY_BE_COMMAND.search(text.text):
        return
    for words in commands(text.text):
        line = " ".join(word.text for word in words)
        if not MAY_BE_COMMAND.search(line):
            continue
        yield CommandLine(tuple(_moved(word, text) for word in words), where, runs)
        quoted = [word for word in words if _goes_on(word.text)]
        programs = Counter(word.text.rpartition("/")[2] for word in words) if quoted else Counter()
        for word in quoted:
            programs[own := word.text.rpartition("/")[2]] -= 1
            run = runs and _has(programs, _RUN_WHAT_IS_QUOTED) and not _has(programs, _SHOW_WHAT_IS_QUOTED)
            programs[own] += 1
            yield from _quoted(text, word, where, run)
    yield from comment_lines(text, where)


_RUN_WHAT_IS_QUOTED = frozenset("bash sh zsh dash ssh concurrently eval tmux npx wsl watch su".split())
_SHOW_WHAT_IS_QUOTED = frozenset({"echo", "printf"})


def _goes_on(word: str) -> bool:
    """Tell whether a word says modal, and more behind a blank."""
    named = MAY_BE_COMMAND.search(word)
    return named is not None and _BLANK.search(word, named.end()) is not None


def _has(programs: Counter[str], some: Iterable[str]) -> bool:
    return any(programs[name] > 0 for name in some)


def _quoted(text: MappedText, word: Word, where: str, run: bool) -> Iterator[CommandLine]:
    """Yield the commands that one quoted word holds: ``bash -c "modal deploy a.b"``."""
    written = text.text[word.span.start : word.span.end]
    match = re.fullmatch(r"(?:[\w-]+=)?([\"'])(.*)\1", written, re.DOTALL)
    if match is None or match[1] in match[2] or "\\" in match[2]:
        return
    start = word.span.start + match.start(2)
    yield from shell_lines(text.cut(start, start + len(match[2])), f"a quoted command in {where}", run)


def _moved(word: Word, text: MappedText) -> Word:
    return replace(word, span=text.span(word.span))


_COMMENT = pattern(r"(?:^|(?<=\s))#.*", re.MULTILINE)


def comment_lines(text: MappedText, where: str) -> Iterator[CommandLine]:
    """Yield the commands that the comments of a text show."""
    for match in _COMMENT.finditer(text.text):
        if "modal" in match[0]:
            yield from mentioned(text.cut(*match.span()), f"a comment in {where}")


def mentioned(text: MappedText, where: str) -> Iterator[CommandLine]:
    """Yield the commands that running text shows."""
    for words in mentions(text.text):
        yield CommandLine(tuple(_moved(word, text) for word in words), where, runs=False)


def listed(words: Iterable[tuple[str, Span]], where: str, flag: str, runs: bool = True) -> CommandLine:
    """Return a command that is written as a list of words; ``flag`` is what adds one before another."""
    made = tuple(Word(word, span, known=not re.search(r"[$*<>]|\{\{", word)) for word, span in words)
    return CommandLine(made, where, runs, flag)
