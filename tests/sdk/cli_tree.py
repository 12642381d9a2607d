"""Print the commands of the ``modal`` beside this interpreter, with their options, as JSON. Run as a script."""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from typing import Any


def main() -> None:
    """Walk from the whole program to each of its commands."""
    warnings.simplefilter("ignore")
    entry = importlib.import_module("modal.cli.entry_point")
    if hasattr(entry, "entrypoint_cli"):
        root = entry.entrypoint_cli
    else:
        root = importlib.import_module("typer.main").get_command(entry.entrypoint_cli_typer)
    found: dict[str, list[str]] = {}
    _walk(root, (), found)
    json.dump(found, sys.stdout)


def _walk(command: Any, path: tuple[str, ...], found: dict[str, list[str]]) -> None:
    options = (each for each in command.params if each.param_type_name == "option")
    found[" ".join(path)] = sorted({name for each in options for name in (*each.opts, *each.secondary_opts)})
    for name, each in getattr(command, "commands", {}).items():
        _walk(each, (*path, name), found)


if __name__ == "__main__":
    main()
