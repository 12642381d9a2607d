"""Command lines outside Python strings: in scripts, settings, documents, shell lines of notebooks, and in comments."""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.command_line import CommandLine
from modal_transforms.core.model import Finding
from modal_transforms.core.patterns import pattern
from modal_transforms.formats.mapped_text import SHELL_LINE
from modal_transforms.modal_api.cli import ReferenceKind, Verdict, judge
from modal_transforms.modal_api.command_values import in_shell_line
from modal_transforms.modal_api.python_commands import commented
from modal_transforms.sections.module_mode.choices import insert_flag
from modal_transforms.sections.module_mode.findings import NEEDS_A_LOOK, finding, grouped_finding, unseen_finding
from modal_transforms.sections.module_mode.repository import beside, is_missing

_BLOCK, _INLINE = "a block of code", "inline code"
"""Where a document shows commands by themselves, so that a single name is a reference."""
_AFTER_ANOTHER = pattern(rb"`[^`]*(?:&&|;)\s*$")
"""What is before a command that an inline code shows after another one: ``cd app && modal deploy main``."""


def find_in_text(module: Module) -> Iterator[Finding]:
    """Yield the command lines of a file, those that are only shown as one finding."""
    shown: list[tuple[Verdict, CommandLine]] = []
    for line in all_lines(module):
        verdict = judge(line.words)
        if verdict.reference is None or verdict.kind not in NEEDS_A_LOOK:
            continue
        if verdict.kind is ReferenceKind.MODULE and not line.runs:
            shown.append((verdict, line))
        elif verdict.kind is ReferenceKind.UNSEEN:
            if line.runs:
                yield unseen_finding(module, verdict, verdict.reference.span, f"run by {line.where}")
        elif line.runs or _names_a_file(module, verdict, line):
            insert = insert_flag(module, verdict, line)
            text = not line.runs
            runner = "" if text else f"run by {line.where}"
            yield finding(module, verdict, insert, verdict.reference.span, runner, text=text)
    if shown:
        yield grouped_finding(module, shown)


def _names_a_file(module: Module, verdict: Verdict, line: CommandLine) -> bool:
    """Tell whether a single name in a text is surely a reference: to this file, one beside it, or one it can be."""
    if beside(module, verdict.module) or (line.where == _BLOCK and _is_whole(verdict, line)):
        return True
    if line.where != _INLINE:
        return False
    before = module.source.data[: line.words[0].span.start].rpartition(b"\n\n")[2]
    return not is_missing(module, verdict.module) or bool(_AFTER_ANOTHER.search(before))


def _is_whole(verdict: Verdict, line: CommandLine) -> bool:
    """Tell whether nothing but options follows the reference: no sentence of a program's output."""
    rest = [word.text for word in line.words if verdict.reference and word.span.start > verdict.reference.span.start]
    return not rest or rest[0].startswith("-")


def all_lines(module: Module) -> Iterator[CommandLine]:
    """Yield the command lines of a file, those in its comments included, with what their variables may be."""
    for line in (*module.source.command_lines(), *commented(module.source)):
        yield in_shell_line(module, line) if line.where == SHELL_LINE else line
