"""Findings as one JSON object; its keys are a contract with other tools and never change their meaning."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from modal_transforms.core.model import ApiUses, Choice, Finding, LookAlike, Site
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_transforms.sections import group_of
from modal_wizard.migration import requirements
from modal_wizard.migration.horizon import Due, forecast, lifetime_of
from modal_wizard.migration.migration import Migration
from modal_wizard.session.log import Decision, Status

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
    pins = migration.scanned.pins_covered
    seen = forecast(pins, migration.findings())
    levels = [finding.applicability.value for finding in findings]
    summary = {"files": migration.scanned.files, "findings": len(findings)}
    summary |= {level: levels.count(level) for level in ("safe", "review", "manual")}
    aside = {} if left_alone is None else {"left_alone": [_look_alike(each) for each in left_alone]}
    return json.dumps(
        {
            "version": VERSION,
            "root": str(migration.scope.root),
            "target": migration.scope.goal.target,
            "summary": summary,
            "horizon": {
                "installed": list(seen.installed),
                "next": seen.following or None,
                "findings": {due.value: seen.counts(findings)[due] for due in Due},
            },
            "api": None if migration.scope.goal.guide_only else _api(migration.scanned.api),
            "findings": [_finding(migration, finding, edits, seen.when[finding.id]) for finding in findings],
            "pins": [requirements.as_json(pin) for pin in pins],
            "errors": [{"path": problem.path, "message": problem.message} for problem in migration.problems],
            "skipped": [{"path": path, "reason": reason} for path, reason in migration.scanned.skipped.items()],
        }
        | aside
        | dict(told or {}),
        indent=2,
    )


def _api(found: ApiUses) -> dict[str, int]:
    return {"uses": found.uses, "missing": found.missing, "unknown": found.unknown, "untold": found.untold}


def _finding(migration: Migration, finding: Finding, edits: bool, when: Due) -> dict[str, object]:
    since, breaks_in = lifetime_of(finding)
    return {
        "id": finding.id,
        "section": finding.section,
        "group": group_of(finding.section).name.lower(),
        "rule": finding.rule,
        "applicability": finding.applicability.value,
        "message": finding.message,
        "evidence": list(finding.evidence),
        "advice": finding.advice,
        "since": since or None,
        "breaks_in": breaks_in or None,
        "needs": finding.needs or None,
        "when": when.value,
        "sites": [_site(site) for site in finding.sites],
        "choices": [_choice(migration, finding, choice, edits) for choice in finding.choices],
    }


def _site(site: Site) -> dict[str, object]:
    plain: dict[str, object] = {
        "path": site.path,
        "line": site.line,
        "column": site.column,
        "end_line": site.end_line,
        "end_column": site.end_column,
        "text": site.text,
    }
    return plain if site.cell is None else plain | {"cell": site.cell}


def _look_alike(each: LookAlike) -> dict[str, object]:
    site = {key: value for key, value in _site(each.site).items() if not key.startswith("end_")}
    return {**site, "section": each.section, "reason": each.reason}


def _choice(migration: Migration, finding: Finding, choice: Choice, edits: bool) -> dict[str, object]:
    plain: dict[str, object] = {"key": choice.key, "label": choice.label, "effect": choice.effect}
    if not edits:
        return plain
    try:
        files = migration.rewritten(finding, Decision(Status.ACCEPTED, choice.key))
    except CannotRewrite as error:
        return plain | {"edits": [], "refused": str(error)}
    return plain | {
        "edits": [
            {"path": path, "sha256": result.before.sha256, "start": edit.start, "end": edit.end, "text": edit.text}
            for path, result in files.items()
            for edit in result.edits
        ]
    }
