"""JSON in which a key is given twice: readers take the last and say nothing, so what was meant is not known."""

from __future__ import annotations

import json


class KeyTwice(ValueError):
    """A key that is there twice; the argument is the key."""


def doubled_key(data: bytes | str) -> str:
    """Return the first key that an object in a JSON text gives twice, empty where none does, or it is no JSON."""
    try:
        json.loads(data, object_pairs_hook=_check)
    except KeyTwice as twice:
        return str(twice)
    except (ValueError, RecursionError):
        return ""
    return ""


def _check(pairs: list[tuple[str, object]]) -> None:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise KeyTwice(key)
        seen.add(key)
