"""Edit a text in the person's own editor, by way of a temporary file."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from pathlib import Path

from modal_wizard.process.platform import BINARY, NO_FOLLOW, find_program, split_command

NOT_NAMED = "No editor is named that is there: git var GIT_EDITOR, VISUAL and EDITOR were asked."


class NoEditor(Exception):
    """The text was not edited; the message says why."""


_NAMED_BY = ("GIT_EDITOR", "VISUAL", "EDITOR", "TERM")
_PLUS = frozenset("vi vim nvim view nano pico emacs emacsclient micro joe jmacs ne kak mcedit jed ed".split())
"""Editors that are told of a line by ``+12``."""
_COLON = frozenset("hx helix subl zed zeditor".split())
"""Editors that are told of a line by ``file:12``."""
_GO_TO = frozenset("code code-insiders codium cursor windsurf".split())
"""Editors that are told of a line by ``-g file:12``."""


def editor(root: Path | None = None) -> list[str]:
    """Return the person's editor as words, as ``git var GIT_EDITOR`` tells it in a folder; empty when there is none."""
    return list(_editor(root, *(os.environ.get(name, "") for name in _NAMED_BY)))


@lru_cache(maxsize=8)
def _editor(root: Path | None, git_editor: str, visual: str, other: str, _terminal: str) -> tuple[str, ...]:
    named = (git_editor, visual, other)
    for line in (_of_git(root), *named):
        try:
            words = split_command(line)
        except ValueError:
            continue
        if words and (
            line in named or find_program(words[0], str(root or ""))
        ):  # git was built with one that may not be there
            return tuple(words)
    return ()


def _of_git(root: Path | None) -> str:
    """Return what git names: its variable, its setting, VISUAL, EDITOR, or what it was built with."""
    program, place = find_program("git", str(root or "")), ["-C", str(root)] if root else []
    if program is None:
        return ""
    try:
        done = subprocess.run([program, *place, "var", "GIT_EDITOR"], capture_output=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "surrogateescape").strip() if done.returncode == 0 else ""


def at_line(command: Sequence[str], file: str, line: int) -> list[str]:
    """Return the command that opens a file, at a line (from 1) where the editor is known to take one."""
    name = Path(command[0]).stem.lower()
    if line < 2 or name not in _PLUS | _COLON | _GO_TO:
        return [*command, file]
    if name in _PLUS:
        return [*command, f"+{line}", file]
    return [*command, *(["-g"] if name in _GO_TO else []), f"{file}:{line}"]


def open_file(
    file: Path, line: int, terminal: Callable[[], AbstractContextManager[None]] = nullcontext, root: Path | None = None
) -> None:
    """Have the person's editor open a file itself; raises `NoEditor` when there is none, or when it fails."""
    command = editor(root)
    if not command:
        raise NoEditor(NOT_NAMED)
    try:
        with terminal():
            status = _status(at_line(command, str(file), line), root)
    except OSError as error:
        raise NoEditor(f"{command[0]}: {_why(error)}.") from None
    if status:
        raise NoEditor(f"{command[0]} ended with status {status}.")


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def edited(
    text: str,
    suffix: str = ".py",
    terminal: Callable[[], AbstractContextManager[None]] = nullcontext,
    place: Path | None = None,
    line: int = 1,
    root: Path | None = None,
) -> str:
    """Return a text as the person's editor left it.

    ``suffix`` is the temporary file's, which tells the editor the language; ``terminal`` is entered while the editor
    has the terminal. With a ``place`` the text is edited there, and stays there when it is taken. It is opened at a
    ``line``, from 1; ``root`` is the folder whose git may name the editor.
    Raises `NoEditor` when there is none, when it fails, or when it leaves no UTF-8.
    """
    command = editor(root)
    if not command:
        raise NoEditor(NOT_NAMED)
    try:
        descriptor, name = tempfile.mkstemp(prefix="modal-wizard-", suffix=suffix) if place is None else _opened(place)
    except OSError as error:
        raise NoEditor(f"There is no place for the editor's file ({error.strerror}); the text is as it was.") from None
    file = Path(name)
    taken = False
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as handle:
            handle.write(text)
        with terminal():
            status = _status(at_line(command, name, line), root)
        if status:
            raise NoEditor(f"{command[0]} ended with status {status}; the text is as it was.{_kept(file, text)}")
        changed = _read(file).decode("utf-8")
        changed = changed.replace("\r\n", "\n").replace("\r", "\n")
        taken = True
        return changed
    except (OSError, UnicodeDecodeError) as error:
        raise NoEditor(f"{command[0]}: {_why(error)}.{_kept(file, text)}") from None
    finally:
        if (taken and place is None) or not (taken or _kept(file, text)):
            file.unlink(missing_ok=True)


def _status(command: Sequence[str], root: Path | None) -> int:
    """Run an editor, which is no program of the folder that is looked at; raises `OSError` when it is not there."""
    program = find_program(command[0], str(root or ""))
    if program is None:
        raise FileNotFoundError(errno.ENOENT, "it is in no folder of PATH", command[0])
    return subprocess.run(command, executable=program, check=False).returncode


def _read(file: Path) -> bytes:
    """Return what an editor left: a plain file, for one would wait for a pipe; raises `OSError`."""
    handle = os.open(file, os.O_RDONLY | BINARY | NO_FOLLOW)
    with os.fdopen(handle, "rb") as opened:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
            raise OSError(errno.EINVAL, "no plain file of text is left", str(file))
        return opened.read()


_LARGEST = 1 << 26
"""Bytes of a text that is typed, at the most."""


def _opened(place: Path) -> tuple[int, str]:
    return os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY | BINARY, 0o600), str(place)


def _kept(file: Path, text: str) -> str:
    """Say where an edited text is that was not taken; empty when nothing was edited."""
    try:
        edited_by_person = _read(file) not in {b"", text.encode("utf-8", "surrogatepass")}
    except OSError:
        return ""
    return f" What you typed is kept in {file}." if edited_by_person else ""
