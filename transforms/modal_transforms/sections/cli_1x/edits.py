"""How the words of a command are changed, whether a shell reads them or a list holds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from modal_transforms.core.command_line import CommandLine
from modal_transforms.core.model import Replace, Span
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile
from modal_transforms.sections.cli_1x.rows import CommandRow, Rewording

_FUNCTION = "--function-name"
_FLAG = pattern(r"([\"']?)-m\1")


class CommandUse(NamedTuple):
    """A command that a row is about: the index of its first word behind ``modal``, and of the option, or -1."""

    row: CommandRow
    line: CommandLine
    at: int
    option: int

    @property
    def place(self) -> Span:
        """What is shown of it: the option, or the command up to its last word."""
        words = self.line.words
        if self.option >= 0:
            return words[self.option].span
        return Span(words[self.at - 1].span.start, words[self.at + max(0, len(self.row.path) - 1)].span.end)


class _Unseen(Exception):
    """What is written there is not what was read: another one holds it, or a comment stands between."""


def changes(source: SourceFile, use: CommandUse) -> tuple[Replace, ...]:
    """Return the changes that a row asks for; none where a person has to make them."""
    try:
        return tuple(_changes(source, use))
    except _Unseen:
        return ()


def _changes(source: SourceFile, use: CommandUse) -> Iterator[Replace]:
    row, line, words, option = use.row, use.line, use.line.words, use.option
    after = use.at + len(row.path)
    match row.way:
        case Rewording.DROP:
            yield _dropped(source, line, option)
        case Rewording.DROP_VALUE | Rewording.HOIST:
            last = option if "=" in words[option].text else option + 1
            if last >= len(words):
                raise _Unseen
            if row.way is Rewording.HOIST:
                yield _hoisted(source, use, last)
            yield _dropped(source, line, option, last)
        case Rewording.RENAME:
            yield _swapped(source, line, option, words[option].text, row.new)
        case Rewording.PLAIN:
            name, equals, _ = words[option].text.partition("=")
            yield _swapped(source, line, option, f"{name}=", "") if equals else _dropped(source, line, option)
        case Rewording.ADD if after < len(words):
            yield Replace(source.path, Span(words[after].span.start, words[after].span.start), _before(line, row.new))
        case Rewording.CALL:
            yield from _called(source, use)
        case _:
            return


def _called(source: SourceFile, use: CommandUse) -> Iterator[Replace]:
    new = use.row.new.split()
    yield from _named_behind(source, use)
    if len(new) < len(use.row.path):
        yield _dropped(source, use.line, use.at)
        return
    for index, (old, text) in enumerate(zip(use.row.path, new, strict=True), use.at):
        if old != text:
            yield _swapped(source, use.line, index, old, text)


def _named_behind(source: SourceFile, use: CommandUse) -> Iterator[Replace]:
    """Yield the changes that name the function behind the file, which ``modal run`` takes instead of an option."""
    words, first = use.line.words, use.at + len(use.row.path)
    option = next((n for n, word in enumerate(words[first:], first) if word.text.partition("=")[0] == _FUNCTION), 0)
    if not option:
        return
    _, equals, name = words[option].text.partition("=")
    last = option if equals else option + 1
    file = next((n for n in range(first, len(words)) if n not in (option, last) and words[n].text[:1] != "-"), 0)
    if not file or last >= len(words) or not (words[file].known and words[last].known):
        raise _Unseen
    joint = "." if "::" in words[file].text else "::"
    yield _swapped(source, use.line, file, words[file].text, f"{words[file].text}{joint}{name or words[last].text}")
    yield _dropped(source, use.line, option, last)


def _hoisted(source: SourceFile, use: CommandUse, last: int) -> Replace:
    words, start = use.line.words, use.line.words[use.at].span.start
    value = _FLAG.sub(lambda _: source.slice(words[last].span), use.line.flag)
    option = "" if last == use.option else _before(use.line, use.row.new)
    return Replace(source.path, Span(start, start), option + value)


def _before(line: CommandLine, text: str) -> str:
    return line.flag.replace("-m", text)


def _dropped(source: SourceFile, line: CommandLine, first: int, last: int | None = None) -> Replace:
    """Return the change that takes out words with what stands before them."""
    span = Span(line.words[first - 1].span.end, line.words[last or first].span.end)
    between = source.slice(Span(span.start, line.words[first].span.start))
    if between.strip(" \t\r\n\\,"):
        raise _Unseen
    return Replace(source.path, span, "")


def _swapped(source: SourceFile, line: CommandLine, index: int, old: str, new: str) -> Replace:
    written = source.slice(line.words[index].span)
    if written.count(old) != 1:
        raise _Unseen
    return Replace(source.path, line.words[index].span, written.replace(old, new))
