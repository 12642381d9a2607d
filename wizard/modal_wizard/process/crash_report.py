"""Unexpected errors: a report file instead of a traceback."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback

from modal_wizard import __version__
from modal_wizard.process import shutdown
from modal_wizard.text.sanitize import visible

CRASHED = 2


def report_crash(error: BaseException) -> int:
    """Write a report of an unexpected error to a temporary file, name that on standard error, return the exit code."""
    header = f"modal-wizard {__version__}, Python {platform.python_version()}, {platform.platform()}"
    what = f"{header}\narguments: {sys.argv[1:]!r}\n\n{''.join(traceback.format_exception(error))}"
    fault = f"this is a fault of ours ({type(error).__name__}). No file is left half written; decisions are kept."
    try:
        descriptor, path = tempfile.mkstemp(prefix="modal-wizard-", suffix=".log")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(what)
        where = f"A report is in {visible(path)}; please send it with a bug report."
    except OSError as problem:
        where = f"No report could be written ({problem.strerror}); please send this with a bug report:\n{what}"
    shutdown.say(f"modal-wizard: {fault}\n{where}")
    return CRASHED
