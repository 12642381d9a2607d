"""``modal-wizard skill``: the instructions for agents, printed or put where agents look for them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from modal_wizard.cli.arguments import own_place
from modal_wizard.errors import WizardError

DESCRIPTION = (
    "Print how an agent uses modal-wizard: the steps, and every command and option, made from the command line itself."
)
EPILOG = """\
--install DIR writes DIR/modal-wizard/SKILL.md, where DIR is a folder of skills such as .claude/skills or
.agents/skills. What we wrote there before is brought up to date; any other file is left as it is.
"""
PLACE = "modal-wizard/SKILL.md"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``skill`` takes."""
    said = "write it below a folder of skills, not to standard output"
    parser.add_argument("--install", type=own_place, metavar="DIR", help=said)


def run(options: argparse.Namespace) -> int:
    """Print or install the text; returns 0. Raises `WizardError` where a file of somebody else's is in the way."""
    from modal_wizard.cli.skill_text import skill_text

    text = skill_text()
    if options.install is None:
        print(text, end="")
    else:
        print(_installed(options.install, text.encode()), file=sys.stderr)
    return 0


def _installed(folder: Path, text: bytes) -> str:
    """Write the text below a folder and return what was done."""
    from modal_wizard.cli.skill_text import is_ours
    from modal_wizard.files import safe_io
    from modal_wizard.text.sanitize import visible

    shown = visible(str(folder / PLACE))
    try:
        root, path = _place(folder)
        if safe_io.is_missing(root, path):
            safe_io.create(root, path, text, executable=False)
            return f"Written: {shown}"
        found = safe_io.read(root, path)
        if found == text:
            return f"Up to date: {shown}"
        if not is_ours(found):
            raise WizardError(
                f"{shown} is not, or not any more, as modal-wizard wrote it; it was left as it is.",
                "Move it away and run this again; modal-wizard skill prints the new text.",
            )
        safe_io.replace_named(root, root / path, text)
        return f"Brought up to date: {shown}"
    except safe_io.UnsafePath as reason:
        raise WizardError(f"{shown} was not written: {reason}.", "Name a folder without links on the way.") from reason
    except OSError as error:
        raise WizardError(f"{shown} was not written: {error.strerror}.", "Nothing was changed.") from error


def _place(folder: Path) -> tuple[Path, str]:
    """Return the folder below which no link is followed, and where the text goes below it.

    In a repository that is its root: who made it also made its links. Elsewhere it is the folder that was named.
    """
    from modal_wizard.scan.discover import scope_of

    root, full = scope_of(Path(".")).root, Path(folder).absolute()
    for lexical in (full, full.parent.resolve() / full.name):
        if lexical.is_relative_to(root) and ".." not in lexical.parts:
            return root, (lexical / PLACE).relative_to(root).as_posix()
    full.mkdir(parents=True, exist_ok=True)
    return full.resolve(), PLACE
