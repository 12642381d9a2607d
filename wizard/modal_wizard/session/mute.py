"""Mute a rule: what is found of it, now and later, arrives skipped, until it is unmuted or the step is taken back."""

from __future__ import annotations

from collections.abc import Iterable

from modal_transforms.core.model import Finding
from modal_wizard.session.log import Decision, Session, Status

MUTED = "rule muted"
"""The reason that its findings are skipped with."""


def mute(session: Session, rule: str, findings: Iterable[Finding]) -> None:
    """Skip what is undecided of a rule, and what is found of it later, as one step."""
    undecided = [f for f in findings if f.rule == rule and session.decision(f.id).status is Status.PENDING]
    skipped = Decision(Status.SKIPPED, reason=MUTED, bulk=len(undecided) > 1)
    session.decide({finding.id: skipped for finding in undecided}, f"mute rule {rule}", ((rule, True),))


def unmute(session: Session, rule: str, findings: Iterable[Finding]) -> None:
    """Make what was skipped by muting a rule undecided again, as one step."""
    again = {finding.id: Decision() for finding in findings if finding.rule == rule and is_muted(session, finding)}
    session.decide(again, f"unmute rule {rule}", ((rule, False),))


def is_muted(session: Session, finding: Finding) -> bool:
    """Tell whether a finding is skipped because its rule was muted."""
    decision = session.decision(finding.id)
    return decision.status is Status.SKIPPED and decision.reason == MUTED


def mute_new(session: Session, findings: Iterable[Finding]) -> None:
    """Let findings of muted rules that nobody has decided about follow the step that muted their rule."""
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
