"""The screen: time to the first frame and to the first finding, and from a key to what it changes."""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from benchmarks import trees
from benchmarks.scanning import BIN, HERE
from benchmarks.terminal import Terminal
from benchmarks.timing import verdict

_FINDINGS = 10_000
_PLACE = re.compile(r"service_\d+\.py:\d+")
"""What the title of the diff says: it changes with every step of the cursor."""
_COUNT = re.compile(r"of ([\d,]+) decided")
_ESCAPE = b"\x1b"
"""Pressed but not counted: a terminal program has to wait whether more of a key's bytes follow it."""


def _has(*words: str) -> Callable[[list[str]], bool]:
    return lambda lines: all(any(word in line for line in lines) for word in words)


def _until(command: Sequence[str], cwd: Path, *words: str) -> float:
    terminal = Terminal(command, cwd)
    try:
        return terminal.wait(_has(*words), 60) - terminal.started
    finally:
        terminal.close()


def first_frame(work: Path, number: int) -> None:
    """The wizard's first full frame against that of an app that shows one line; and its first finding."""
    tree = work / "tiny-frame"
    trees.tiny(tree)
    wizard, empty = [str(BIN / "modal-wizard"), str(tree)], [sys.executable, str(HERE / "empty_app.py")]
    own, least, found = [], [], []
    for done in range(number * 3 + 1):
        both = _until(wizard, work, "modal-wizard", "scanning", "quit"), _until(empty, work, "modal-wizard")
        first = _until(wizard, work, "1.4.0")
        if done:
            own.append(both[0])
            least.append(both[1])
            found.append(first)
    print(f"\nfirst frame: wizard {statistics.median(own):.3f} s, empty Textual app {statistics.median(least):.3f} s")
    print(f"first finding on the screen after {statistics.median(found):.3f} s")
    verdict("first frame", statistics.median(a / b for a, b in zip(own, least, strict=True)), 1.25)


@dataclass(frozen=True)
class _Key:
    """A key, and what of the screen it changes: the place that is shown, or anything below the first line."""

    name: str
    keys: bytes
    moves: bool = True


_LOOKING = (
    *(_Key("j", b"j"), _Key("j", b"j"), _Key("k", b"k"), _Key("n", b"n"), _Key("page down", b"\x1b[6~")),
    *(_Key("d", b"d", False), _Key("+", b"+", False), _Key("d", b"d", False), _Key("-", b"-", False)),
    *(_Key("a", b"a"), _Key("a", b"a"), _Key("u", b"u"), _Key("s", b"s"), _Key("u", b"u")),
)
_STEPS = (*(_Key("j", b"j") for _ in range(12)), *(_Key("k", b"k") for _ in range(4)))
_ASKING = (
    *(_Key("/", b"/", False), *(_Key("typing", letter.encode(), False) for letter in "service_00")),
    *(_Key("enter", b"\r", False), _Key("esc", _ESCAPE, False)),
    *(_Key("F", b"F", False), _Key("esc", _ESCAPE, False), _Key("R", b"R", False), _Key("esc", _ESCAPE, False)),
    *(_Key("S", b"S", False), _Key("u", b"u", False), _Key("A", b"A", False)),
)
_Taken = list[tuple[str, float]]


def keys(work: Path, number: int) -> None:
    """From a key to the screen that it changes, among ten thousand findings: while scanning, and after."""
    tree = work / "many"
    trees.many_findings(tree, _FINDINGS)
    scanning: _Taken = []
    after: _Taken = []
    peak = 0.0
    for _ in range(max(1, number // 2)):
        shutil.rmtree(tree / ".git" / "modal-wizard", ignore_errors=True)
        terminal = Terminal([str(BIN / "modal-wizard"), str(tree)], work)
        try:
            terminal.wait(_has("1.4.0"), 120)
            scanning += _open(terminal)
            peak = max(peak, terminal.memory())
            for key in cycle(_LOOKING):
                peak = max(peak, terminal.memory())
                if _count(terminal.lines) == _FINDINGS:
                    break
                scanning += _presses(terminal, [key])
            for _ in range(4):
                after += _presses(terminal, _LOOKING)
            after += _presses(terminal, _ASKING)
            peak = max(peak, terminal.memory())
        finally:
            terminal.close()
    _tell("while scanning", scanning, 0.050)
    verdict("opening the first review while scanning", _median(scanning, "enter") * 1000, 100, " ms")
    _tell(f"with {_FINDINGS} findings", after, 0.050)
    for name in ("S", "/", "F", "R"):
        verdict(f"{name}, {_FINDINGS} findings, median", _median(after, name) * 1000, 50, " ms")
    verdict(f"memory of the wizard with {_FINDINGS} findings", peak, 250, " MiB")


def limit(work: Path, number: int) -> None:
    """From a key to the screen that it changes in the least app of that kind: by itself, and beside a busy process."""
    for busy in (False, True):
        taken: _Taken = []
        for _ in range(max(1, number // 2)):
            other = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if busy else None
            terminal = Terminal([sys.executable, str(HERE / "plain_list.py")], work)
            try:
                terminal.wait(lambda lines: _place(lines) != "", 60)
                for _ in range(4):
                    taken += _presses(terminal, _STEPS)
            finally:
                terminal.close()
                if other is not None:
                    other.kill()
                    other.wait()
        _tell(f"a plain Textual app{', another process computing' if busy else ''}", taken, 0.050)


def _open(terminal: Terminal) -> _Taken:
    pressed = terminal.press(b"\r")
    return [("enter", terminal.wait(lambda lines: _place(lines) != "", 60) - pressed)]


def _place(lines: Sequence[str]) -> str:
    found = _PLACE.search("\n".join(lines))
    return found[0] if found else ""


def _count(lines: Sequence[str]) -> int:
    found = _COUNT.search(lines[0])
    return int(found[1].replace(",", "")) if found else 0


def _presses(terminal: Terminal, wanted: Sequence[_Key]) -> _Taken:
    taken: _Taken = []
    for key in wanted:
        terminal.rest()
        place, rows = _place(terminal.lines), terminal.lines[1:]

        def reached(lines: list[str], key: _Key = key, place: str = place, rows: list[str] = rows) -> bool:
            return _place(lines) not in {"", place} if key.moves else lines[1:] != rows

        pressed = terminal.press(key.keys)
        if key.keys == _ESCAPE:
            terminal.listen(0.25)
            continue
        try:
            taken.append((key.name, terminal.wait(reached, 30) - pressed))
        except TimeoutError as error:
            raise TimeoutError(f"{key.name}\n{error}") from None
    terminal.rest()
    return taken


def _median(taken: _Taken, key: str) -> float:
    return statistics.median(each for name, each in taken if name == key)


def _tell(what: str, taken: _Taken, goal: float) -> None:
    ordered = sorted(each for _, each in taken)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(
        f"\nkey to repaint, {what}: p50 {statistics.median(ordered) * 1000:.0f} ms, "
        f"p95 {p95 * 1000:.0f} ms, max {ordered[-1] * 1000:.0f} ms ({len(ordered)} keys)"
    )
    for name in dict.fromkeys(name for name, _ in taken):
        own = sorted(each for one, each in taken if one == name)
        print(f"  {name:10} median {statistics.median(own) * 1000:5.0f} ms, max {own[-1] * 1000:5.0f} ms")
    verdict(f"key to repaint, {what}, p95", p95 * 1000, goal * 1000, " ms")
