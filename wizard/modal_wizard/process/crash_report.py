"""Unexpected errors: a report file instead of a traceback."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback

from modal_wizard import __version__
from modal_wizard.process import shutdown
from modal_wizard.process.platform import user_state_folder
from modal_wizard.text.sanitize import visible

CRASHED = 2


def report_crash(error: BaseException) -> int:
    """Write a report of an unexpected error to a file, name that on standard error, return the exit code.

    It is a temporary file, or one in the user's state folder; where neither can be, the error's own words and where it
    came up are said instead.
    """
    kept = shutdown.what_became_of_decisions()
    header = f"modal-wizard {__version__}, Python {platform.python_version()}, {platform.platform()}"
    what = f"{header}\narguments: {sys.argv[1:]!r}\n\n{''.join(traceback.format_exception(error))}"
    fault = f"this is a fault of ours ({type(error).__name__}). No file is left half written; decisions {kept}."
    try:
        where = f"A report is in {visible(_written(what))}; please send it with a bug report."
    except OSError as problem:
        where = f"No report could be written ({problem.strerror}); please send this with a bug report: {_short(error)}"
    shutdown.say(f"modal-wizard: {fault}\n{where}")
    return CRASHED


def _written(what: str) -> str:
    """Return the path of a file of its own for a report; raises `OSError` when there is no folder for one."""
    try:
        descriptor, path = tempfile.mkstemp(prefix="modal-wizard-", suffix=".log")
    except OSError:
        folder = user_state_folder()
        os.makedirs(folder, mode=0o700, exist_ok=True)
        descriptor, path = tempfile.mkstemp(prefix="modal-wizard-", suffix=".log", dir=folder)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(what)
    return path


def _short(error: BaseException) -> str:
    """Return an error on one line: what it says, and where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    at = f" ({os.path.basename(frames[-1].filename)}, line {frames[-1].lineno}, {frames[-1].name})" if frames else ""
    said = visible(" ".join(str(error).split()))
    return f"{type(error).__name__}: {said}{at}, modal-wizard {__version__}, Python {platform.python_version()}"
