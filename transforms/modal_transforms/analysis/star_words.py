"""What ``from ... import *`` of a file may bring, told from its bytes: packages have hundreds, most for nothing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from modal_transforms.core.patterns import pattern

_STAR = pattern(rb"import[\s\\(]*\*")
_FROM = pattern(rb"from[ \t]+([.\w]+?)[ \t]*\bimport[ \t]*\*")
_ALL = pattern(rb"__all__[ \t]*=[ \t]*[\[(]")


def may_hand_on(data: bytes, name: str) -> bool:
    """Tell whether a file may hand on a name that it has: not where its ``__all__`` is one list without it."""
    at = data.find(b"__all__")
    if at < 0:
        return not name.startswith("_")
    if _ALL.match(data, at) is None or (at and data[at - 1 : at] != b"\n") or data.find(b"__all__", at + 1) >= 0:
        return True
    word = name.encode()
    return b'"%b"' % word in data or b"'%b'" % word in data


def may_bind(data: bytes, name: str) -> bool:
    """Tell whether a file may bind a name by a statement that has it."""
    if not data.isascii():  # Python takes names in other letters for the same
        data = unicodedata.normalize("NFKC", data.decode("utf-8", "replace")).encode()
    return name.encode() in data and _word(name).search(data) is not None


def star_sources(data: bytes) -> list[str] | None:
    """Return the modules that a file imports all of, as written; ``None`` where that cannot be told."""
    if not (stars := len(_STAR.findall(data))):
        return []
    found = _FROM.findall(data)
    return [each.decode() for each in found] if len(found) == stars else None


@lru_cache(16)
def _word(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"\b%b\b" % re.escape(name.encode()))
