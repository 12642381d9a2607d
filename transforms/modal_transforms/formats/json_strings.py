"""Where the strings of a JSON text are: the ``json`` module reads values but not their places."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import Unreadable

Path = tuple[str | int, ...]
"""Keys and indices from the outermost value to one inside it; of a deeper one, the first `_DEEPEST`."""

_DEEPEST = 5

_TOKEN = pattern(r'(?P<string>"[^"\\]*(?:\\.[^"\\]*)*")(?P<key>\s*:)?|[\[\]{},]', re.DOTALL)
_UNIT = pattern(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)


class JsonString(Struct, frozen=True):
    """A string that is a value: its path, and the indices of its first quote and after its last one."""

    path: Path
    start: int
    end: int


def strings(text: str) -> Iterator[JsonString]:
    """Yield the strings that are values of a JSON text, in order; raises `Unreadable` when it is none."""
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from None
    path: list[str | int] = []
    for match in _TOKEN.finditer(text):
        if match["key"]:
            path[-1] = str(json.loads(match["string"]))
        elif match["string"]:
            yield JsonString(tuple(path[:_DEEPEST]), match.start(), match.end())
        elif match[0] in "[{":
            path.append(0 if match[0] == "[" else "")
        elif match[0] in "]}":
            path.pop()
        else:
            last = path[-1]
            path[-1] = last + 1 if isinstance(last, int) else ""


def units(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yield each character that the string between two quotes stands for, with the indices of how it is written."""
    for match in _UNIT.finditer(text, start + 1, end - 1):
        written = match[0]
        yield (written if written[0] != "\\" else str(json.loads(f'"{written}"'))), match.start(), match.end()


def escaped(text: str, ascii_only: bool) -> str:
    """Return text as it is written between the quotes of a JSON string."""
    return json.dumps(text, ensure_ascii=ascii_only)[1:-1]
