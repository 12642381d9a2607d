"""The person's own editor: the wizard steps aside and comes back."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from textual.app import App, SuspendNotSupported


class NoEditor(Exception):
    """The text was not edited; the message says why."""


def editor() -> list[str]:
    """Return the command of the person's editor, empty when none is named."""
    return shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")


def edited_outside(app: App[int], text: str) -> str:
    """Return a text as the person's editor left it; raises `NoEditor`."""
    command = editor()
    if not command:
        raise NoEditor("Neither VISUAL nor EDITOR names an editor.")
    descriptor, name = tempfile.mkstemp(prefix="modal-wizard-", suffix=".py")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        with app.suspend():
            status = subprocess.run([*command, name], check=False).returncode
        if status:
            raise NoEditor(f"{command[0]} ended with status {status}; the text is as it was.")
        return Path(name).read_text(encoding="utf-8")
    except SuspendNotSupported:
        raise NoEditor("This terminal cannot be lent to another program.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise NoEditor(f"{command[0]}: {error}") from None
    finally:
        os.unlink(name)
