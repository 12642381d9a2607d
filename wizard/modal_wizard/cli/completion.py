"""``modal-wizard completion``: what has a shell complete our commands and options."""

from __future__ import annotations

import argparse
from pathlib import Path

from modal_wizard.cli.arguments import slug, target

DESCRIPTION = "Print a script that has a shell complete the commands, options and sections of modal-wizard."
EPILOG = """\
where it goes:
  bash  modal-wizard completion bash > ~/.local/share/bash-completion/completions/modal-wizard
  zsh   modal-wizard completion zsh > DIR/_modal-wizard     (DIR is one of $fpath)
  fish  modal-wizard completion fish > ~/.config/fish/completions/modal-wizard.fish
"""
SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``completion`` takes."""
    parser.add_argument("shell", choices=SHELLS, help="which shell")


def run(options: argparse.Namespace) -> int:
    """Print the script; returns 0."""
    import shtab

    print(shtab.complete(_whole(), options.shell))
    return 0


def _whole() -> argparse.ArgumentParser:
    """Return one parser with all commands below it, whose values can be completed."""
    from modal_wizard.cli.every import described, every_parser

    parsers = dict(every_parser())
    own = parsers.pop("")
    whole = argparse.ArgumentParser(prog="modal-wizard", description=own.description)
    commands = whole.add_subparsers(dest="command")
    for action in described(own):
        if action.option_strings:  # PATH would stand where the commands do
            whole._add_action(action)
    for name, parser in parsers.items():
        commands.add_parser(name, parents=[parser], add_help=False, help=parser.description, prog=parser.prog)
    for parser in (own, *parsers.values()):
        for action in described(parser):
            _offer(action)
    return whole


def _offer(action: argparse.Action) -> None:
    """Say what a value can be, where its parser knows it only by trying it."""
    import shtab

    from modal_transforms.modal_api.history import version_key, versions
    from modal_transforms.sections import REGISTRY

    if action.type is slug:
        action.choices = [rule.slug for rule in REGISTRY]
    elif action.type is target:
        action.choices = [each for each in versions() if version_key(each) >= (1,)]
    elif action.type is Path or action.dest == "decisions":
        action.complete = shtab.FILE  # type: ignore[attr-defined]
