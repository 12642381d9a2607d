"""Verify in a process of its own, which a screen or a commit can start, listen to and end."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from modal_wizard.process.signals import check, running
from modal_wizard.process.tree import end_tree
from modal_wizard.text.sanitize import visible


class VerifyProcess:
    """``modal-wizard verify`` of a path with options, as it would be typed."""

    def __init__(self, path: Path, *options: str) -> None:
        self._command = [sys.executable, "-I", "-m", "modal_wizard", "verify", *options, str(path)]
        self._process: subprocess.Popen[str] | None = None
        self._ended = False
        self.output = ""
        """What it printed on standard output, once it has ended."""

    def run(self, say: Callable[[str], None]) -> int:
        """Run it to its end, in this thread; ``say`` gets each line of its narration. Returns its exit status.

        Raises `Stopped` or `Halted` when it is ended by a signal, or was asked for after one.
        """
        check()
        start = partial(
            subprocess.Popen[str],
            self._command,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )
        with tempfile.TemporaryFile() as printed, running(partial(start, stdout=printed)) as process:
            self._process = process
            if self._ended:
                end_tree(process.pid)
            for line in process.stderr or ():
                say(visible(line.rstrip("\r\n")))
            process.wait()
            printed.seek(0)
            self.output = printed.read().decode("utf-8", "replace")
        return process.returncode

    def end(self) -> None:
        """End it with all that it started; from any thread."""
        self._ended = True
        if self._process is not None and self._process.poll() is None:
            end_tree(self._process.pid)
