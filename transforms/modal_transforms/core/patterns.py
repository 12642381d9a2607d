"""Regular expressions that are compiled when they are first used: most runs ask few of all that modules name."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, AnyStr, Generic, cast


class Uncompiled(Generic[AnyStr]):
    """Stands for a regular expression, which it compiles when something is asked of it; it keeps what that gave."""

    def __init__(self, text: AnyStr, flags: int) -> None:
        self.pattern: AnyStr = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, found)
        return found


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a regular expression that is compiled when it is first used; what is wrong in it shows then."""
    return cast("re.Pattern[AnyStr]", Uncompiled(text, flags))


@cache
def literal(text: bytes) -> re.Pattern[bytes]:
    """Return what finds a text as it is: where that begins with a rare letter, faster than ``in`` does."""
    return re.compile(re.escape(text))
