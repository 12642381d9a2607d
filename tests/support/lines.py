"""The plain wizard, driven by lines as through a pipe."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from modal_wizard.cli.main import main


class Lines:
    """Runs the plain wizard in this process and keeps what it said."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, root: Path, *lines: str, options: tuple[str, ...] = ("--plain",), code: int = 0) -> str:
        """Answer with these lines, then end the input; returns what was said."""
        self._monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        assert main([*options, str(root)]) == code
        said = self._capsys.readouterr()
        return said.out + said.err
