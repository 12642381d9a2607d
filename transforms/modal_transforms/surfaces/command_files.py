"""Files that hold command lines and no Python of their own: scripts, Makefiles, workflows, settings of tools."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import PurePosixPath

from modal_transforms.source import SourceFile
from modal_transforms.surfaces import settings, yaml_text
from modal_transforms.surfaces.masking import blank, utf8_encoding
from modal_transforms.surfaces.texts import CommandLine, Text, shell_lines, text_of

Extract = Callable[[Text, str], Iterator[CommandLine]]

_SHELL_SUFFIXES = frozenset(".sh .bash .zsh .fish .ksh .bats .ps1 .bat .cmd .command".split())
_JSON_NAMES = frozenset("package.json tasks.json devcontainer.json project.json turbo.json deno.json".split())
_RECIPE = re.compile(r"[ \t]*[@+-]*[ \t]*")
_SETTING = re.compile(r"(?:export[ \t]+|override[ \t]+)?[\w.-]+[ \t]*(?::{0,3}|\?|\+|!)?=[ \t]*")
_PROCESS = re.compile(r"[\w-]+:[ \t]*")
_INSTRUCTION = re.compile(
    r"[ \t]*(?:ONBUILD[ \t]+)?(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK)[ \t]+(?:--\S+[ \t]+|CMD[ \t]+)*", re.IGNORECASE
)


def extractor(path: str, data: bytes = b"") -> tuple[Extract, str] | None:
    """Return what finds the command lines of a file, and what to call it; ``None`` when it is no such file."""
    name = PurePosixPath(path).name
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _SHELL_SUFFIXES:
        return shell_lines, "a script"
    if name.lower().startswith(("makefile", "gnumakefile")) or suffix in {".mk", ".mak"}:
        return _recipes, "a Makefile"
    if name.lower() in {"justfile", ".justfile"} or suffix == ".just":
        return _recipes, "a justfile"
    if re.match(r"(?:.*\.)?(?:Dockerfile|Containerfile)(?:\..*)?$", name, re.I):
        return _docker, "a Dockerfile"
    if name.startswith("Procfile"):
        return _processes, "a Procfile"
    if suffix in {".yml", ".yaml"}:
        return yaml_text.command_lines, _yaml_name(path)
    if name in _JSON_NAMES:
        return settings.json_lines, name
    if suffix == ".toml":
        return settings.toml_lines, name
    if suffix in {".ini", ".cfg"}:
        return _ini, name
    return (shell_lines, "a script") if not suffix and _is_shell(data) else None


def _yaml_name(path: str) -> str:
    if ".github/" in path:
        return "a GitHub workflow"
    name = PurePosixPath(path).name
    return "a GitLab pipeline" if name.startswith(".gitlab-ci") else name


def _is_shell(data: bytes) -> bool:
    first = data[:200].partition(b"\n")[0]
    return first.startswith(b"#!") and re.search(rb"\b(?:ba|z|k|da|fi)?sh\b", first) is not None


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
        return self._find(text_of(self.data), self._where)


def by_line(text: Text, where: str, *prefixes: re.Pattern[str]) -> Iterator[CommandLine]:
    """Yield the commands of a text whose lines begin with something that is no part of them."""
    goes_on = False
    for start, end in text.lines():
        begins, goes_on = not goes_on, text.text[start:end].endswith("\\")
        for prefix in prefixes if begins else ():
            match = prefix.match(text.text, start, end)
            if match and match.end() > start:
                text = text.replaced(start, match.end(), " ")
                break
    yield from shell_lines(text, where)


def _recipes(text: Text, where: str) -> Iterator[CommandLine]:
    yield from by_line(text, where, _SETTING, _RECIPE)


def _processes(text: Text, where: str) -> Iterator[CommandLine]:
    yield from by_line(text, where, _PROCESS)


def _ini(text: Text, where: str) -> Iterator[CommandLine]:
    yield from by_line(text, where, _SETTING, _RECIPE)


def _docker(text: Text, where: str) -> Iterator[CommandLine]:
    yield from settings.list_lines(text, where)
    yield from by_line(text, where, _INSTRUCTION)
