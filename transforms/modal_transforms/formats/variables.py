"""What the variables of a script, Makefile, justfile or workflow stand for, where the file itself shows all of it.

Read by lines and patterns: the files need not parse. A variable with one value that cannot be seen has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product

from msgspec.structs import replace

from modal_transforms.core.command_line import CommandLine
from modal_transforms.core.patterns import pattern

_QUOTED = r"\"[^\"\n]*\"|'[^'\n]*'"
_ASSIGNED = pattern(
    rf"(?<![^\s;&|()])([A-Za-z_]\w*)=(\([^()]*\)|{_QUOTED}|[^\s;&|()\"']+)(?=[ \t\r]*(?:$|[;&|#)]))", re.M
)
_OPAQUE = pattern(
    r"(?<![^\s;&|()])([A-Za-z_]\w*)=[\"']?(?:\$\((?![A-Za-z_][\w.-]*\))|`)|\bread[ \t]+(?:-\w+[ \t]+)*(\w+)"
)
_LOOP = pattern(r"\bfor[ \t]+([A-Za-z_]\w*)[ \t]+in[ \t]+((?:\\\r?\n|[^;\n])*)")
_SETTING = pattern(r"^(?:export[ \t]+|override[ \t]+)?([A-Za-z_][\w-]*)[ \t]*(?::{0,3}|\?|\+)=[ \t]*([^\n#]*)", re.M)
_HEADER = pattern(rf"^@?[A-Za-z_][\w-]*(?:[ \t]+(?:{_QUOTED}|[^\n:\"'])*)?:(?!=)", re.M)
_DEFAULT = pattern(rf"(?<![\w-])([A-Za-z_][\w-]*)=({_QUOTED}|[A-Za-z_][\w-]*)")
_WORDS = pattern(rf"{_QUOTED}|(?:\$?\{{\{{[^{{}}\n]*\}}\}}|\$\{{[^{{}}\n]*\}}|\$\([\w.-]*\)|[^\s\"'\\])+")
_USE = pattern(
    r"\$?\{\{[ ]*(?:[\w-]+\.)*(?P<template>[\w-]+)(?:[ ]*\|\|[ ]*'(?P<otherwise>[^'\n]*)')?[ ]*\}\}"
    r"|\$?\$\{(?P<braced>\w+)(?:\[[@*]\])?(?::?[-=](?P<default>[^{}$\n]*))?\}"
    r"|\$\((?P<make>[A-Za-z_][\w.-]*)\)|\$?\$(?P<plain>\w+)"
)
_MOST = 20
_DEEPEST = 4

Values = dict[str, list[str] | None]
"""What each variable is set to, as written; ``None`` where that cannot be seen."""


def shell_values(text: str) -> Values:
    """Return what the variables of a shell text are set to: assignments, arrays, loops over words."""
    found: Values = {}
    for match in _ASSIGNED.finditer(text):
        value = match[2]
        _add(found, match[1], _words(value[1:-1]) if value.startswith("(") else [_plain(value)])
    for match in _LOOP.finditer(text):
        _add(found, match[1], _words(match[2]))
    for match in _OPAQUE.finditer(text):
        found[match[1] or match[2]] = None
    return found


def recipe_values(text: str) -> Values:
    """Return what the variables of a Makefile or justfile are set to, and the defaults of a justfile's recipes."""
    found: Values = {}
    for match in _SETTING.finditer(text):
        _add(found, match[1], _words(match[2]))
    for header in _HEADER.finditer(text):
        for match in _DEFAULT.finditer(header[0]):
            _add(found, match[1], [_plain(match[2]) if match[2][0] in "\"'" else f"{{{{{match[2]}}}}}"])
    for name, words in shell_values(_HEADER.sub("", text)).items():
        _add(found, name, words) if words else found.setdefault(name, None)
    return found


def add_value(found: Values, name: str, value: str) -> None:
    """Add a value of a setting to what was found: a word, or a list in brackets."""
    value = value.strip()
    listed = value.startswith("[") and value.endswith("]")
    _add(found, name, [_plain(item.strip()) for item in value[1:-1].split(",")] if listed else [_plain(value)])


def with_values(lines: Iterable[CommandLine], values: Values) -> Iterator[CommandLine]:
    """Yield command lines whose variables say what they may stand for."""
    variables = _Variables(values)
    for line in lines:
        words = (word if word.known else replace(word, values=variables.all_of(word.text)) for word in line.words)
        yield replace(line, words=tuple(words))


def _add(found: Values, name: str, values: Iterable[str]) -> None:
    known = found.setdefault(name, [])
    if known is not None:
        known += [value for value in values if value]


def _words(text: str) -> list[str]:
    return [_plain(match[0]) for match in _WORDS.finditer(text)]


def _plain(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] and word[0] in "\"'" else word


class _Variables:
    """The variables of one file; what each stands for is worked out once."""

    def __init__(self, written: Values) -> None:
        self._written = written
        self._known: dict[str, list[str] | None] = {}

    def all_of(self, text: str) -> tuple[str, ...]:
        """Return all that a text with variables may be; nothing where it has none, or one of them cannot be seen."""
        return tuple(dict.fromkeys(self._expanded(text, 0) or ())) if _USE.search(text) else ()

    def _expanded(self, text: str, depth: int) -> list[str] | None:
        parts: list[list[str]] = []
        at, count = 0, 1
        for match in _USE.finditer(text):
            options = self._options(match, depth)
            count *= len(options or ())
            if not options or not 0 < count <= _MOST:
                return None
            parts += [[text[at : match.start()]], options]
            at = match.end()
        rest = text[at:]
        if any(opening in rest for opening in ("$", "`", "{{")):
            return None
        return ["".join(pieces) for pieces in product(*parts, [rest])]

    def _options(self, match: re.Match[str], depth: int) -> list[str] | None:
        """Return what one use of a variable may be."""
        name = match["template"] or match["braced"] or match["make"] or match["plain"]
        default = match["otherwise"] or match["default"]
        if name not in self._known:
            self._known[name] = []
            self._known[name] = self._values(name, depth + 1)
        values = self._known[name] if name in self._written else [] if default else None
        return None if values is None else [*values, *([default] if default else [])]

    def _values(self, name: str, depth: int) -> list[str] | None:
        """Return what a variable may be; a variable that is set to itself, with a default, is that default."""
        written = self._written.get(name)
        if written is None or len(written) > _MOST or depth > _DEEPEST:
            return None
        found: list[str] = []
        for value in written:
            inner = self._expanded(value, depth)
            if inner is None:
                return None
            found += inner
        return found
