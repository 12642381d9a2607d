"""Versions, and what the specifiers of requirements allow of them."""

from __future__ import annotations

from functools import lru_cache

from modal_transforms.core.patterns import pattern

Version = tuple[int, ...]

CLAUSE = pattern(r"(?:(===?|~=|!=|<=?|>=?|\^|~|=)[ \t]*)?v?(\d+(?:\.\d+)*)(\.\*)?[\w.+!-]*")
"""One clause of a specifier: its operator, its number, whether it ends with a star."""
_DIGITS = 18
"""A longer number is in no version; it is taken for the largest of so many digits."""


def _numbers(text: str) -> Version:
    return tuple(int(part) if len(part) <= _DIGITS else 10**_DIGITS for part in text.split("."))


@lru_cache(1024)
def version(text: str) -> Version:
    """Return the numbers of a version, without zeros at its end."""
    numbers = [*_numbers(text)]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def bounds(spec: str) -> tuple[Version | None, Version | None]:
    """Return the lowest version that a specifier allows, and the one that all it allows are below."""
    lows: list[Version] = []
    highs: list[Version] = []
    for operator, number, star in CLAUSE.findall(spec):
        parts = _numbers(number)
        exact = operator in {"==", "===", "="} or not operator
        if operator in {">=", ">", "~=", "^", "~"} or exact:
            lows.append(parts)
        if operator in {"<", "<="} or (exact and not star and operator != "="):
            highs.append(parts if operator == "<" else (*parts, *(0,) * (3 - len(parts)), 1))
        elif star or operator == "=":
            highs.append(_next(parts, len(parts)))
        elif operator == "~=":
            highs.append(_next(parts, max(1, len(parts) - 1)))
        elif operator == "~":
            highs.append(_next(parts, min(2, len(parts))))
        elif operator == "^":
            first = next((n for n, part in enumerate(parts) if part), len(parts) - 1)
            highs.append(_next(parts, first + 1))
    return (max(lows) if lows else None), (min(highs) if highs else None)


def _next(parts: Version, length: int) -> Version:
    return (*parts[: length - 1], parts[length - 1] + 1)
