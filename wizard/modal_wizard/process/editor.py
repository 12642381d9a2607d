"""The person's own editor, over a text in a temporary file."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path


class NoEditor(Exception):
    """The text was not edited; the message says why."""


def editor() -> list[str]:
    """Return the command of the person's editor, empty when none is named."""
    try:
        return shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
    except ValueError:
        return []


def edited(text: str, suffix: str = ".py", terminal: Callable[[], AbstractContextManager[None]] = nullcontext) -> str:
    """Return a text as the person's editor left it; raises `NoEditor`. ``terminal`` lends it the terminal."""
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
