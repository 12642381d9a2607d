"""Arguments that several commands take, and what they come to. Nothing heavy is imported until it is needed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modal_transforms.core.target import Goal
    from modal_wizard.migration.options import RunOptions

COLORS = ("auto", "always", "never")
THEMES = ("dark", "light", "blue-orange", "blue-orange-light")


class UsageError(Exception):
    """Options that do not go together; the message says which."""


class Given(argparse.Action):
    """Takes a text that an option is given, and refuses an empty one: it is that of a variable that is not set."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, option: str | None = None
    ) -> None:
        if not str(values).strip():
            raise argparse.ArgumentError(self, EMPTY)
        setattr(namespace, self.dest, values)


EMPTY = "it is empty; leave it out where none is meant"


def place(text: str) -> Path:
    """Return the path of a file or folder; raises `argparse.ArgumentTypeError` for an empty one."""
    if not text:
        raise argparse.ArgumentTypeError(EMPTY)
    return Path(text)


def own_place(text: str) -> Path:
    """Return the path of what is read or made by its name; raises `argparse.ArgumentTypeError` for a stream."""
    if text == "-":
        raise argparse.ArgumentTypeError("it takes a name, and - is none (./- for what is called so)")
    return place(text)


def add_path(parser: argparse.ArgumentParser) -> None:
    """Add what is looked at."""
    parser.add_argument("path", nargs="?", default=Path("."), type=place, metavar="PATH", help="a folder or a file (.)")


def add_paths(parser: argparse.ArgumentParser) -> None:
    """Add what is looked at, where that may be several, as pre-commit gives them; ``paths`` is never empty."""
    said = "folders or files of one repository (.)"
    parser.add_argument("paths", nargs="*", default=[Path(".")], type=place, metavar="PATH", help=said)


def add_sections(parser: argparse.ArgumentParser) -> None:
    """Add what narrows a command to some sections."""
    parser.add_argument("--section", action="append", default=[], type=slug, metavar="SLUG", help="repeatable")


def add_goal(parser: argparse.ArgumentParser) -> None:
    """Add what a migration is to come to."""
    parser.add_argument("--target", type=target, metavar="V", help="the SDK to arrive at (the newest)")
    parser.add_argument("--guide-only", action="store_true", help="the guide's twelve sections alone")


def add_decisions(parser: argparse.ArgumentParser) -> None:
    """Add what was decided beforehand."""
    parser.add_argument(
        "--decisions",
        default="",
        action=Given,
        metavar="FILE",
        help="take or propose the decisions in a file (-: standard input)",
    )


def add_consent(parser: argparse.ArgumentParser) -> None:
    """Add what the person allows to be written over."""
    parser.add_argument("--allow-dirty", action="store_true", help="write into files with changes of yours")
    parser.add_argument("--allow-staged", action="store_true", help="write into files that you have staged")
    parser.add_argument("--allow-no-vcs", action="store_true", help="write where there is no git repository")


def add_ways(parser: argparse.ArgumentParser) -> None:
    """Add how commits are made and told of."""
    parser.add_argument("--branch", default="", action=Given, metavar="NAME", help="make all commits on a new branch")
    said = "has to succeed before each commit, such as 'pytest -q' or 'ruff check'"
    parser.add_argument("--check", default="", action=Given, metavar="COMMAND", help=said)
    said = "say in each commit what the SDK says of it, before and after (runs the repository's code)"
    parser.add_argument("--trailers", action="store_true", help=said)
    parser.add_argument("--report", type=own_place, metavar="FILE", help="write what was done and left, as Markdown")


def add_color(parser: argparse.ArgumentParser) -> None:
    """Add whether text is coloured."""
    said = "colours: on a terminal without NO_COLOR (auto), or as said"
    parser.add_argument("--color", choices=COLORS, default=COLORS[0], help=said)


def add_looks(parser: argparse.ArgumentParser) -> None:
    """Add how the wizard looks."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--plain", action="store_true", help="ask line by line, also through a pipe")
    how.add_argument("--tui", action="store_true", help="open the screens, also where an agent runs this")
    parser.add_argument("--theme", choices=THEMES, default="", help="its colours (dark; ctrl+p knows more)")
    parser.add_argument("--low-bandwidth", action="store_true", help="draw seldom, for slow connections")


def run_options(options: argparse.Namespace) -> RunOptions:
    """Return what the options say of how the migration is to be done; raises `WizardError` for a check that is none."""
    from modal_wizard.git.permissions import Permissions
    from modal_wizard.migration.options import RunOptions

    consent = Permissions(
        *(getattr(options, f"allow_{what}", False) for what in ("dirty", "staged", "no_vcs", "overlap"))
    )
    check = None
    if options.check:
        from modal_wizard.git.check_command import CheckCommand

        check = CheckCommand(options.check)
    proof = None
    if options.trailers:
        from modal_wizard.verify.commit_proof import ImportProof

        proof = ImportProof()
    return RunOptions(consent, options.branch, check, proof, options.report)


def goal_of(options: argparse.Namespace) -> Goal | None:
    """Return what the options ask a migration to come to; ``None`` where they say nothing of it.

    Raises `UsageError` for a section that this leaves out.
    """
    if not options.target and not options.guide_only:
        return None
    from modal_transforms.core.target import TARGET, Goal
    from modal_transforms.sections import GUIDE, asked

    goal = Goal(options.target or TARGET, options.guide_only)
    wanted = set(getattr(options, "section", ()))
    if options.guide_only and (outside := wanted - {rule.slug for rule in GUIDE}):
        raise UsageError(f"--guide-only leaves out the section {min(outside)}, which is none of the guide's")
    if wanted and (above := wanted - {rule.slug for rule in asked(goal)}):
        raise UsageError(f"the section {min(above)} is about versions after the target {goal.target}")
    return goal


def target(text: str) -> str:
    """Return a version that can be gone to; raises `argparse.ArgumentTypeError`, naming them all, for another one."""
    import re

    from modal_transforms.modal_api.history import version_key, versions

    known = {version_key(each): each for each in versions() if version_key(each) >= (1,)}
    try:
        return known[version_key(text) if re.fullmatch(r"[0-9.]+", text) else ()]
    except (KeyError, ValueError):
        listed = ", ".join(known.values())
        raise argparse.ArgumentTypeError(f"{text!r} is no version to go to; known are {listed}") from None


def slug(text: str) -> str:
    """Return the name of a section; raises `argparse.ArgumentTypeError`, with the nearest names, when it is none."""
    from difflib import get_close_matches

    from modal_transforms.sections import REGISTRY
    from modal_wizard.text.grammar import either

    slugs = [rule.slug for rule in REGISTRY]
    if text in slugs:
        return text
    near = get_close_matches(text, slugs, n=3, cutoff=0.4)
    hint = f"; did you mean {either(near)}?" if near else f"; there are {', '.join(slugs)}"
    raise argparse.ArgumentTypeError(f"there is no section {text!r}{hint}")
