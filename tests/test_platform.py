"""What differs between systems, each side of it tried on this one."""

from __future__ import annotations

import io
import os
import signal
import sys
from pathlib import Path

import pytest

from modal_wizard.files import reader, safe_io
from modal_wizard.process import platform
from modal_wizard.process.tree import end_tree


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this system pass for Windows."""
    monkeypatch.setattr(platform, "WINDOWS", True)


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize(
    ("line", "words"),
    [
        (r"C:\tools\vim.exe -f", [r"C:\tools\vim.exe", "-f"]),
        (r'"C:\Program Files\code\code.exe" --wait', [r"C:\Program Files\code\code.exe", "--wait"]),
        (r"python C:\Users\O'Brien\check.py", ["python", r"C:\Users\O'Brien\check.py"]),
        ('pytest -k "a or b" # all', ["pytest", "-k", "a or b", "#", "all"]),
    ],
)
def test_commands_are_split_as_on_windows(line: str, words: list[str]) -> None:
    assert platform.split_command(line) == words


def test_commands_are_split_as_a_shell_does() -> None:
    assert platform.split_command(r"sh -c 'a b' c\ d # e") == ["sh", "-c", "a b", "c d", "#", "e"]
    with pytest.raises(ValueError, match="quotation"):
        platform.split_command("sh 'a")


def test_words_are_quoted_for_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    assert platform.quoted("a b") == "'a b'"
    monkeypatch.setattr(platform, "WINDOWS", True)
    assert platform.quoted(r"C:\a b") == r'"C:\a b"'


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize(
    "path", ["a\\..\\..\\b.py", "C:b.py", "a.py:stream", ".git./config", ".git /config", "nul", "a/COM1.py"]
)
def test_names_that_windows_reads_as_others_are_not_written(tmp_path: Path, path: str) -> None:
    with pytest.raises(safe_io.UnsafePath):
        safe_io.resolve_inside(tmp_path, path)


def test_such_names_are_names_elsewhere(tmp_path: Path) -> None:
    assert safe_io.resolve_inside(tmp_path, "a\\b:c .py") == tmp_path / "a\\b:c .py"


def test_files_are_opened_without_translation_of_line_endings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_bytes(b"a\r\n\x1ab\r\n")
    flags: list[int] = []
    opened = os.open

    def seen(path: str, how: int) -> int:
        flags.append(how)
        return opened(path, how)

    monkeypatch.setattr(os, "open", seen)
    assert reader.Reader(tmp_path).read("a.py") == b"a\r\n\x1ab\r\n"
    assert safe_io.read(tmp_path, "a.py") == b"a\r\n\x1ab\r\n"
    assert [how & platform.BINARY for how in flags] == [platform.BINARY] * 2
    assert platform.BINARY


def test_what_an_encoding_lacks_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(raw := io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", out)
    platform.prepare_output()
    print("é→", end="")
    out.flush()
    assert raw.getvalue() == b"\xe9\\u2192"


@pytest.mark.usefixtures("windows")
def test_pipes_get_utf_8_and_plain_line_ends_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    out = io.TextIOWrapper(raw := io.BytesIO(), encoding="cp1252", newline="\r\n")
    monkeypatch.setattr(sys, "stdout", out)
    platform.prepare_output()
    print("é→")
    out.flush()
    assert raw.getvalue() == "é→\n".encode()


def test_windows_ends_a_program_and_all_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "System32" / "taskkill.exe"
    tool.parent.mkdir()
    tool.write_text(f"#!/bin/sh\necho \"$@\" > '{tmp_path}/said'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path))
    monkeypatch.delattr(signal, "SIGKILL")
    end_tree(12345)
    assert (tmp_path / "said").read_text() == "/F /T /PID 12345\n"


def test_a_program_is_ended_where_that_tool_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[tuple[int, int]] = []
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path))
    monkeypatch.delattr(signal, "SIGKILL")
    monkeypatch.setattr(os, "kill", lambda number, which: ended.append((number, which)))
    end_tree(12345)
    assert ended == [(12345, signal.SIGTERM)]
