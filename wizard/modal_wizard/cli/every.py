"""The parsers of all commands, for what tells of the whole command line: completion, and the text for agents."""

from __future__ import annotations

import argparse
from collections.abc import Iterator


def every_parser() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield each command with its parser, in the order of the help; the wizard itself, without a name, first."""
    from modal_wizard.cli.main import COMMANDS, command_of, parser_of

    yield "", parser_of(command_of())
    for name in COMMANDS:
        yield name, parser_of(command_of(name), name)


def described(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return what a parser takes, in order, without ``--help``."""
    return [action for action in parser._actions if not isinstance(action, argparse._HelpAction)]
