"""A program in a real terminal: a pseudo-terminal, with an emulator that says what is on its screen."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

import pyte

from modal_wizard.process.agent import CONVENTIONS, OWN
from support.processes import PATIENCE, wait_gone

QUIET = 0.08
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*(?:\$p|u)|\x1bP[^\x1b]*\x1b\\")
"""Questions to the terminal that the emulator would print."""
_ALTERNATE = re.compile(rb"\x1b\[\?1049([hl])")
_UNFINISHED = re.compile(rb"\x1b[^a-zA-Z~\\]*\Z")


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment with none of the machine's settings of git, editors and colours, and of no agent."""
    ours = ("GIT_", "TEXTUAL", "NO_COLOR", "VISUAL", "EDITOR", *CONVENTIONS, *OWN)
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith(ours)},
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "TEXTUAL_ANIMATIONS": "none",
        **more,
    }


class Terminal:
    """Runs a command; ``press`` types, ``wait`` reads until the screen is as wished."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], size: tuple[int, int] = (120, 36)) -> None:
        self._screens = {kind: pyte.Screen(*size) for kind in (b"h", b"l")}
        """The alternate screen, which applications draw on, and the one of the shell."""
        self._streams = {kind: pyte.ByteStream(screen) for kind, screen in self._screens.items()}
        self._shown = b"l"
        self._rest = b""
        self._pid, self._file = pty.fork()
        if self._pid == 0:
            os.execve(command[0], list(command), {**environment, "TERM": "xterm-256color"})
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None:
            print(self.text, file=sys.stderr)
        try:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self._file)

    @property
    def pid(self) -> int:
        """The process that has the terminal."""
        return self._pid

    @property
    def file(self) -> int:
        """The terminal's other end, to write any bytes to."""
        return self._file

    def settings(self) -> list[object]:
        """Return the terminal's settings, such as whether it shows what is typed."""
        return termios.tcgetattr(self._file)

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size, and tell the program."""
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        os.kill(self._pid, signal.SIGWINCH)

    def hang_up(self) -> int:
        """Take the terminal away and return the exit code of the program."""
        os.close(self._file)
        self._file = os.open(os.devnull, os.O_RDWR)
        return self._reaped(PATIENCE)

    def stopped(self, patience: float = PATIENCE) -> bool:
        """Tell whether the program has been suspended, once it was."""
        changed, tells = os.pipe()

        def watch() -> None:
            os.waitpid(self._pid, os.WUNTRACED)
            os.close(tells)

        threading.Thread(target=watch, daemon=True).start()
        end = time.monotonic() + patience
        try:
            while True:
                ready = select.select([self._file, changed], [], [], max(end - time.monotonic(), 0))[0]
                if changed in ready or not ready:
                    return bool(ready)
                self.read(0)
        finally:
            os.close(changed)

    def _reaped(self, patience: float) -> int:
        wait_gone(self._pid, patience)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self._screens[self._shown].display)

    def read(self, seconds: float) -> bool:
        """Take in what the program writes within so many seconds; False when it has ended."""
        if not select.select([self._file], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self._file, 65536)
        except OSError:
            return False
        whole = _UNKNOWN.sub(b"", self._rest + data)
        cut = _UNFINISHED.search(whole)
        self._rest = whole[cut.start() :] if cut else b""
        self._draw(whole[: cut.start()] if cut else whole)
        return bool(data)

    def _draw(self, data: bytes) -> None:
        drawn, *switches = _ALTERNATE.split(data)
        self._streams[self._shown].feed(drawn)
        for kind, drawn in zip(switches[::2], switches[1::2], strict=True):
            if kind == b"h" and self._shown != kind:
                self._screens[kind].reset()
            self._shown = kind
            self._streams[kind].feed(drawn)

    def wait(self, wished: str | Callable[[str], bool], patience: float = PATIENCE) -> str:
        """Read until the screen shows a text, or is as a test of it says."""
        shows = wished if callable(wished) else (lambda text: wished in text)
        end = time.monotonic() + patience
        while not (shows(self.text) and self._quiet() and shows(self.text)):
            left = end - time.monotonic()
            assert left > 0, f"waited in vain for {wished!r}:\n{self.text}"
            assert self.read(left), f"it ended before {wished!r}:\n{self.text}"
        return self.text

    def _quiet(self) -> bool:
        """Take in the rest of what is being drawn: half a picture says nothing."""
        while select.select([self._file], [], [], QUIET)[0]:
            if not self.read(0):
                break
        return True

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._file, keys.encode())

    def ended(self, patience: float = PATIENCE) -> int:
        """Wait for the end and return the exit code."""
        end = time.monotonic() + patience
        while self.read(max(left := end - time.monotonic(), 0)):
            assert left > 0, f"it does not end:\n{self.text}"
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
