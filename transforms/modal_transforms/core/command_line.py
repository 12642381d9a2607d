"""A command line and its words, with the bytes that they stand in."""

from __future__ import annotations

from msgspec import Struct

from modal_transforms.core.model import Span


class Word(Struct, frozen=True):
    """One word of a command line. ``span`` is whatever the caller counts in: characters of a text, bytes of a file."""

    text: str
    span: Span
    known: bool = True
    """False where a variable or a template decides."""
    many: bool = False
    """It may stand for any number of words."""
    values: tuple[str, ...] = ()
    """What it may stand for, where all of that can be seen; empty otherwise."""


HOLE = "\0"
"""Stands for what an f-string puts in."""


class CommandLine(Struct, frozen=True):
    """The words of one command; their spans are bytes of the file."""

    words: tuple[Word, ...]
    where: str
    """What holds it: ``a shell script``, ``a Makefile``."""
    runs: bool = True
    """False where it is only shown to people."""
    flag: str = "-m "
    """What to write right before the reference to add ``-m``."""


SUBCOMMANDS = frozenset({"run", "deploy", "serve", "shell"})
"""Modal's commands that take an app."""
OTHER_COMMANDS = (
    "app|bootstrap|cluster|container|dict|env|environment|launch|nfs|profile|queue|secret|setup|token|vol|volume"
)
"""Modal's commands, as of a pattern, that take no app and are looked at all the same."""
