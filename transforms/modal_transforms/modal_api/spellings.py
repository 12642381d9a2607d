"""How the old uses of a section are written, whoever's they are: what a look-alike of it is looked for by."""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from modal_transforms.core.model import Span

if TYPE_CHECKING:
    from modal_transforms.analysis.module import Module


class How(enum.Enum):
    """Where a word stands when it reads like an old use."""

    KEYWORD = "word=value in a call, a key of a dict, a parameter, a field"
    METHOD = "value.word(...), or a function of that name"
    MEMBER = "value.word"
    NAME = "word or value.word, read, defined or imported"
    DECORATOR = "@word or @value.word, defined or imported"
    IMPORT = "from module import word"
    CONSTRUCTOR = "def __init__ of a class, beside classes of Modal's"


class Spelling(Struct, frozen=True):
    """Words of one section that stand for its old uses in one way."""

    how: How
    words: frozenset[str]
    stays: Mapping[str, str] = field(default_factory=dict)
    """What of Modal's own is written with these words and stays, by symbol, and why."""
    when: Callable[[ast.AST], bool] | None = None
    """Asked of the node that bears the word; ``None`` takes all."""
    text: str = ""
    """How the use reads in prose, as a regular expression, where the words alone would say too little."""
    now: str = ""
    """What is written for it now, said of texts in which nothing is rewritten."""

    @property
    def in_text(self) -> str:
        """The regular expression by which comments and strings are looked through; empty for not at all."""
        if self.how in {How.IMPORT, How.CONSTRUCTOR}:
            return ""
        return self.text or "|".join(_in_text(self.how, word) for word in sorted(self.words))

    @property
    def distinct(self) -> frozenset[str]:
        """The words that are rare enough to be looked for in files that do not import Modal."""
        return frozenset(word for word in self.words if "_" in word.strip("_"))


class LookAlikePlace(Struct, frozen=True):
    """A place that is right as it is, and why: what a section finds with means of its own."""

    span: Span
    """The word, or all of a command line."""
    reason: str
    shown: Span | None = None
    """What is shown of it, where that is more than the word."""
    weak: bool = False
    """It is worth telling only in a file in which the section finds nothing."""


Others = Callable[["Module"], Iterator[LookAlikePlace]]


class Spellings(Struct, frozen=True):
    """All that reads like a section's old uses."""

    words: tuple[Spelling, ...] = ()
    others: Others | None = None
    """Yields what words cannot say, such as command lines."""


def spelled(how: How, words: str, stays: Mapping[str, str] | None = None, text: str = "", now: str = "") -> Spelling:
    """Return the spelling of words that are written with blanks between them."""
    return Spelling(how, frozenset(words.split()), stays or {}, text=text, now=now)


def _in_text(how: How, word: str) -> str:
    name = re.escape(word)
    if "_" in word.strip("_"):
        return rf"\b{name}\b"
    if how is How.KEYWORD:
        return rf"\b{name}\s*=(?!=)"
    if how in {How.METHOD, How.MEMBER}:
        return rf"\.{name}\b"
    return rf"@(?:\w+\.)*{name}\b" if how is How.DECORATOR else rf"\bmodal\.{name}\b"
