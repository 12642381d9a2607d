"""The screen: time to the first frame and to the first finding, and from a key to what it changes."""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import trees
from benchmarks.scanning import BIN, HERE
from benchmarks.terminal import Terminal
from benchmarks.timing import verdict

_FINDINGS = 10_000
_PRESSES = 100
_PLACE = re.compile(r"service_\d+\.py:\d+")
"""What the title of the diff says: it changes with every step of the cursor."""


def _frame(command: Sequence[str], cwd: Path) -> float:
    terminal = Terminal(command, cwd)
    try:
        return terminal.wait(lambda lines: any("modal-wizard" in line for line in lines), 60) - terminal.started
    finally:
        terminal.close()


def first_frame(work: Path, number: int) -> None:
    """The wizard's first frame against that of an app that shows one line; and its first finding."""
    tree = work / "tiny-frame"
    trees.tiny(tree)
    wizard, empty = [str(BIN / "modal-wizard"), str(tree)], [sys.executable, str(HERE / "empty_app.py")]
    own, least, found = [], [], []
    for done in range(number * 2 + 1):
        pair = _frame(wizard, work), _frame(empty, work), _first_finding(wizard, work)
        if done:
            own.append(pair[0])
            least.append(pair[1])
            found.append(pair[2])
    print(f"\nfirst frame: wizard {statistics.median(own):.3f} s, empty Textual app {statistics.median(least):.3f} s")
    print(f"first finding on the screen after {statistics.median(found):.3f} s")
    verdict("first frame", statistics.median(a / b for a, b in zip(own, least, strict=True)), 1.25)


def _first_finding(command: Sequence[str], cwd: Path) -> float:
    terminal = Terminal(command, cwd)
    try:
        return terminal.wait(lambda lines: any("1.4.0" in line for line in lines), 60) - terminal.started
    finally:
        terminal.close()


def keys(work: Path) -> None:
    """From a key to the screen that it changes, among ten thousand findings: while scanning, and after."""
    tree = work / "many"
    trees.many_findings(tree, _FINDINGS)
    terminal = Terminal([str(BIN / "modal-wizard"), str(tree)], work)
    try:
        terminal.wait(lambda lines: any("1.4.0" in line for line in lines), 120)
        terminal.press(b"\r")
        terminal.wait(lambda lines: _place(lines) != "", 60)
        scanning = _presses(terminal, _PRESSES)
        _until_scanned(terminal)
        after = _presses(terminal, _PRESSES)
        peak = terminal.memory()
    finally:
        terminal.close()
    _tell("while scanning", scanning, 0.050)
    _tell(f"with {_FINDINGS} findings", after, 0.050)
    verdict(f"memory of the wizard with {_FINDINGS} findings", peak, 250, " MiB")


def _place(lines: Sequence[str]) -> str:
    found = _PLACE.search("\n".join(lines))
    return found[0] if found else ""


def _presses(terminal: Terminal, number: int) -> list[float]:
    taken: list[float] = []
    for _ in range(number):
        terminal.listen(0.02)
        terminal.when(lambda _lines: False)
        before = _place(terminal.lines)
        pressed = terminal.press(b"j")
        try:
            moment = terminal.wait(lambda lines, old=before: _place(lines) not in {"", old}, 10)  # type: ignore[misc]  # bound at once
        except TimeoutError:
            moment = pressed + 10
        taken.append(moment - pressed)
    return taken


def _until_scanned(terminal: Terminal) -> None:
    terminal.press(b"o")
    terminal.wait(lambda lines: any("looked at" in line for line in lines), 600)
    terminal.press(b"\r")
    terminal.wait(lambda lines: _place(lines) != "", 60)
    time.sleep(1)


def _tell(what: str, taken: Sequence[float], goal: float) -> None:
    ordered = sorted(taken)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(
        f"\nkey to repaint, {what}: p50 {statistics.median(ordered) * 1000:.0f} ms, "
        f"p95 {p95 * 1000:.0f} ms, max {ordered[-1] * 1000:.0f} ms ({len(ordered)} keys)"
    )
    verdict(f"key to repaint, {what}, p95", p95 * 1000, goal * 1000, " ms")
