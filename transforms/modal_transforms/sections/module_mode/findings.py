"""How a command line that lacks ``-m`` is stated: how sure it is, what the repository says, which ways there are."""

from __future__ import annotations

from collections.abc import Iterable

from modal_transforms.analysis.module import Module
from modal_transforms.core.command_line import CommandLine
from modal_transforms.core.model import Applicability, Finding, Replace, Section, Span
from modal_transforms.modal_api.cli import ReferenceKind, Verdict
from modal_transforms.sections.module_mode.choices import line_choices, shown_choice
from modal_transforms.sections.module_mode.repository import on_disk


def finding(
    module: Module, section: Section, verdict: Verdict, insert: Replace, place: Span, runner: str, text: bool = False
) -> Finding:
    """State one command line: ``runner`` says what runs it, ``text`` that it is only shown."""
    reference = verdict.module.replace("\0", "{…}")
    evidence = [runner or ("shown, not run" if text else "written as an argument list")]
    evidence += on_disk(module, verdict.module)
    rule, message = "module-mode", f"modal {verdict.subcommand} takes the module {reference} only with -m"
    applicability = Applicability.SAFE if runner and verdict.sure and not text else Applicability.REVIEW
    if verdict.kind is ReferenceKind.BARE:
        rule, applicability = "module-mode-bare", Applicability.REVIEW
    elif text:
        rule, message = "module-mode-text", f"the text shows modal {verdict.subcommand} {reference} without -m"
    if not verdict.sure and not text:
        evidence.append("a part of the command line cannot be seen: make sure that it does not bring -m already")
    choices = line_choices(module, verdict, insert, place, text)
    return module.finding(section, rule, place, message, applicability, choices, tuple(evidence))


def grouped_finding(module: Module, section: Section, shown: Iterable[tuple[Verdict, CommandLine]]) -> Finding:
    """Return the commands that a file shows to people as one finding."""
    found = list({verdict.reference.span: (verdict, line) for verdict, line in shown if verdict.reference}.items())
    found.sort(key=lambda item: item[0])
    first = found[0][1][0]
    evidence = [f"shown in {line.where}, not run" for _, (_, line) in found]
    evidence += [said for _, (verdict, _) in found for said in on_disk(module, verdict.module)]
    message = f"the text shows modal {first.subcommand} {first.module} without -m"
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return module.finding(
        section,
        "module-mode-text",
        [span for span, _ in found],
        message + more,
        Applicability.REVIEW,
        (shown_choice(module, [each for _, each in found], more),),
        tuple(dict.fromkeys(evidence)),
    )
