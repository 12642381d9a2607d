"""Edit a text in the person's own editor, by way of a temporary file."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from modal_wizard.process.platform import BINARY, split_command


class NoEditor(Exception):
    """The text was not edited; the message says why."""


def editor() -> list[str]:
    """Return the command in ``VISUAL`` or ``EDITOR``, split into words; empty when neither names one."""
    try:
        return split_command(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
    except ValueError:
        return []


def edited(
    text: str,
    suffix: str = ".py",
    terminal: Callable[[], AbstractContextManager[None]] = nullcontext,
    place: Path | None = None,
) -> str:
    """Return a text as the person's editor left it.

    ``suffix`` is the temporary file's, which tells the editor the language; ``terminal`` is entered while the editor
    has the terminal. With a ``place`` the text is edited there, and stays there when it is taken.
    Raises `NoEditor` when there is none, when it fails, or when it leaves no UTF-8.
    """
    command = editor()
    if not command:
        raise NoEditor("Neither VISUAL nor EDITOR names an editor.")
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
            status = subprocess.run([*command, name], check=False).returncode
        if status:
            raise NoEditor(f"{command[0]} ended with status {status}; the text is as it was.{_kept(file, text)}")
        changed = file.read_text(encoding="utf-8")
        taken = True
        return changed
    except (OSError, UnicodeDecodeError) as error:
        raise NoEditor(f"{command[0]}: {error}.{_kept(file, text)}") from None
    finally:
        if (taken and place is None) or not (taken or _kept(file, text)):
            file.unlink(missing_ok=True)


def _opened(place: Path) -> tuple[int, str]:
    return os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY | BINARY, 0o600), str(place)


def _kept(file: Path, text: str) -> str:
    """Say where an edited text is that was not taken; empty when nothing was edited."""
    try:
        edited_by_person = file.read_bytes() not in {b"", text.encode("utf-8", "surrogatepass")}
    except OSError:
        return ""
    return f" What you typed is kept in {file}." if edited_by_person else ""
