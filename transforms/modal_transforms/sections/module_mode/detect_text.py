"""Command lines outside Python strings: in scripts, settings, documents, shell lines of notebooks, and in comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from modal_transforms.analysis.comments import comments
from modal_transforms.analysis.module import Module
from modal_transforms.core.command_line import CommandLine
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Span
from modal_transforms.core.source import SourceFile
from modal_transforms.formats.mapped_text import mentioned, text_of
from modal_transforms.modal_api.cli import ReferenceKind, Verdict, judge
from modal_transforms.sections.module_mode.about import SECTION
from modal_transforms.sections.module_mode.findings import SHOWN, finding, on_disk

_MENTIONED = re.compile(rb"#[^\r\n]*modal")


def find(module: Module) -> Iterator[Finding]:
    """Yield the command lines of a file, those that are only shown as one finding."""
    shown: list[tuple[Verdict, CommandLine]] = []
    for line in (*module.source.command_lines(), *commented(module.source)):
        verdict = judge(line.words)
        if verdict.reference is None or verdict.kind not in {ReferenceKind.MODULE, ReferenceKind.BARE}:
            continue
        if verdict.kind is ReferenceKind.MODULE and not line.runs:
            shown.append((verdict, line))
        elif line.runs or (line.where in _CODE and on_disk(module, verdict.module)):
            insert = _insert(module, verdict, line)
            text = not line.runs
            runner = "" if text else f"run by {line.where}"
            yield finding(module, verdict, insert, verdict.reference.span, runner, text=text)
    if shown:
        yield _grouped(module, shown)


_CODE = frozenset({"a block of code", "inline code"})
"""Where a document shows commands by themselves, so that a single name is surely a reference."""


def _insert(module: Module, verdict: Verdict, line: CommandLine) -> Replace:
    assert verdict.reference is not None
    at = verdict.reference.span.start
    return Replace(module.source.path, Span(at, at), line.flag)


def _grouped(module: Module, shown: Iterable[tuple[Verdict, CommandLine]]) -> Finding:
    """Return the commands that a file shows to people as one finding."""
    found = list({verdict.reference.span: (verdict, line) for verdict, line in shown if verdict.reference}.items())
    found.sort(key=lambda item: item[0])
    first = found[0][1][0]
    changes = tuple(_insert(module, verdict, line) for _, (verdict, line) in found)
    evidence = [f"shown in {line.where}, not run" for _, (_, line) in found]
    evidence += [said for _, (verdict, _) in found for said in on_disk(module, verdict.module)]
    label = f"modal {first.subcommand} -m {first.module}"
    message = f"the text shows modal {first.subcommand} {first.module} without -m"
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return module.finding(
        SECTION,
        "module-mode-text",
        [span for span, _ in found],
        message + more,
        Applicability.REVIEW,
        (Choice("module", label + more, SHOWN, changes),),
        tuple(dict.fromkeys(evidence)),
    )


def commented(source: SourceFile) -> Iterator[CommandLine]:
    """Yield the commands that comments of a file's Python show."""
    if _MENTIONED.search(source.program):
        for start, text in comments(source):
            if "modal" in text:
                yield from mentioned(text_of(text.encode(), start), "a comment")
