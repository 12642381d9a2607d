"""Markdown and reStructuredText: Python in their fences is Python, what their other code shows are command lines.

Running prose is neither, but for old names in back-ticks in it (`modal_api.text_names`). Everything here is shown to
people, so that it is offered for review, as a whole.
"""

from __future__ import annotations

import io
import itertools
import re
import tokenize
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import PurePosixPath

from modal_transforms.analysis.parse import parses
from modal_transforms.core.command_line import CommandLine
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import Program, SourceFile
from modal_transforms.formats.code_blocks import Block, markdown_blocks, rest_blocks
from modal_transforms.formats.mapped_text import MappedText, shell_lines, text_of
from modal_transforms.formats.masking import blank, utf8_encoding
from modal_transforms.formats.variables import shell_values, with_values

_PYTHON = frozenset("python py python3 py3 pycon ipython ipython3 python-repl pyi".split())
_SHELL = frozenset(
    "sh bash shell console zsh fish terminal shell-session shellsession sh-session bash-session powershell ps1 pwsh "
    "cmd bat text txt plain plaintext none output prompt".split()
)
_FILES = {
    "yaml": "x.yml",
    "yml": "x.yml",
    "makefile": "Makefile",
    "make": "Makefile",
    "just": "justfile",
    "dockerfile": "Dockerfile",
    "docker": "Dockerfile",
    "toml": "x.toml",
    "json": "package.json",
    "procfile": "Procfile",
    "ini": "x.ini",
}
"""Languages of fences, and a file name whose rules they follow."""
_READS_AS_PYTHON = pattern(
    r"^[^\S\n]*(?:>>> )?(?:import modal\b|from modal\b|@(?:app|stub)\.|(?:app|stub) = modal\.)", re.MULTILINE
)
_SAYS_MODAL = pattern(
    r"(?<![\w./@-])(?:modal\.(?!com\b|run\b|py\b)[A-Za-z]|(?:app|stub)\.(?:function|cls)\()|^[^\S\n]*@modal\.",
    re.MULTILINE,
)
"""Modal's names in a fence that says no language and imports nothing; what does not parse is no Python yet."""
_IMPORTS = pattern(rb"\b(?:import|from)[ \t]+modal\b")
_PROMPT = pattern(r"[ \t]*>>>(?: |$)")
_GOES_ON = pattern(r"[ \t]*\.\.\.(?: |$)")
_BREAK = r"\n(?![ \t>]*(?:\n|\Z|(?:[-*+]|\d{1,9}[.)]|\#{1,6})[ \t]|\|))"
"""The end of a line in the middle of a paragraph."""
_INLINE = pattern(
    rf"(?<!`)(`{{1,2}})(?!`)(?P<code>(?:[^`\n]|{_BREAK})+)(?<!`)\1(?!`)|<code>(?P<html>(?:[^<\n]|{_BREAK})+)</code>"
)
_LINE_BREAK = pattern(r"\r?\n[ \t>]*")


