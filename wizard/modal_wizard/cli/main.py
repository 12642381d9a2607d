"""The command line: arguments, exit codes. Nothing heavy is imported until a command needs it."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from modal_wizard import __version__
from modal_wizard.process import platform, shutdown, signals

if TYPE_CHECKING:
    from modal_wizard.migration.options import RunOptions

USAGE = 2
COMMANDS = ("scan", "apply", "restore", "explain", "demo")
THEMES = ("dark", "light", "blue-orange", "blue-orange-light")

_EXAMPLES = """\
examples:
  modal-wizard                        open the wizard on the current folder
  modal-wizard path/to/repository     open it elsewhere
  modal-wizard demo                   try it on a small legacy Modal app in a fresh folder
  modal-wizard scan --format json     list findings for a script (sarif, github: for code scanning)
  modal-wizard scan --left-alone      list also what only reads like old code, and why it stays
  modal-wizard apply --diff           show what the safe rewrites would change
  modal-wizard apply --all --commit   take every recommended rewrite, one commit a section
  modal-wizard restore --list         list what earlier runs wrote and can bring back
  modal-wizard explain gpu            what a section is about

commands: scan, apply, restore, explain, demo (modal-wizard COMMAND --help tells more)
exit codes: scan 0 nothing found, 1 findings, 2 something could not be read, 3 both;
            apply 1 findings remain, 2 something failed or was refused, 3 both;
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
        from modal_wizard.errors import WizardError
        from modal_wizard.process.crash_report import report_crash

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
    if given[:1] and given[0] in COMMANDS:
        options = _command_parser(given[0]).parse_args(given[1:])
        return int(globals()[f"_{given[0]}"](options))
    return _wizard(_wizard_parser().parse_args(given))


def _wizard_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="modal-wizard",
        description="Bring code written for the Modal SDK before 1.0 to 1.x, reviewed change by change.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"modal-wizard {__version__}")
    _add_path(parser)
    _add_consent(parser)
    _add_ways(parser)
    _add_looks(parser)
    return parser


def _command_parser(command: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"modal-wizard {command}", description=_DESCRIPTIONS[command])
    if command == "explain":
        parser.add_argument(
            "slug", nargs="?", metavar="SLUG", type=_slug, help="the section; all are listed without it"
        )
    elif command == "demo":
        parser.add_argument("folder", nargs="?", metavar="DIR", type=Path, help="an empty or absent folder")
        _add_ways(parser)
        _add_looks(parser)
    elif command == "restore":
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="folders or files (.)")
        parser.add_argument("--list", action="store_true", help="list the backups, change nothing")
        parser.add_argument("--backup", default="", metavar="ID", help="which one (the latest)")
        parser.add_argument("--overwrite", action="store_true", help="also files that were changed since")
    else:
        _add_path(parser)
        parser.add_argument("--section", action="append", default=[], type=_slug, metavar="SLUG", help="repeatable")
    if command == "scan":
        parser.add_argument("--format", choices=("text", "json", "sarif", "github"), default="text")
        parser.add_argument("--edits", action="store_true", help="json and sarif: the edits of each choice")
        parser.add_argument("--left-alone", action="store_true", help="text and json: also what only reads like it")
    elif command == "apply":
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--safe", action="store_true", help="take safe rewrites only (the default)")
        which.add_argument("--all", action="store_true", help="take safe and review rewrites")
        parser.add_argument("--raise-pin", action="store_true", help="raise the required version of modal, last")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--diff", action="store_true", help="print the diff, write nothing")
        how.add_argument("--commit", action="store_true", help="one commit a section")
        _add_consent(parser)
        _add_ways(parser)
    return parser


_DESCRIPTIONS = {
    "scan": "List code written for the Modal SDK before 1.0.",
    "apply": "Take the recommended rewrite of every finding, unasked.",
    "restore": "Bring files back as they were before modal-wizard wrote them.",
    "explain": "Tell what a section of the migration is about.",
    "demo": "Write a small legacy Modal repository and open the wizard on it.",
}


def _add_path(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", default=Path("."), type=Path, metavar="PATH", help="a folder or a file (.)")


def _add_consent(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--allow-dirty", action="store_true", help="write into files with changes of yours")
    parser.add_argument("--allow-staged", action="store_true", help="write into files that you have staged")
    parser.add_argument("--allow-no-vcs", action="store_true", help="write where there is no git repository")


def _add_ways(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--branch", default="", metavar="NAME", help="make all commits on a new branch")
    parser.add_argument("--check", default="", metavar="COMMAND", help="has to succeed before each commit")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write what was done and left, as Markdown")


def _add_looks(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--plain", action="store_true", help="ask line by line, also through a pipe")
    parser.add_argument("--theme", choices=THEMES, default=THEMES[0], help="its colours (ctrl+p knows more)")
    parser.add_argument("--low-bandwidth", action="store_true", help="draw seldom, for slow connections")


def _wishes(options: argparse.Namespace) -> RunOptions:
    from modal_wizard.git.permissions import Permissions
    from modal_wizard.migration.options import RunOptions

    consent = Permissions(*(getattr(options, f"allow_{what}", False) for what in ("dirty", "staged", "no_vcs")))
    check = None
    if options.check:
        from modal_wizard.git.check_command import CheckCommand

        check = CheckCommand(options.check)
    return RunOptions(consent, options.branch, check, options.report)


def _slug(text: str) -> str:
    from difflib import get_close_matches

    from modal_transforms.sections import REGISTRY

    slugs = [rule.slug for rule in REGISTRY]
    if text in slugs:
        return text
    near = get_close_matches(text, slugs, n=3, cutoff=0.4)
    hint = f"; did you mean {' or '.join(near)}?" if near else f"; there are {', '.join(slugs)}"
    raise argparse.ArgumentTypeError(f"there is no section {text!r}{hint}")


def _scan(options: argparse.Namespace) -> int:
    from modal_wizard.cli import scan

    if options.edits and options.format not in {"json", "sarif"}:
        _command_parser("scan").error("--edits goes with --format json or sarif")
    if options.left_alone and options.format not in {"text", "json"}:
        _command_parser("scan").error("--left-alone goes with --format text or json")
    return scan.run(options.path, tuple(options.section), options.format, options.edits, options.left_alone)


def _apply(options: argparse.Namespace) -> int:
    from modal_wizard.cli import apply

    if (options.branch or options.check) and not options.commit:
        _command_parser("apply").error("--branch and --check go with --commit")
    if options.report and options.diff:
        _command_parser("apply").error("--report does not go with --diff")
    wishes = _wishes(options)
    request = apply.Request(
        options.path,
        tuple(options.section),
        everything=options.all,
        diff=options.diff,
        commit=options.commit,
        raise_pin=options.raise_pin,
        consent=wishes.consent,
        wishes=wishes,
    )
    return apply.run(request)


def _restore(options: argparse.Namespace) -> int:
    from modal_wizard.cli import restore

    return restore.run(restore.Request(tuple(options.paths), options.backup, options.list, options.overwrite))


def _explain(options: argparse.Namespace) -> int:
    from modal_wizard.cli import explain

    return explain.run(options.slug)


def _demo(options: argparse.Namespace) -> int:
    from modal_wizard.cli import demo, open

    if options.low_bandwidth:
        open.spare_the_line()
    return demo.run(options.folder, _wishes(options), theme=options.theme, plain=options.plain)


def _wizard(options: argparse.Namespace) -> int:
    from modal_wizard.cli import open

    if options.low_bandwidth:
        open.spare_the_line()
    return open.run(options.path, _wishes(options), theme=options.theme, plain=options.plain)
