"""Say what the SDK of this interpreter really has of a list of names. Run as a script; reads and writes JSON.

The answer to a name is null where it is missing, else the parameters that a call takes (none for what cannot be
called or does not tell) and the public names that a class has.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import json
import sys
import warnings
from typing import Any


def main() -> None:
    warnings.simplefilter("ignore")
    print(json.dumps({name: look(name) for name in json.load(sys.stdin)}))


def look(name: str) -> dict[str, list[str]] | None:
    found: Any = importlib.import_module("modal")
    path = "modal"
    for part in name.split(".")[1:]:
        path += f".{part}"
        with contextlib.suppress(ImportError):
            importlib.import_module(path)
        try:
            # not by getattr: it would ask properties of classes, which answer
            found = inspect.getattr_static(found, part) if isinstance(found, type) else getattr(found, part)
        except AttributeError:
            return None
    return {"parameters": parameters(found), "members": members(found)}


def parameters(found: Any) -> list[str]:
    found = getattr(found, "__func__", found)
    found = getattr(found, "_func", found)  # what the SDK wraps so that it has an .aio
    if isinstance(found, (type, property)) or not callable(found):
        return []
    try:
        return list(inspect.signature(found).parameters)
    except (TypeError, ValueError):
        return []


def members(found: Any) -> list[str]:
    if not isinstance(found, type):
        return []
    own = [kind for kind in found.__mro__ if kind.__module__.split(".")[0] == "modal"]
    return sorted({name for kind in own for name in vars(kind) if not name.startswith("_")})


if __name__ == "__main__":
    main()