class Document(SourceFile):
    """A document. ``program`` is the Python that it shows."""

    shown = True

    @cached_property
    def encoding(self) -> str:
        """UTF-8, with or without a byte order mark."""
        return utf8_encoding(self.data)

    @cached_property
    def _shows(self) -> _Shown:
        utf8_encoding(self.data)
        return _read(self.data, PurePosixPath(self.path).suffix == ".rst")

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The pieces of code of the document, in order."""
        return self._shows.blocks

    @property
    def program(self) -> bytes:
        """The Python that the document shows, in its place; the rest is blank."""
        return self._shows.program

    @property
    def parts(self) -> Sequence[tuple[int, bytes]]:
        """The blocks of Python."""
        return [(self._shows.text.starts[block.opening[0]], made) for block, made in self._shows.parts]

    def changed(self, data: bytes) -> SourceFile:
        """Return the same document with other ``data``."""
        return Document(self.path, data)

    def indent_at(self, offset: int) -> str:
        """Return what begins the line of a byte offset: white space, marks of block quotes and prompts."""
        line = self.slice(self.line_at(offset))
        match = re.match(r"[ \t\f]*(?:>(?!>)[ \t]?)*[ \t]*(?:>>> |\.\.\. )?[ \t\f]*", line)
        return match[0].replace("...", ">>>") if match else ""

    @cached_property
    def programs(self) -> Sequence[Program]:
        """A program for each block that imports modal, with the excerpts that follow it."""
        shows = self._shows
        starts = [shows.text.starts[block.opening[0]] for block, made in shows.parts if _IMPORTS.search(made)]
        lines = [*map(self.line_of, starts), len(self.line_starts) + 1]
        return [Program(first, after - 1, alone=False) for first, after in zip(lines, lines[1:], strict=False)]

    def command_lines(self) -> Iterable[CommandLine]:
        """Return the commands that the document shows in its code."""
        return self._shows.commands

    def prose(self) -> Iterable[tuple[str, Sequence[int]]]:
        """Return the document without its blocks of code."""
        yield without_blocks(self._shows.text, self.blocks)


class _Shown:
    """What a document shows: read once for all that ask for the same text."""

    def __init__(self, data: bytes, is_rest: bool) -> None:
        self._data = data
        self.text = text_of(data)
        self.blocks = tuple(rest_blocks(self.text.text) if is_rest else markdown_blocks(self.text.text))

    @cached_property
    def parts(self) -> tuple[tuple[Block, bytes], ...]:
        """The blocks of Python that parse, each from its opening to its end."""
        return tuple((block, made) for block in self.blocks if (made := self._python(block)) is not None)

    @cached_property
    def program(self) -> bytes:
        """The Python in its place; the rest is blank."""
        result = bytearray(blank(self._data))
        for block, made in self.parts:
            start = self.text.starts[block.opening[0]]
            result[start : start + len(made)] = made
        return bytes(result)

    @cached_property
    def commands(self) -> Sequence[CommandLine]:
        """The commands in the code."""
        python = {block for block, _ in self.parts}
        lines = [*shown_commands(self.text, self.blocks, python)]
        if all(word.known for line in lines for word in line.words):
            return lines
        shell = [block for block in self.blocks if block not in python and _is_shell(block)]
        text = "\n".join(self.text.text[start:end] for block in shell for start, end in block.lines)
        return [*with_values(lines, shell_values(text))]

    def _python(self, block: Block) -> bytes | None:
        """Return a block from its opening to its end as a program of as many bytes; ``None`` when it is none."""
        body = "\n".join(self.text.text[a:b] for a, b in block.lines)
        reads = _READS_AS_PYTHON.search(body) or _SAYS_MODAL.search(body)
        if block.language not in _PYTHON and not (block.language in {"", "text"} and block.fenced and reads):
            return None
        if not block.lines:
            return None
        made = bytearray(blank(self._bytes(block.opening[0], block.lines[-1][1])))
        base = self.text.starts[block.opening[0]]
        for start, end in _unprompted(self.text.text, block.lines):
            at = self.text.starts[start] - base
            made[at : at + len(self._bytes(start, end))] = self._bytes(start, end)
        return _as_program(bytes(made), len(self._bytes(*block.opening)) >= len(_OPENED))

    def _bytes(self, start: int, end: int) -> bytes:
        return self._data[self.text.starts[start] : self.text.starts[end]]


@lru_cache(4)
def _read(data: bytes, is_rest: bool) -> _Shown:
    """Return what a document shows; the text before a change and those on the way after it are asked for in turn."""
    return _Shown(data, is_rest)


def _unprompted(text: str, lines: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the lines of a block behind their prompts, without output; all as they are where there is no ``>>>``."""
    typed: list[tuple[int, int]] = []
    is_typed = False
    for start, end in lines:
        prompt = _PROMPT.match(text, start, end) or (_GOES_ON.match(text, start, end) if is_typed else None)
        is_typed = prompt is not None
        if prompt:
            typed.append((prompt.end(), end))
    return typed or [*lines]


def shown_commands(text: MappedText, blocks: Iterable[Block], python: Iterable[Block] = ()) -> Iterator[CommandLine]:
    """Yield the commands in the code of a document: blocks that are no Python, and inline code."""
    skipped = set(python)
    covered: set[int] = set()
    ends = [match.start() for match in re.finditer("\n", text.text)]
    for block in blocks:
        covered.update(bisect_left(ends, start) for start, _ in block.lines)
        if re.match(r"[^\n]*(?:```|~~~)|\s*\.\. ", text.text[block.opening[0] : block.opening[1]]):
            covered.add(bisect_left(ends, block.opening[0]))
        if block not in skipped and block.lines:
            yield from _in_block(text, block)
    for match in _INLINE.finditer(text.text):
        kind = "code" if match["code"] else "html"
        if "modal" in match[kind] and bisect_left(ends, match.start()) not in covered:
            code = text.cut(*match.span(kind))
            breaks = [found.span() for found in _LINE_BREAK.finditer(code.text)]
            yield from shell_lines(code.blanked(breaks), "inline code", runs=False)


