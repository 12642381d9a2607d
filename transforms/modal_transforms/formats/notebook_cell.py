"""One code cell of a notebook: which of its lines are Python, and which are commands for a shell."""

from __future__ import annotations

import re
import warnings
from ast import parse

from modal_transforms.formats.masking import blank

_CELL_MAGIC = re.compile(r"\s*%%(\w+)([^\n]*)")
_SHELL_CELLS = frozenset("bash sh zsh script system sx".split())
_OTHER_CELLS = frozenset(
    "html HTML javascript js latex markdown svg SVG perl ruby cmd R cython sql bigquery writefile file".split()
)
_LINE_MAGIC = re.compile(r"(?P<before>[ \t]*)(?:(?P<shell>!!?|%(?:sx|system)\b)|%|\?)")
_CAPTURED = re.compile(r"(?P<before>[^\n=]*=[ \t]*)(?:(?P<shell>!!?|%(?:sx|system)\b)|%\w)")
_HELP = re.compile(r"[ \t]*[\w.*%]+\?{1,2}[ \t]*")


class Cell:
    """The text of a code cell as bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.shell: list[tuple[int, int]] = []
        """The bytes of each shell command."""
        self.file: tuple[str, int] | None = None
        """The path that the cell writes its text to, and where that text begins."""
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
                return blank(self.data)
            if magic[1] in _OTHER_CELLS and not self.is_file:
                return blank(self.data)
        program = blank(self.data[:head]) + self.data[head:]
        return _masked(program, self.shell)


def _masked(program: bytes, shell: list[tuple[int, int]]) -> bytes:
    """Return a program with its line magics masked, one after another, as long as it does not parse."""
    lines = program.splitlines(keepends=True)
    while True:
        error = _error(b"".join(lines))
        if error is None:
            return b"".join(lines)
        number = error - 1
        if not _mask_line(lines, number, shell) and not any(
            _mask_line(lines, other, shell) for other in range(len(lines))
        ):
            shell.sort()
            return blank(program)


def _mask_line(lines: list[bytes], number: int, shell: list[tuple[int, int]]) -> bool:
    """Mask the magic that a line begins with, and the lines that go on with it; tell whether there was one."""
    if not 0 <= number < len(lines):
        return False
    line = lines[number].decode()
    match = _LINE_MAGIC.match(line) or _CAPTURED.match(line) or _HELP.fullmatch(line.rstrip("\r\n"))
    if match is None:
        return False
    before = match.groupdict().get("before") or ""
    last = number
    while lines[last].rstrip(b"\r\n").endswith(b"\\") and last + 1 < len(lines):
        last += 1
    start = sum(map(len, lines[:number]))
    if match.groupdict().get("shell"):
        shell.append((start + len(line[: match.end()].encode()), sum(map(len, lines[: last + 1]))))
    kept = len(before.encode())
    masked = blank(lines[number][kept:])
    lines[number] = lines[number][:kept] + (b"0" + masked[1:] if before else masked)
    lines[number + 1 : last + 1] = [blank(each) for each in lines[number + 1 : last + 1]]
    return True


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
