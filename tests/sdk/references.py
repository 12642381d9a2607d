"""Run in a Python with a real SDK: give commands to its command line, up to where the reference is imported.

Reads a JSON list of argument lists from standard input, writes a JSON list with what was said to each: nothing when
the reference was imported, else the error. No server is asked.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from typing import Any


class Accepted(Exception):
    """The reference was parsed and imported."""


def stopping_after(real: Callable[..., Any]) -> Callable[..., Any]:
    def stop(*args: Any, **kwargs: Any) -> Any:
        real(*args, **kwargs)
        raise Accepted

    return stop


def answer(cli: Any, words: list[str]) -> str:
    try:
        cli.main(words, prog_name="modal", standalone_mode=False)
    except Accepted:
        return ""
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return "the command ended without asking for its reference"


if __name__ == "__main__":
    entrypoint_cli = importlib.import_module("modal.cli.entry_point").entrypoint_cli
    for name, reader in (("run", "import_and_filter"), ("run", "import_app_from_ref"), ("shell", "import_and_filter")):
        module = importlib.import_module(f"modal.cli.{name}")
        setattr(module, reader, stopping_after(getattr(module, reader)))
    asked = json.load(sys.stdin)
    real_stdout, sys.stdout = sys.stdout, sys.stderr
    print(json.dumps([answer(entrypoint_cli, words) for words in asked]), file=real_stdout)