def without_blocks(text: MappedText, blocks: Iterable[Block]) -> tuple[str, Sequence[int]]:
    """Return a text with its blocks of code blank, and where its characters are written."""
    code: list[tuple[int, int]] = []
    for block in blocks:
        if block.lines and (not code or block.lines[0][0] >= code[-1][1]):
            code.append((block.lines[0][0], block.lines[-1][1]))
    return text.blanked(code).text, text.starts


def _is_shell(block: Block) -> bool:
    return not block.language or block.language in _SHELL


def _in_block(text: MappedText, block: Block) -> Iterator[CommandLine]:
    """Yield the commands of one block, by the rules of its language."""
    inside = text.cut(block.lines[0][0], block.lines[-1][1])
    if "modal" not in inside.text.lower():
        return
    marks: list[tuple[int, int]] = []
    for number, (_, end) in enumerate(block.lines[:-1]):
        gap = block.lines[number + 1][0] - end
        quote = inside.text[end - block.lines[0][0] : end - block.lines[0][0] + gap]
        if quote.strip():
            first = end - block.lines[0][0] + len(quote) - len(quote.lstrip("\r\n"))
            marks.append((first, end - block.lines[0][0] + gap))
    inside = inside.blanked(marks)
    if block.language in _FILES:
        from modal_transforms.formats.command_files import extractor

        kind = extractor(_FILES[block.language])
        lines = kind[0](inside, f"{block.language} code") if kind else iter(())
    elif _is_shell(block) or block.language in _PYTHON:
        lines = shell_lines(inside, "a block of code", runs=False)
    else:
        return
    for line in lines:
        yield CommandLine(line.words, line.where, False, line.flag)


_OPENED = b"if 1:"


@lru_cache(4096)
def _as_program(made: bytes, may_open: bool) -> bytes | None:
    """Return the text of a block as a program of as many bytes, as little changed as can be; ``None`` when it is none.

    A document is read again after each change of it, and most of its blocks are the same then.
    """
    opened = _OPENED + made[len(_OPENED) :] if may_open else made
    if parses(made):
        return made
    return next((each for each in (opened, _mended(made), _mended(opened)) if parses(each)), None)


_ONLY_COMMENT = pattern(rb"(:[ \t]*\r?\n(?:[ \t]*\r?\n)*[ \t]+)#([^\r\n]*)")
_LEFT_OUT = pattern(rb"^([ \t]*)\.\.\.(?=[ \t]*,?[ \t]*(?:#[^\r\n]*)?\r?$)", re.MULTILINE)
_LAST_DEFINITION = pattern(rb"^[ \t]*(?:async[ \t]+)?(?:def|class)\b", re.MULTILINE)


def _mended(program: bytes) -> bytes:
    """Return an excerpt with what was left out made good: bodies that are a comment, decorators of nothing."""
    program = _left_out(_ONLY_COMMENT.sub(lambda match: match[1] + b"0" + b" " * len(match[2]), program))
    last = max((match.end() for match in _LAST_DEFINITION.finditer(program)), default=0)
    return program[:last] + re.sub(rb"^([ \t]*)@", rb"\1+", program[last:], flags=re.MULTILINE)


def _left_out(program: bytes) -> bytes:
    """Return an excerpt with each line ``...`` between the arguments of a call as other arguments, in its place."""
    if not _LEFT_OUT.search(program):
        return program
    made = bytearray(program)
    starts = [0, *itertools.accumulate(map(len, program.splitlines(keepends=True)))]
    brackets: list[str] = []
    for token in _tokens(program):
        if token.string in {"(", "[", "{"}:
            brackets.append(token.string)
        elif token.string in {")", "]", "}"} and brackets:
            brackets.pop()
        elif token.string == "..." and brackets[-1:] == ["("]:
            line, column = token.start
            at = starts[line - 1] + len(token.line[:column].encode())
            if _LEFT_OUT.match(program, starts[line - 1]):
                made[at : at + 3] = b"**_"
    return bytes(made)


def _tokens(program: bytes) -> Iterator[tokenize.TokenInfo]:
    """Yield the tokens of an excerpt up to what is none."""
    with suppress(tokenize.TokenError, SyntaxError, UnicodeDecodeError):
        yield from tokenize.tokenize(io.BytesIO(program).readline)
