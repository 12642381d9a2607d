"""Lines in, lines out."""

from __future__ import annotations

import io
from typing import TextIO

from modal_wizard.process.signals import released


class EndOfInput(Exception):
    """There is no more input."""


class Console:
    """A person behind two streams; what is said has been made safe to show."""

    def __init__(self, given: TextIO, out: TextIO) -> None:
        self._given = given
        self._out = out
        for stream, errors in ((given, "replace"), (out, "backslashreplace")):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors=errors)

    def say(self, *lines: str) -> None:
        """Print lines; an empty line separates."""
        for line in lines:
            print(line, file=self._out)
        self._out.flush()

    def ask(self, prompt: str) -> str:
        """Return the line that answers a prompt; raises `EndOfInput` when there is none."""
        print(prompt, end=" ", file=self._out, flush=True)
        with released():
            line = self._given.readline()
        if not self._given.isatty():
            self.say(line.rstrip("\r\n"))
        if not line:
            raise EndOfInput
        return line.strip()

    def agreed(self, question: str) -> bool:
        """Ask for a yes or a no; the end of the input is a no."""
        try:
            return self.ask(f"{question} (y or n)").lower() in {"y", "yes"}
        except EndOfInput:
            return False
