"""Verify in a process of its own, which a screen can start, listen to and end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from modal_wizard.process.signals import asked, ended_with_us
from modal_wizard.process.tree import end_tree
from modal_wizard.text.sanitize import visible


class VerifyProcess:
    """``modal-wizard verify`` of a path, as it would be typed."""

    def __init__(self, path: Path) -> None:
        self._command = [sys.executable, "-I", "-m", "modal_wizard", "verify", str(path)]
        self._process: subprocess.Popen[str] | None = None
        self._ended = False

    def run(self, say: Callable[[str], None]) -> int:
        """Run it to its end, in this thread; ``say`` gets each line that it prints. Returns its exit status."""
        before = asked()
        with (
            subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
            ) as process,
            ended_with_us(process, before),
        ):
            self._process = process
            if self._ended:
                end_tree(process.pid)
            for line in process.stdout or ():
                say(visible(line.rstrip("\r\n")))
        return process.returncode

    def end(self) -> None:
        """End it with all that it started; from any thread."""
        self._ended = True
        if self._process is not None and self._process.poll() is None:
            end_tree(self._process.pid)
