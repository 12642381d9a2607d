"""Our own faults: a report file instead of a traceback."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback

from modal_wizard import __version__

CRASHED = 2


def report_crash(error: BaseException) -> int:
    """Write a report of an unexpected error, say where it is, and return the exit code."""
    descriptor, path = tempfile.mkstemp(prefix="modal-wizard-", suffix=".log")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"modal-wizard {__version__}, Python {platform.python_version()}, {platform.platform()}\n")
        file.write(f"arguments: {sys.argv[1:]!r}\n\n")
        file.write("".join(traceback.format_exception(error)))
    print(
        f"modal-wizard: this is a fault of ours ({type(error).__name__}). No file is left half written; "
        f"decisions are kept.\nA report is in {path}; please send it with a bug report.",
        file=sys.stderr,
    )
    return CRASHED
