"""Mute a rule: its findings, present and later ones, are skipped until it is unmuted or the step is undone."""

from __future__ import annotations

from collections.abc import Iterable

from modal_transforms.core.model import Finding
from modal_wizard.session.decisions import Decision, Status
from modal_wizard.session.log import Session

MUTED = "rule muted"
"""The reason that its findings are skipped with."""


def mute(session: Session, rule: str, findings: Iterable[Finding]) -> None:
    """Skip the undecided findings of a rule, and those that are found later, as one step of undo."""
    undecided = [f for f in findings if f.rule == rule and session.decision(f.id).status is Status.PENDING]
    skipped = Decision(Status.SKIPPED, reason=MUTED, bulk=len(undecided) > 1)
    session.decide({finding.id: skipped for finding in undecided}, f"mute rule {rule}", ((rule, True),))


def unmute(session: Session, rule: str, findings: Iterable[Finding]) -> None:
    """Make the findings that muting a rule skipped undecided again, as one step of undo."""
    again = {finding.id: Decision() for finding in findings if finding.rule == rule and is_muted(session, finding)}
    session.decide(again, f"unmute rule {rule}", ((rule, False),))


def is_muted(session: Session, finding: Finding) -> bool:
    """Tell whether a finding is skipped because its rule was muted."""
    decision = session.decision(finding.id)
    return decision.status is Status.SKIPPED and decision.reason == MUTED


def mute_new(session: Session, findings: Iterable[Finding]) -> None:
    """Skip new findings of muted rules, as part of the step that muted the rule: undoing that undoes these too."""
    rules = session.muted
    if not rules:
        return
    new: dict[str, list[str]] = {}
    for finding in findings:
        if finding.rule in rules and finding.id not in session.latest:
            new.setdefault(finding.rule, []).append(finding.id)
    skipped = Decision(Status.SKIPPED, reason=MUTED, bulk=True)
    for rule, identities in new.items():
        session.mute_also(rule, dict.fromkeys(identities, skipped))
