"""Command lines in YAML, read line by line: a file that does not parse, or is a template, is handled as well."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.core.command_line import CommandLine
from modal_transforms.core.model import Span
from modal_transforms.core.patterns import pattern
from modal_transforms.formats.config import SHOWN_KEYS, decoded, list_lines
from modal_transforms.formats.mapped_text import MappedText, comment_lines, listed, shell_lines
from modal_transforms.formats.variables import Values, add_value, shell_values

_ENTRY = pattern(
    r"(?P<dashes>(?:-[ \t]+)*)(?:(?P<key>[\w./ -]+(?=[\t:])|\"[^\"]*\"|'[^']*')[ \t]*:(?=\s|$)[ \t]*)?(?P<value>.*)"
)
_IS_ENTRY = pattern(r"-\s|#|[\w./-]+:(?:\s|$)")
_NOTE = pattern(r"(?:^|(?<=\s))#.*")
_BLOCK = pattern(r"(?:[&!]\S*[ \t]+)*(?P<style>[|>])[-+\d]*[ \t]*(?:#.*)?$")


class _Line(Struct, frozen=True):
    """One line: where it starts and ends, and how far in its text begins."""

    start: int
    end: int
    indent: int

    @property
    def is_blank(self) -> bool:
        return self.start + self.indent >= self.end


class _Entry(Struct, frozen=True):
    """``- key: value``: where its own column is, what it is called, where its value begins."""

    column: int
    dashed: bool
    key: str
    value: int


def command_lines(text: MappedText, where: str) -> Iterator[CommandLine]:
    """Yield the commands of a YAML text: scalars of every style, lists of words, comments."""
    yield from list_lines(text, where)
    lines = [_line(text.text, *span) for span in text.lines()]
    keys: list[tuple[int, str]] = []
    words: list[tuple[int, str, Span]] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.is_blank or text.text[line.start + line.indent] == "#":
            continue
        entry = _entry(text.text, line)
        while keys and keys[-1][0] >= entry.column:
            keys.pop()
        name = entry.key or (keys[-1][1] if keys else "")
        if entry.key:
            keys.append((entry.column, entry.key))
        at, value = _scalar(text, lines, at, line, entry)
        runs = name.lower() not in SHOWN_KEYS
        yield from shell_lines(value, where, runs)
        if not (words and entry.dashed and not entry.key and words[-1][0] == line.indent):
            words = []
        if entry.dashed and not entry.key and value.text:
            words.append((line.indent, value.text.strip(), Span(entry.value, line.end)))
            if at == len(lines) or not _goes_on(text.text, lines, at, line.indent):
                yield from _word_list(text, words, where, runs)
                words = []
    yield from comment_lines(text, where)


_SET_UNDER = frozenset("matrix env environment variables vars inputs parameters".split())
"""Keys of workflows under which variables get their values."""


def values(text: str) -> Values:
    """Return what the variables of a workflow are set to: matrix, environment, defaults of inputs, and its scripts."""
    found = shell_values(text)
    keys: list[tuple[int, str]] = []
    for start, end in MappedText(text, ()).lines():
        line = _line(text, start, end)
        if line.is_blank or text[line.start + line.indent] == "#":
            continue
        entry = _entry(text, line)
        while keys and keys[-1][0] >= entry.column + (not entry.key):
            keys.pop()
        if entry.key:
            keys.append((entry.column, entry.key))
        path = [name for _, name in keys]
        at = next((index for index, name in enumerate(path) if name in _SET_UNDER), len(path))
        name = next((name for name in reversed(path[at + 1 :]) if name not in {"default", "options"}), "")
        if name:
            add_value(found, name, _NOTE.sub("", text[entry.value : end]))
    return found


def _goes_on(text: str, lines: list[_Line], at: int, indent: int) -> bool:
    """Tell whether the next line is another plain entry of the same list."""
    line = lines[at]
    return not line.is_blank and line.indent == indent and text.startswith("- ", line.start + line.indent)


def _word_list(text: MappedText, words: list[tuple[int, str, Span]], where: str, runs: bool) -> Iterator[CommandLine]:
    """Yield a list with a word a line as a command."""
    if len(words) > 2 and any(word.strip("\"'") == "modal" for _, word, _ in words):
        start = words[0][2].start
        line_start = text.text.rfind("\n", 0, start) + 1
        newline = "\r\n" if text.text.endswith("\r\n", 0, line_start) else "\n"
        flag = f"-m{newline}{' ' * words[0][0]}- "
        yield listed(((word.strip("\"'"), text.span(span)) for _, word, span in words), where, flag, runs)


def _line(text: str, start: int, end: int) -> _Line:
    stripped = text[start:end].lstrip(" ")
    return _Line(start, end, end - start - len(stripped))


def _entry(text: str, line: _Line) -> _Entry:
    begin = line.start + line.indent
    match = _ENTRY.match(text, begin, line.end)
    if match is None:
        return _Entry(line.indent, False, "", begin)
    key = (match["key"] or "").strip("\"'")
    column = match.start("key") - line.start if match["key"] else line.indent
    return _Entry(column, bool(match["dashes"]), key, match.start("value"))


def _scalar(text: MappedText, lines: list[_Line], at: int, line: _Line, entry: _Entry) -> tuple[int, MappedText]:
    """Return the value of an entry as the text that it stands for, and the line after it."""
    block = _BLOCK.match(text.text, entry.value, line.end)
    parent = entry.column if entry.key else line.indent
    is_open = None if block else _is_open(text.text[entry.value : line.end].strip())
    last = at
    while last < len(lines) and (lines[last].is_blank or lines[last].indent > parent):
        if not block and not lines[last].is_blank and not _continues(text.text, is_open, lines[last]):
            break
        last += 1
    if block:
        start = lines[at].start if at < len(lines) else line.end
        value = text.cut(start, lines[last - 1].end) if last > at else text.cut(line.end, line.end)
        return last, _folded(value) if block["style"] == ">" else value
    return last, _flow(text.cut(entry.value, lines[last - 1].end))


def _is_open(value: str) -> bool | None:
    """Tell whether a quote that a value begins with is open at the end of its line; ``None`` when none can go on."""
    if not value or value.startswith(("#", "[", "{", "&", "*")):
        return None
    return value[0] in "\"'" and value.count(value[0]) % 2 == 1


def _continues(text: str, is_open: bool | None, line: _Line) -> bool:
    """Tell whether a deeper line goes on with a plain or quoted value (and is no entry of its own)."""
    return is_open is not None and (is_open or not _IS_ENTRY.match(text, line.start + line.indent, line.end))


def _flow(value: MappedText) -> MappedText:
    """Return a plain or quoted scalar, its line ends folded."""
    stripped = value.text.strip()
    for quote in ("'", '"'):
        if len(stripped) > 1 and stripped[0] == quote and stripped.endswith(quote):
            start = value.text.index(quote) + 1
            inner = value.cut(start, start + len(stripped) - 2)
            return _folded(decoded(inner) if quote == '"' else inner)
    return _folded(value)


def _folded(value: MappedText) -> MappedText:
    """Return a text with the ends of lines that are one paragraph made blanks."""
    text = list(value.text)
    for match in re.finditer(r"(?<=\S)[ \t]*(\r?\n)(?=([ \t]*)\S)", value.text):
        before = value.text[value.text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if len(before) - len(before.lstrip(" ")) == len(match[2]) or not before.startswith(" "):
            text[match.start(1) : match.end(1)] = " " * len(match[1])
    return MappedText("".join(text), value.starts)
