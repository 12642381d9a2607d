"""Command lines in the strings and lists of JSON, TOML and their like, read as text: it need not parse."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from modal_transforms.core.command_line import CommandLine
from modal_transforms.core.model import Span
from modal_transforms.core.patterns import pattern
from modal_transforms.formats.mapped_text import MappedText, comment_lines, listed, shell_lines

SHOWN_KEYS = frozenset(
    "name title description help desc summary message label docs readme homepage keywords comment about text".split()
)
"""Settings whose text is read by people, not run."""

_NAMES_KEYS = frozenset("dependencies requires extras packages include exclude keywords classifiers optional".split())
"""Settings whose lists are names, not words of a command."""

_LIST = pattern(r"\[([^\[\]]*)\]")
_KEY_CHARACTER = pattern(r"[\w.-]")
_ITEM = pattern(r"\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'|[^\s,\[\]\"'#][^,\[\]\n]*")
_LONG = r"\"\"\"(?P<long>(?:\\.|[^\\])*?)(?:\"\"\"|(?P<endless>\\?\Z))|"
_STRING = r"'''(?P<raw>.*?)'''|\"(?P<basic>(?:\\.|[^\"\\\n])*)(?:\"|(?P<open>))|'(?P<literal>[^'\n]*)'"
"""A string that nothing closes goes to the end of its line."""
_NOTE_OR_KEY = r"(?P<note>#[^\n]*)|(?:(?<![\w.-])(?P<key>[\w.-]+)[ \t]*=[ \t]*)|"
_TOML_TOKEN = pattern(_NOTE_OR_KEY + _LONG + _STRING, re.DOTALL)
_SHORT_TOKEN = pattern(_NOTE_OR_KEY + _STRING, re.DOTALL)
"""For what follows three quotes that nothing closes."""
_JSON_TOKEN = pattern(r"(?:\"(?P<key>[^\"\\\n]*)\"[ \t]*:\s*)|\"(?P<basic>(?:\\.|[^\"\\\n])*)(?:\"|(?P<open>))")
_ESCAPE = pattern(r"\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def json_lines(text: MappedText, where: str) -> Iterator[CommandLine]:
    """Yield the commands in a JSON file's strings and lists."""
    yield from _lines(text, where, _JSON_TOKEN)


def toml_lines(text: MappedText, where: str) -> Iterator[CommandLine]:
    """Yield the commands in a TOML file's strings, lists and comments."""
    yield from _lines(text, where, _TOML_TOKEN)
    yield from comment_lines(text, where)


def _lines(text: MappedText, where: str, token: re.Pattern[str]) -> Iterator[CommandLine]:
    yield from list_lines(text, where)
    key = ""
    for match in _tokens(text.text, token):
        if match["key"]:
            key = match["key"].rpartition(".")[2]
        kind = match.lastgroup or ""
        if kind in {"long", "raw", "basic", "literal"} and "modal" in match[0].lower():
            inner = text.cut(*match.span(kind))
            inner = decoded(inner) if kind in {"long", "basic"} else inner
            yield from (line for line in shell_lines(inner, where, key not in SHOWN_KEYS) if line.words)


def _tokens(text: str, token: re.Pattern[str]) -> Iterator[re.Match[str]]:
    at = 0
    while match := token.search(text, at):
        if match.lastgroup == "endless":
            token, at = _SHORT_TOKEN, match.start()
            continue
        yield match
        at = match.end()


def list_lines(text: MappedText, where: str) -> Iterator[CommandLine]:
    """Yield the lists of words that are a command: ``["modal", "deploy", "a.b"]``."""
    for match in _LIST.finditer(text.text):
        if "modal" not in match[1] or (key := _key_before(text.text, match.start())) in _NAMES_KEYS:
            continue
        items = [item.span() for item in _ITEM.finditer(text.text, *match.span(1))]
        words = [(_plain(text.text[start:end].rstrip()), Span(start, end)) for start, end in items]
        if any(word == "modal" or word.endswith("/modal") for word, _ in words) and len(words) > 2:
            flag = _flag(text.text, words[-1][1].start)
            moved = [(word, text.span(span)) for word, span in words]
            yield listed(moved, where, flag, key not in SHOWN_KEYS)


def _key_before(text: str, at: int) -> str:
    """Return the key whose value begins at an index; empty when there is none."""
    end = _without_blanks(text, at)
    if not text.startswith((":", "="), end - 1) or not end:
        return ""
    end = _without_blanks(text, end - 1)
    end -= text.startswith(('"', "'"), end - 1) and end > 0
    start = end
    while start and _KEY_CHARACTER.match(text, start - 1):
        start -= 1
    return text[start:end]


def _without_blanks(text: str, end: int) -> int:
    """Return where the blanks that end at an index begin."""
    while end and text[end - 1] in " \t":
        end -= 1
    return end


def _plain(item: str) -> str:
    return item[1:-1] if item[:1] in {'"', "'"} else item


def _flag(text: str, at: int) -> str:
    """Return ``-m`` as an item before another, quoted like it, on a line of its own where the items have theirs."""
    quote = text[at] if text[at] in "\"'" else ""
    start = text.rfind("\n", 0, at) + 1
    own_line = start and _without_blanks(text, at) <= start
    gap = ("\r\n" if text.startswith("\r", start - 2) else "\n") + text[start:at] if own_line else " "
    return f"{quote}-m{quote},{gap}"


def decoded(text: MappedText) -> MappedText:
    """Return a text with backslash escapes in place of what they stand for."""
    if "\\" not in text.text:
        return text
    chars: list[str] = []
    starts: list[int] = []
    at = 0
    while at < len(text.text):
        match = _ESCAPE.match(text.text, at)
        written = match[0] if match else text.text[at]
        char = written if not match else _meant(written[1:])
        chars.append(char)
        starts.append(text.starts[at])
        at += len(written)
    return MappedText("".join(chars), [*starts, text.starts[len(text.text)]])


def _meant(escape: str) -> str:
    if len(escape) > 1:
        code = int(escape[1:], 16)
        return chr(code) if code <= sys.maxunicode else "\ufffd"
    return _ESCAPED.get(escape, escape)
