"""Files that hold command lines and no Python of their own: scripts, Makefiles, workflows, settings of tools."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from modal_transforms.core.command_line import CommandLine
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile
from modal_transforms.formats import config, yaml_commands
from modal_transforms.formats.file_kinds import command_kind
from modal_transforms.formats.mapped_text import MappedText, shell_lines, text_of
from modal_transforms.formats.masking import blank, utf8_encoding
from modal_transforms.formats.variables import Values, recipe_values, shell_values, with_values

Extract = Callable[[MappedText, str], Iterator[CommandLine]]

_RECIPE = pattern(r"[ \t]*[@+-]*[ \t]*")
_SETTING = pattern(r"(?:export[ \t]+|override[ \t]+)?[\w.-]+[ \t]*(?::{0,3}|\?|\+|!)?=[ \t]*")
_FUNCTION = pattern(r"\$[({](?:if|or|and|foreach|shell|eval)[ \t]")
_MARK = pattern(r"[(){},]")
_DEEPEST = 4
"""How many of Make's functions inside one another are looked into."""
_PROCESS = pattern(r"[\w-]+:[ \t]*")
_INSTRUCTION = pattern(
    r"[ \t]*(?:ONBUILD[ \t]+)?(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK)[ \t]+(?:--\S+[ \t]+|CMD[ \t]+)*", re.IGNORECASE
)


def extractor(path: str, data: bytes = b"") -> tuple[Extract, str] | None:
    """Return what finds the command lines of a file, and what to call it; ``None`` when it is no such file."""
    kind = command_kind(path, data)
    return (_EXTRACTORS[kind[0]], kind[1]) if kind else None


class CommandFile(SourceFile):
    """A file without Python; ``program`` is all blank."""

    def __init__(self, path: str, data: bytes, find: Extract, where: str) -> None:
        super().__init__(path, data)
        self._find = find
        self._where = where

    @cached_property
    def encoding(self) -> str:
        """UTF-8, with or without a byte order mark."""
        return utf8_encoding(self.data)

    @cached_property
    def program(self) -> bytes:
        """Nothing but white space."""
        return blank(self.data)

    def changed(self, data: bytes) -> SourceFile:
        """Return the same file with other ``data``."""
        return CommandFile(self.path, data, self._find, self._where)

    def command_lines(self) -> Iterable[CommandLine]:
        """Return the commands of the file that may be Modal's."""
        text = text_of(self.data)
        lines = [*self._find(text, self._where)]
        if all(word.known for line in lines for word in line.words):
            return lines
        return with_values(lines, _VALUES.get(self._find, shell_values)(text.text))


def by_line(text: MappedText, where: str, *prefixes: re.Pattern[str]) -> Iterator[CommandLine]:
    """Yield the commands of a text whose lines begin with something that is no part of them."""
    goes_on = False
    spans: list[tuple[int, int]] = []
    for start, end in text.lines():
        begins, goes_on = not goes_on, text.text[start:end].endswith("\\")
        for prefix in prefixes if begins else ():
            match = prefix.match(text.text, start, end)
            if match and match.end() > start:
                spans.append((start, match.end()))
                break
    yield from shell_lines(text.blanked(spans), where)


def _recipes(text: MappedText, where: str, depth: int = 0) -> Iterator[CommandLine]:
    taken = [span for span in _choices(text.text) if "modal" in text.text[slice(*span)]] if depth < _DEEPEST else []
    for span in taken:
        yield from _recipes(text.cut(*span), where, depth + 1)
    yield from by_line(text.blanked(taken), where, _SETTING, _RECIPE)


def _choices(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the arguments of Make's own functions stand that give commands: ``$(if …,modal deploy a,…)``."""
    at = 0
    while function := _FUNCTION.search(text, at):
        at, depth = len(text), 0
        start = function.end()
        for mark in _MARK.finditer(text, start):
            depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(mark[0], 0)
            if depth < 0 or (depth == 0 and mark[0] == ","):
                yield start, mark.start()
                start = mark.end()
            if depth < 0:
                at = start
                break


def _processes(text: MappedText, where: str) -> Iterator[CommandLine]:
    yield from by_line(text, where, _PROCESS)


def _ini(text: MappedText, where: str) -> Iterator[CommandLine]:
    yield from by_line(text, where, _SETTING, _RECIPE)


def _docker(text: MappedText, where: str) -> Iterator[CommandLine]:
    yield from config.list_lines(text, where)
    yield from by_line(text, where, _INSTRUCTION)


_EXTRACTORS: dict[str, Extract] = {
    "shell": shell_lines,
    "recipes": _recipes,
    "docker": _docker,
    "processes": _processes,
    "yaml": yaml_commands.command_lines,
    "json": config.json_lines,
    "toml": config.toml_lines,
    "settings": _ini,
}

_VALUES: dict[Extract, Callable[[str], Values]] = {
    _recipes: recipe_values,
    yaml_commands.command_lines: yaml_commands.values,
}
"""How the files of a kind say what their variables are, where they are not read as a shell's."""
