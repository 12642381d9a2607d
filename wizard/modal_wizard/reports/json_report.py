"""Findings as one JSON object; its keys are a contract with other tools and never change their meaning."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import UNSET

from modal_transforms.core.model import Choice, Finding, LookAlike, Site
from modal_transforms.requirements import Pin
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_transforms.sections import every_section, group_of
from modal_wizard.decisions.model import FileEdit
from modal_wizard.migration.horizon import Due, forecast, lifetime_of
from modal_wizard.migration.migration import Migration
from modal_wizard.reports.plan import (
    Plan,
    PlanApi,
    PlanChoice,
    PlanFinding,
    PlanHorizon,
    PlanLookAlike,
    PlanPin,
    PlanProblem,
    PlanSite,
    PlanSkipped,
    PlanSummary,
)
from modal_wizard.session.decisions import Decision, Status

VERSION = 1


def render(
    migration: Migration,
    findings: Sequence[Finding],
    edits: bool,
    left_alone: Sequence[LookAlike] | None = None,
    told: Mapping[str, object] | None = None,
) -> str:
    """Return the report; with ``edits``, each choice carries its edits against the files as they are.

    ``left_alone`` is a field of its own when it was asked for; ``told`` are further fields: what findings were left
    out by.
    """
    return json.dumps(msgspec.to_builtins(plan(migration, findings, edits, left_alone)) | dict(told or {}), indent=2)


def plan(
    migration: Migration, findings: Sequence[Finding], edits: bool, left_alone: Sequence[LookAlike] | None = None
) -> Plan:
    """Return the report as data."""
    scanned, goal = migration.scanned, migration.scope.goal
    pins = scanned.pins_covered
    seen = forecast(scanned.pins, migration.findings())
    levels = [finding.applicability.value for finding in findings]
    return Plan(
        VERSION,
        str(migration.scope.root),
        goal.target,
        PlanSummary(scanned.files, len(findings), *(levels.count(level) for level in ("safe", "review", "manual"))),
        PlanHorizon(
            list(seen.installed), seen.following or None, {due.value: seen.counts(findings)[due] for due in Due}
        ),
        None if goal.guide_only else PlanApi(*msgspec.structs.astuple(scanned.api)),
        [_finding(migration, finding, edits, seen.when[finding.id]) for finding in findings],
        [_pin(pin) for pin in pins],
        [PlanProblem(problem.path, problem.message) for problem in migration.problems],
        [PlanSkipped(path, reason) for path, reason in scanned.skipped.items()],
        UNSET if left_alone is None else [_look_alike(each) for each in left_alone],
    )


def _finding(migration: Migration, finding: Finding, edits: bool, when: Due) -> PlanFinding:
    since, breaks_in = lifetime_of(finding)
    return PlanFinding(
        finding.id,
        finding.section,
        group_of(finding.section).name.lower(),
        finding.rule,
        finding.applicability.value,
        finding.message,
        list(finding.evidence),
        finding.advice,
        since or None,
        breaks_in or None,
        finding.needs or None,
        when.value,
        [_site(site) for site in finding.sites],
        [_choice(migration, finding, choice, edits) for choice in finding.choices],
    )


def _site(site: Site) -> PlanSite:
    cell = UNSET if site.cell is None else site.cell
    return PlanSite(site.path, site.line, site.column, site.end_line, site.end_column, site.text, cell)


def _look_alike(each: LookAlike) -> PlanLookAlike:
    site = _site(each.site)
    return PlanLookAlike(site.path, site.line, site.column, site.text, each.section, each.reason, site.cell)


def _pin(pin: Pin) -> PlanPin:
    return PlanPin(
        pin.path,
        pin.line,
        pin.text,
        ".".join(map(str, pin.lowest)) if pin.lowest else None,
        ".".join(map(str, pin.below)) if pin.below else None,
        pin.editable,
        pin.is_old,
        [section.slug for section in every_section() if pin.breaks(section)],
    )


def _choice(migration: Migration, finding: Finding, choice: Choice, edits: bool) -> PlanChoice:
    if not edits:
        return PlanChoice(choice.key, choice.label, choice.effect)
    try:
        files = migration.rewritten(finding, Decision(Status.ACCEPTED, choice.key))
    except CannotRewrite as error:
        return PlanChoice(choice.key, choice.label, choice.effect, [], str(error))
    made = [
        FileEdit(path, result.before.sha256, edit.start, edit.end, edit.text)
        for path, result in files.items()
        for edit in result.edits
    ]
    return PlanChoice(choice.key, choice.label, choice.effect, made)
