"""The ways to write a command line that lacks ``-m``."""

from __future__ import annotations

from collections.abc import Sequence

from modal_transforms.analysis.module import Module
from modal_transforms.core.command_line import CommandLine
from modal_transforms.core.model import Choice, Replace, Span
from modal_transforms.modal_api.cli import ReferenceKind, Verdict
from modal_transforms.sections.module_mode.repository import elsewhere, is_missing, path_of

ADDED = "None: it runs what it ran before, and no longer stops with an error from 1.4.0 on."
MISSING = (
    "Names the same module, as 1.4.0 asks for it. No file here is called {}: it runs only where that is installed."
)
SHOWN = "None at run time: what is shown works with 1.x."


def line_choices(module: Module, verdict: Verdict, insert: Replace, place: Span, text: bool) -> tuple[Choice, ...]:
    """Return the choices for a command line that is run, or, with ``text``, only shown; ``insert`` writes its flag."""
    reference = verdict.named or ", ".join(verdict.values)
    missing = is_missing(module, verdict.module) and not verdict.values
    effect = MISSING.format(verdict.module) if missing else SHOWN if text else ADDED
    flag = Choice("module", f"modal {verdict.subcommand} -m {reference}", effect, (insert,))
    return (flag, *(_as_file(module, verdict, place) if verdict.kind is ReferenceKind.BARE else ()))


def shown_choice(module: Module, shown: Sequence[tuple[Verdict, CommandLine]], more: str) -> Choice:
    """Return the choice for all commands that a file shows; ``more`` says how many there are beside the first."""
    first = shown[0][0]
    changes = tuple(insert_flag(module, verdict, line) for verdict, line in shown)
    return Choice("module", f"modal {first.subcommand} -m {first.module}{more}", SHOWN, changes)


def _as_file(module: Module, verdict: Verdict, place: Span) -> list[Choice]:
    """Return the other way to name a single module: its file, when there is one where commands are started."""
    name = verdict.module
    found = path_of(module, name) or next(iter(elsewhere(module, name)), "")
    if found.rpartition("/")[2] != f"{name}.py" or verdict.reference is None:
        return []
    written = module.source.slice(place)
    changed = Replace(module.source.path, place, written.replace(name, f"{name}.py", 1))
    effect = f"Runs {name}.py as a file, from the folder that holds it."
    return [Choice("file", f"modal {verdict.subcommand} {name}.py", effect, (changed,))]


def insert_flag(module: Module, verdict: Verdict, line: CommandLine) -> Replace:
    """Return the change that writes ``-m`` before the reference of a command line."""
    assert verdict.reference is not None
    at = verdict.reference.span.start
    return Replace(module.source.path, Span(at, at), line.flag)
