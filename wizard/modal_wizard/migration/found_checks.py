"""What a repository is checked with, read from its settings: offered for ``--check``, and never run unasked."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec.structs import replace

from modal_wizard.files import safe_io
from modal_wizard.git.check_command import CheckCommand
from modal_wizard.migration.options import RunOptions
from modal_wizard.process.platform import find_program, quoted

_LARGEST = 1 << 20
"""Bytes; settings that are longer are not read."""
_SETTINGS = {
    "pytest -q": {
        "pytest.ini": r"",
        ".pytest.ini": r"",
        "pyproject.toml": r"^\[tool\.pytest\b",
        "setup.cfg": r"^\[tool:pytest\]",
        "tox.ini": r"^\[pytest\]",
    },
    "ruff check": {"ruff.toml": r"", ".ruff.toml": r"", "pyproject.toml": r"^\[tool\.ruff\b"},
}
"""For each command the files that show it is used, each with what has to be in it."""


def found_checks(root: Path) -> tuple[str, ...]:
    """Return the commands that the settings of a repository speak of, and that can be run as they are here."""
    return tuple(
        command
        for command, files in _SETTINGS.items()
        if find_program(command.split()[0], str(root)) and any(_holds(root, *each) for each in files.items())
    )


def turned_on(options: RunOptions, root: Path) -> RunOptions | None:
    """Return options with the next of the found checks, after the last with none; ``None`` where none is to be had.

    A check that the person gave is theirs, and stays.
    """
    offers: list[str] = ["", *found_checks(root)]
    now = options.check.line if options.check is not None else ""
    if now not in offers or len(offers) == 1:
        return None
    line = offers[(offers.index(now) + 1) % len(offers)]
    return replace(options, check=CheckCommand(line) if line else None)


def as_option(command: str) -> str:
    """Return how a command is given to ``--check``."""
    return f"--check {quoted(command)}"


def _holds(root: Path, name: str, pattern: str) -> bool:
    try:
        if (root / name).lstat().st_size > _LARGEST:
            return False
        text = safe_io.read(root, name).decode("utf-8", "replace")
    except (OSError, safe_io.UnsafePath):
        return False
    return re.search(pattern, text, re.MULTILINE) is not None
