"""Settings files with keys that read like old parameters of Modal's, looked through as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from modal_transforms.core.model import LookAlike, Span
from modal_transforms.core.source import SourceFile, Unreadable
from modal_transforms.modal_api.spellings import How
from modal_transforms.sections import REGISTRY

_SUFFIXES = frozenset(".json .yaml .yml .toml .ini .cfg".split())
_REASON = "a key in a settings file: which program reads it cannot be told from here"


def is_settings(path: str) -> bool:
    """Tell, by its name, whether a file holds settings."""
    return PurePosixPath(path).suffix.lower() in _SUFFIXES


def in_settings(source: SourceFile) -> Iterator[LookAlike]:
    """Yield the keys of a settings file that read like old parameters."""
    for slug, pattern in _patterns():
        for match in pattern.finditer(source.data):
            try:
                yield LookAlike(slug, source.site(Span(*match.span(1))), _REASON)
            except (Unreadable, UnicodeDecodeError):
                return


def _patterns() -> Iterator[tuple[str, re.Pattern[bytes]]]:
    for rule in REGISTRY:
        own = [each for each in rule.spellings.words if each.how is How.KEYWORD]
        words = "|".join(re.escape(word) for spelling in own for word in sorted(spelling.distinct))
        if words:
            pattern = rf"^[^#\n]*?(?<![\w.-])[\"']?({words})[\"']?[ \t]*[:=]"
            yield rule.slug, re.compile(pattern.encode(), re.MULTILINE)
