"""How a command line that lacks ``-m`` is stated: how sure it is, what the repository says, which ways there are."""

from __future__ import annotations

from collections.abc import Iterable

from modal_transforms.analysis.module import Module
from modal_transforms.core.command_line import CommandLine
from modal_transforms.core.model import Applicability, Finding, Replace, Span
from modal_transforms.modal_api.cli import ReferenceKind, Verdict
from modal_transforms.sections.module_mode.choices import line_choices, shown_choice
from modal_transforms.sections.module_mode.repository import on_disk

NEEDS_A_LOOK = frozenset({ReferenceKind.MODULE, ReferenceKind.BARE, ReferenceKind.UNSEEN})


def finding(module: Module, verdict: Verdict, insert: Replace, place: Span, runner: str, text: bool = False) -> Finding:
    """State one command line: ``runner`` says what runs it, ``text`` that it is only shown."""
    reference = verdict.named or module.source.slice(place)
    evidence = [runner or ("shown, not run" if text else "written as an argument list")]
    evidence += _values(verdict) or on_disk(module, verdict.module)
    rule, message = "module-mode", f"modal {verdict.subcommand} takes the module {reference} only with -m"
    applicability = Applicability.SAFE if runner and verdict.sure and not text else Applicability.REVIEW
    if verdict.kind is ReferenceKind.BARE:
        rule, applicability = "module-mode-bare", Applicability.REVIEW
    elif text:
        rule, message = "module-mode-text", f"the text shows modal {verdict.subcommand} {reference} without -m"
    if not verdict.sure and not text and not verdict.values:
        evidence.append("a part of the command line cannot be seen: make sure that it does not bring -m already")
    choices = line_choices(module, verdict, insert, place, text)
    return module.finding(rule, place, message, applicability, choices, tuple(evidence))


def unseen_finding(module: Module, verdict: Verdict, place: Span, runner: str) -> Finding:
    """State a command line whose reference is a variable that may be a module or a file; nobody can tell from here."""
    assert verdict.reference is not None
    name = verdict.reference.text.replace("\0", "{…}") or module.source.slice(place)
    if verdict.values:
        message = f"modal {verdict.subcommand} {name}: not all that {name} stands for can be written alike"
    else:
        message = f"modal {verdict.subcommand} {name}: a module needs -m, and what {name} is cannot be seen here"
    advice = (
        f"Where it is a module (pkg.app), write `modal {verdict.subcommand} -m pkg.app`; "
        f"a file (pkg/app.py) needs no -m."
    )
    evidence = (runner, *_values(verdict))
    return module.finding("module-mode-unseen", place, message, Applicability.MANUAL, evidence=evidence, advice=advice)


def _values(verdict: Verdict) -> list[str]:
    """Say what the variable of a command line stands for."""
    if not verdict.values or verdict.reference is None:
        return []
    text = verdict.reference.text
    name = f"`{text}`" if text and "\0" not in text else "it"
    return [f"{name} is {', '.join(verdict.values)} in this file; -m is right for a module alone"]


def grouped_finding(module: Module, shown: Iterable[tuple[Verdict, CommandLine]]) -> Finding:
    """Return the commands that a file shows to people as one finding."""
    found = list({verdict.reference.span: (verdict, line) for verdict, line in shown if verdict.reference}.items())
    found.sort(key=lambda item: item[0])
    first = found[0][1][0]
    evidence = [f"shown in {line.where}, not run" for _, (_, line) in found]
    evidence += [said for _, (verdict, _) in found for said in (_values(verdict) or on_disk(module, verdict.module))]
    message = f"the text shows modal {first.subcommand} {first.module} without -m"
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return module.finding(
        "module-mode-text",
        [span for span, _ in found],
        message + more,
        Applicability.REVIEW,
        (shown_choice(module, [each for _, each in found], more),),
        tuple(dict.fromkeys(evidence)),
    )
