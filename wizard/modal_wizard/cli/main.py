"""The command line: which command, its exit code. Nothing heavy is imported until a command needs it."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn, Protocol, cast

from modal_wizard import __version__
from modal_wizard.cli.arguments import UsageError
from modal_wizard.process import platform, shutdown, signals

USAGE = 2
COMMANDS = ("scan", "apply", "verify", "decisions", "schema", "restore", "explain", "demo", "skill", "completion")

_EXAMPLES = """\
examples:
  modal-wizard                        open the wizard on the current folder
  modal-wizard path/to/repository     open it elsewhere
  modal-wizard demo                   try it on a small legacy Modal app in a fresh folder
  modal-wizard scan --format json     list findings for a script (sarif, github: for code scanning)
  modal-wizard scan --left-alone      list also what only reads like old code, and why it stays
  modal-wizard scan --since main      list only what is on lines changed since main
  modal-wizard apply --diff           show what the safe rewrites would change
  modal-wizard apply --all --commit   take every recommended rewrite, one commit a section
  modal-wizard verify                 import what uses Modal under the real SDK, before and now
  modal-wizard decisions > d.json     what was decided, as a file; apply --decisions d.json takes it
  modal-wizard restore --list         list what earlier runs wrote and can bring back
  modal-wizard explain gpu            what a section is about
  modal-wizard skill                  how an agent uses all this, without the screens

commands: scan, apply, verify, decisions, schema, restore, explain, demo, skill, completion
          (modal-wizard COMMAND --help tells more)
exit codes: scan 0 nothing found, 1 findings, 2 something could not be read, 3 both;
            apply 1 findings remain, 2 something failed or was refused, 3 both;
            verify 1 the newest SDK refuses a module, 2 one could not be judged, 3 both;
            restore 2 some files were left; 2 bad usage, 130 interrupted
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    platform.prepare_output()
    with signals.catching():
        try:
            return _run(given)
        except (signals.Stopped, KeyboardInterrupt) as stop:
            return shutdown.stopped(getattr(stop, "number", signal.SIGINT))


def _run(given: list[str]) -> int:
    try:
        code = _dispatch(given)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        shutdown.let_go(sys.stdout)
        return 0
    except Exception as error:
        from modal_transforms.modal_api.surface import SurfaceUnreadable
        from modal_wizard.errors import WizardError
        from modal_wizard.process.crash_report import report_crash

        if isinstance(error, SurfaceUnreadable):
            shutdown.say(f"modal-wizard: {error}.")
            return USAGE
        if isinstance(error, WizardError):
            from modal_wizard.reports.refusal import text_of

            print(f"modal-wizard: {text_of(error)}", file=sys.stderr)
            _show_output(getattr(error, "output", ""))
            return USAGE
        if isinstance(error, OSError) and shutdown.is_about_output(error):
            shutdown.say(f"modal-wizard: what it says could not be written: {error.strerror}.")
            return USAGE
        return report_crash(error)


def _show_output(output: str) -> None:
    """Print what hooks and git said of a commit that was not made."""
    from modal_wizard.text.sanitize import visible

    for line in output.splitlines():
        print(f"  | {visible(line)}", file=sys.stderr)


def _dispatch(given: list[str]) -> int:
    """Run the command that is named first, else open the wizard."""
    named = given[:1] if given[:1] and given[0] in COMMANDS else []
    command = command_of(*named)
    parser = parser_of(command, *named)
    if not named and (meant := _misspelt(given)):
        parser.error(f"there is no folder and no command {given[0]!r}; did you mean {meant}?")
    if clash := _file_as_option(given):
        parser.error(f"{clash} is the name of a file as well as an option: args of a hook have to end with --")
    options = parser.parse_args(given[len(named) :])
    try:
        return command.run(options)
    except UsageError as error:
        parser.error(str(error))


def _file_as_option(given: list[str]) -> str:
    """Return an option that is a file's name too, where pre-commit gives names without ``--``; else an empty text.

    A file called so in what is committed would be obeyed.
    """
    if "PRE_COMMIT" not in os.environ or "--" in given:
        return ""
    return next((each for each in given if each.startswith("-") and os.path.lexists(each)), "")


def _misspelt(given: list[str]) -> str:
    """Return the command that was meant by a word that names neither one nor a path; empty where there is none."""
    if not given or not given[0].isalpha() or os.path.lexists(given[0]):
        return ""
    from difflib import get_close_matches

    return next(iter(get_close_matches(given[0], COMMANDS, 1)), "")


class Command(Protocol):
    """A module of a command."""

    DESCRIPTION: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""

    def run(self, options: argparse.Namespace) -> int:
        """Run the command and return its exit code; raises `UsageError` when options do not go together."""


def command_of(name: str = "open") -> Command:
    """Return the module of a command, of the wizard itself without a name."""
    return cast(Command, import_module(f"modal_wizard.cli.{name}"))


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the command line without obeying it: a shell may have put a file's name there."""

    def error(self, message: str) -> NoReturn:
        """Say it, without the list of all options, and end with the exit code of bad usage."""
        from modal_wizard.text.sanitize import visible

        self.exit(USAGE, f"{self.prog}: {visible(message)}\n{self.prog} --help tells what it takes.\n")


class _Help(argparse.RawDescriptionHelpFormatter):
    """Keeps lines as they are where there are several, and fills a text that is one."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if "\n" in text:
            return super()._fill_text(text, width, indent)
        return argparse.HelpFormatter._fill_text(self, text, width, indent)


def parser_of(command: Command, name: str = "") -> argparse.ArgumentParser:
    """Return the parser of a command; of the wizard itself without a name."""
    parser = _Parser(
        prog=f"modal-wizard {name}".rstrip(),
        description=command.DESCRIPTION,
        epilog=getattr(command, "EPILOG", "") if name else _EXAMPLES,
        formatter_class=_Help,
        allow_abbrev=False,
    )
    if not name:
        parser.add_argument("--version", action="version", version=f"modal-wizard {__version__}")
    command.add_arguments(parser)
    return parser
