"""One code cell of a notebook: which of its lines are Python, and which are commands for a shell."""

from __future__ import annotations

import re
import warnings
from ast import parse
from itertools import accumulate

from modal_transforms.core.patterns import pattern
from modal_transforms.formats.masking import blank

_CELL_MAGIC = pattern(r"\s*%%(\w+)([^\n]*)")
_SHELL_CELLS = frozenset("bash sh zsh script system sx".split())
_OTHER_CELLS = frozenset(
    "html HTML javascript js latex markdown svg SVG perl ruby cmd R cython sql bigquery writefile file".split()
)
_LINE_MAGIC = pattern(r"(?P<before>[ \t]*)(?:(?P<shell>!!?|%(?:sx|system)\b)|%|\?)")
_CAPTURED = pattern(r"(?P<before>[^\n=]*=[ \t]*)(?:(?P<shell>!!?|%(?:sx|system)\b)|%\w)")
_HELP = pattern(r"[ \t]*[\w.*%]+\?{1,2}[ \t]*")

_MANY = 30
"""So many magics are masked one by one, as the parser finds them."""
_PIECE = pattern(rb"\"\"\"|\'\'\'|\"(?:\\.|[^\"\\\r\n])*\"?|\'(?:\\.|[^\'\\\r\n])*\'?|#[^\r\n]*|[()\[\]{}]")
_LONG_END = {quote: pattern(rb"(?:\\.|[^\\])*?" + quote, re.DOTALL) for quote in (b'"""', b"'''")}


class Cell:
    """The text of a code cell as bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.shell: list[tuple[int, int]] = []
        """The bytes of each shell command."""
        self.file: tuple[str, int] | None = None
        """The path that the cell writes its text to, and where that text begins."""
        self.is_shell = False
        """Whether all of it is for a shell."""
        self.program = self._program()

    @property
    def is_file(self) -> bool:
        """Tell whether the cell writes a Python file: a program of its own."""
        return self.file is not None and self.file[0].endswith(".py")

    def _program(self) -> bytes:
        """Return what of the cell is Python; blank where it is not, and where it does not parse."""
        text = self.data.decode()
        magic = _CELL_MAGIC.match(text)
        head = len(text[: magic.end()].encode()) if magic else 0
        if magic:
            words = magic[2].split()
            if magic[1] in {"writefile", "file"} and words:
                self.file = (words[-1].strip("\"'"), head)
            elif magic[1] in _SHELL_CELLS:
                self.shell.append((head, len(self.data)))
                self.is_shell = True
                return blank(self.data)
            if magic[1] in _OTHER_CELLS and not self.is_file:
                return blank(self.data)
        program = blank(self.data[:head]) + self.data[head:]
        masked = _Masked(program, self.shell)
        return masked.program()


class _Masked:
    """The lines of a program whose line magics become blank, and the shell commands among them."""

    def __init__(self, program: bytes, shell: list[tuple[int, int]]) -> None:
        self._whole = program
        self._lines = program.splitlines(keepends=True)
        self._starts = [*accumulate(map(len, self._lines), initial=0)]
        self._shell = shell

    def program(self) -> bytes:
        """Return the program with magics masked, one after another, as long as it does not parse.

        Of very many, all others where a statement may begin are masked at once.
        """
        for tries in range(2 * _MANY):
            error = _error(b"".join(self._lines))
            if error is None:
                return b"".join(self._lines)
            if tries == _MANY:
                self._mask_statements()
            elif not self._mask(error - 1) and not any(map(self._mask, range(len(self._lines)))):
                break
        self._shell.sort()
        return blank(self._whole)

    def _mask_statements(self) -> None:
        """Mask the magics where a statement may begin: in no bracket, in no string."""
        state = _CellState()
        number = 0
        while number < len(self._lines):
            masked = state.is_outside and self._mask(number)
            number += masked or 1
            if not masked:
                state.read(self._lines[number - 1])

    def _mask(self, number: int) -> int:
        """Mask the magic that a line begins with, and the lines that go on with it; returns how many lines."""
        lines = self._lines
        if not 0 <= number < len(lines):
            return 0
        line = lines[number].decode()
        match = _LINE_MAGIC.match(line) or _CAPTURED.match(line) or _HELP.fullmatch(line.rstrip("\r\n"))
        if match is None:
            return 0
        before = match.groupdict().get("before") or ""
        last = number
        while lines[last].rstrip(b"\r\n").endswith(b"\\") and last + 1 < len(lines):
            last += 1
        if match.groupdict().get("shell"):
            start = self._starts[number] + len(line[: match.end()].encode())
            self._shell.append((start, self._starts[last + 1]))
        kept = len(before.encode())
        masked = blank(lines[number][kept:])
        lines[number] = lines[number][:kept] + (b"0" + masked[1:] if before else masked)
        lines[number + 1 : last + 1] = [blank(each) for each in lines[number + 1 : last + 1]]
        return last + 1 - number


class _CellState:
    """Whether the lines of Python that were read leave a bracket, a string or a line open."""

    def __init__(self) -> None:
        self._depth = 0
        self._quote = b""
        self._continued = False

    @property
    def is_outside(self) -> bool:
        """Tell whether the next line may begin a statement."""
        return not (self._depth or self._quote or self._continued)

    def read(self, line: bytes) -> None:
        """Take in one more line."""
        at = 0
        while piece := _LONG_END[self._quote].match(line, at) if self._quote else _PIECE.search(line, at):
            at = piece.end()
            if self._quote:
                self._quote = b""
            elif piece[0] in _LONG_END:
                self._quote = piece[0]
            elif piece[0] in b"([{":
                self._depth += 1
            elif piece[0] in b")]}":
                self._depth = max(0, self._depth - 1)
        self._continued = not self._quote and line.rstrip(b"\r\n").endswith(b"\\")


def _error(program: bytes) -> int | None:
    """Return the line that keeps a program from being parsed; ``None`` when there is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            parse(program)
        except SyntaxError as error:
            return error.lineno or 0
        except (ValueError, RecursionError, MemoryError):
            return 0
    return None
