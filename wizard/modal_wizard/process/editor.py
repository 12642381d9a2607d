"""Edit a text in the person's own editor, by way of a temporary file."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from modal_wizard.process.platform import split_command


class NoEditor(Exception):
    """The text was not edited; the message says why."""


def editor() -> list[str]:
    """Return the command in ``VISUAL`` or ``EDITOR``, split into words; empty when neither names one."""
    try:
        return split_command(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
    except ValueError:
        return []


def edited(text: str, suffix: str = ".py", terminal: Callable[[], AbstractContextManager[None]] = nullcontext) -> str:
    """Return a text as the person's editor left it.

    ``suffix`` is the temporary file's, which tells the editor the language; ``terminal`` is entered while the editor
    has the terminal. Raises `NoEditor` when there is none, when it fails, or when it leaves no UTF-8.
    """
    command = editor()
    if not command:
        raise NoEditor("Neither VISUAL nor EDITOR names an editor.")
    descriptor, name = tempfile.mkstemp(prefix="modal-wizard-", suffix=suffix)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        with terminal():
            status = subprocess.run([*command, name], check=False).returncode
        if status:
            raise NoEditor(f"{command[0]} ended with status {status}; the text is as it was.")
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NoEditor(f"{command[0]}: {error}") from None
    finally:
        os.unlink(name)
