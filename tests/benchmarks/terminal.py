"""A program in a terminal of its own: keys in, what it draws out, each piece with the moment that it came."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pyte

from benchmarks.timing import ENVIRONMENT

_TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
WIDTH, HEIGHT = 120, 36


class Terminal:
    """Starts the program; ``close`` ends it."""

    def __init__(self, command: Sequence[str], cwd: Path) -> None:
        self.started = time.perf_counter()
        self._pid, self._end = pty.fork()
        if self._pid == 0:
            os.chdir(cwd)
            os.execve(command[0], list(command), ENVIRONMENT | _TERMINAL)
        fcntl.ioctl(self._end, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        self._screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.ByteStream(self._screen)
        self.pieces: list[tuple[float, bytes]] = []
        """What came and was not drawn yet."""

    def press(self, keys: bytes) -> float:
        """Send keys; return the moment."""
        now = time.perf_counter()
        os.write(self._end, keys)
        return now

    def listen(self, seconds: float, until: bytes = b"") -> bool:
        """Take in what comes, for so long or until some bytes have come; drawing waits, so as not to disturb."""
        end = time.perf_counter() + seconds
        start = len(self.pieces)
        while (left := end - time.perf_counter()) > 0:
            if select.select([self._end], [], [], left)[0]:
                try:
                    self.pieces.append((time.perf_counter(), os.read(self._end, 1 << 16)))
                except OSError:
                    return False
                if until and until in b"".join(data for _, data in self.pieces[start:]):
                    return True
        return False

    def when(self, reached: Callable[[list[str]], bool]) -> float | None:
        """Draw what came piece by piece; return the moment at which the screen first was so, ``None`` if never.

        What came after that stays undrawn.
        """
        while self.pieces:
            moment, data = self.pieces.pop(0)
            self._stream.feed(data.replace(b"\x1b[>4;1m", b"").replace(b"\x1b[>1u", b"").replace(b"\x1b[<u", b""))
            if reached(self._screen.display):
                return moment
        return None

    def wait(self, reached: Callable[[list[str]], bool], seconds: float) -> float:
        """Listen until the screen is so; return the moment. Raises `TimeoutError`."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            if (moment := self.when(reached)) is not None:
                return moment
            self.listen(0.05)
        raise TimeoutError("\n".join(self._screen.display))

    def rest(self, quiet: float = 0.04, most: float = 0.4) -> None:
        """Listen until nothing comes for a while, and draw all of it."""
        end = time.perf_counter() + most
        while time.perf_counter() < end:
            known = len(self.pieces)
            self.listen(quiet)
            if len(self.pieces) == known:
                break
        self.when(lambda _lines: False)

    @property
    def lines(self) -> list[str]:
        """What was drawn so far."""
        return list(self._screen.display)

    def memory(self) -> float:
        """Return how many MiB the program and those that it started have held at most, all together."""
        tasks = Path(f"/proc/{self._pid}/task").iterdir()
        children = [number for task in tasks for number in (task / "children").read_text().split()]
        return sum(map(_peak, [str(self._pid), *children]))

    def close(self) -> None:
        """End the program."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._end)


def _peak(number: str) -> float:
    try:
        status = Path(f"/proc/{number}/status").read_text()
    except FileNotFoundError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0) / 1024
