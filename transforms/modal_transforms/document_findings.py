"""What a document shows is offered as a whole: one finding for each section, for review."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec.structs import replace

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, fill

_EFFECT = "None at run time: the document shows what works with 1.x."


def grouped(module: Module, findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings of a document with those of one section made one, and none of them safe.

    A finding that leaves a person more than one way, or asks what only they know, stays by itself.
    """
    groups: dict[tuple[str, bool, str], list[Finding]] = {}
    for finding in findings:
        own = finding.id if _stays_alone(finding) else ""
        groups.setdefault((finding.section, bool(finding.choices), own), []).append(finding)
    return [group[0] if _stays_alone(group[0]) else _joined(group) for group in groups.values()]


def _stays_alone(finding: Finding) -> bool:
    """Tell whether a finding leaves more than one way, or asks for a value that only the person knows."""
    asks = finding.choices[0].asks if finding.choices else ()
    return finding.rule == "module-mode-bare" or any(not re.fullmatch(ask.pattern, ask.default) for ask in asks)


def _joined(group: list[Finding]) -> Finding:
    """Return several findings as one: all of their first choices, or none."""
    ordered = sorted(group, key=lambda finding: finding.site.span)
    first = ordered[0]
    level = Applicability.REVIEW if first.choices else Applicability.MANUAL
    message = first.message if len(ordered) == 1 else f"{first.message}, and {_more(len(ordered) - 1)} in this document"
    evidence = tuple(dict.fromkeys(["shown in a document, not run", *(e for f in ordered for e in f.evidence)]))
    return replace(
        first,
        rule=first.rule if first.rule.endswith("-text") else f"{first.section}-text",
        applicability=level,
        message=message,
        evidence=evidence,
        sites=tuple(dict.fromkeys(site for finding in ordered for site in finding.sites)),
        choices=(_all(ordered),) if first.choices else (),
        advice=" ".join(dict.fromkeys(finding.advice for finding in ordered if finding.advice)),
    )


def _more(count: int) -> str:
    return "1 more" if count == 1 else f"{count} more"


def _all(findings: list[Finding]) -> Choice:
    """Return the choice that takes the first choice of each finding, with the values it asks at their defaults."""
    firsts = [finding.choices[0] for finding in findings]
    changes = dict.fromkeys(change for choice in firsts for change in fill(choice, {}))
    labels = list(dict.fromkeys(choice.label for choice in firsts))
    label = labels[0] if len(labels) == 1 else f"{labels[0]}, and {_more(len(labels) - 1)} like it"
    return Choice("shown", label, _EFFECT, tuple(changes))
