"""Run old spellings under the SDK beside this interpreter, and print what it says of each, as JSON. Run as a script.

Standard input has the rows: name, era, code. Nothing is asked of a server: what gets that far is taken.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import re
import runpy
import sys
import warnings
from pathlib import Path
from typing import Any, NoReturn

modal: Any = importlib.import_module("modal")
PATH = Path("row.py")
HEAD = (
    "from modal import Dict, Image, NetworkFileSystem, Queue, Secret, Volume",
    "from modal import Dict, Image, Queue, Secret",
    "from modal import Volume",
    "import modal.experimental",
    "app = stub = modal.App('b') if hasattr(modal, 'App') and hasattr(modal.App, 'function') else modal.Stub('b')",
    "image = modal.Image.debian_slim()",
    "def plain(x=1): ...",
    "def generating():\n    yield 1",
    "f = app.function()(plain)",
    "g = generating",
    "class C:\n    @modal.method()\n    def m(self): ...",
    "C = app.cls()(C)",
    "K = modal.Cls.from_name('a', 'C')",
    "c = K()",
    "function = f",
    "sandbox = modal.Sandbox.__new__(modal.Sandbox)",
    "environment = modal.Environment.__new__(modal.Environment)",
    "environment = modal.environments.Environment.__new__(modal.environments.Environment)",
    "volume = modal.Volume.__new__(modal.Volume)",
    "volume = modal.Volume.from_name('v')",
)
"""What the rows read; a version does without what it does not have."""
REFUSALS = frozenset(
    "AttributeError TypeError ImportError ModuleNotFoundError InvalidError DeprecationError RuntimeError".split()
)
NOT_YET = re.compile("not (been )?hydrated|lookup on the object|not initialized|has no attribute '_(?!experimental)")
"""What an object says that only lacks what a server would have told of it."""
MODULE = re.compile(r"\bmodal(?:\.[a-z_]+)+")


class Asked(Exception):
    """The program would ask the server now."""


async def _ask(*_: Any, **__: Any) -> NoReturn:
    raise Asked


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise Asked


def main() -> None:
    """Run each row in names of its own."""
    sys.argv = ["row.py"]
    for name in ("_Client", "Client", "AioClient"):
        if hasattr(modal.client, name):
            getattr(modal.client, name).from_env = staticmethod(_refuse if name == "Client" else _ask)
    rows = json.load(sys.stdin)
    names = _ready()
    json.dump({name: said({} if era == "program" else dict(names), code) for name, era, code in rows}, sys.stdout)


def said(names: dict[str, Any], code: str) -> str:
    """Return ``takes``, ``warns``, or the name of the error that refuses a row's code; a program has no names."""
    code = code.replace("\\n", "\n")
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("ignore")
        _import(code)
        warnings.simplefilter("always")
        try:
            if not names:
                PATH.write_text(code, "utf-8")
                runpy.run_path(str(PATH))
            else:
                exec(compile(code.strip(), "row", "exec"), names)
        except SystemExit:
            return "takes"
        except Exception as error:
            name = type(error).__name__
            if name in REFUSALS and not NOT_YET.search(str(error)):
                return name
            if name == "NameError":
                return "untold"
    return "warns" if any("Deprecation" in each.category.__name__ for each in noted) else "takes"


def _import(code: str) -> None:
    """Import the modules that a row's code goes through."""
    for found in MODULE.findall(code):
        parts = found.split(".")
        for end in range(2, len(parts) + 1):
            with contextlib.suppress(Exception):
                importlib.import_module(".".join(parts[:end]))


def _ready() -> dict[str, Any]:
    warnings.simplefilter("ignore")
    names: dict[str, Any] = {"modal": modal, "__name__": "row"}
    for line in HEAD:
        if line.startswith("from modal import Dict, Image, Queue") and "Image" in names:
            continue
        PATH.write_text(line, "utf-8")
        try:
            exec(compile(line, str(PATH), "exec"), names)
        except Exception as error:
            names.setdefault("left out", []).append(f"{line}: {error}")
    return names


if __name__ == "__main__":
    main()
