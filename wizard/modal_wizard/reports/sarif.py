"""Findings as SARIF 2.1.0, for code scanning and editors."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from modal_transforms.core.model import Applicability, Choice, Finding, Section, Site
from modal_transforms.rewrite.rewrite import CannotRewrite, Rewritten
from modal_wizard import __version__
from modal_wizard.migration.migration import Migration
from modal_wizard.reports.regions import region
from modal_wizard.session.decisions import Decision, Status
from modal_wizard.text.sanitize import visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
GUIDE = "https://modal.com/docs/guide/modal-1-0-migration"

Plain = dict[str, object]


def render(migration: Migration, findings: Sequence[Finding], edits: bool) -> str:
    """Return the report; with ``edits``, each choice is a fix, in bytes of the files whose digests are given."""
    rules = sorted({(finding.rule, finding.section) for finding in findings})
    index = {rule: number for number, (rule, _) in enumerate(rules)}
    sections = {section.slug: section for section in migration.sections}
    driver = {
        "name": "modal-wizard",
        "version": __version__,
        "informationUri": GUIDE,
        "rules": [_rule(rule, sections[slug]) for rule, slug in rules],
    }
    changed: dict[str, str] = {}
    results = [_result(migration, finding, index[finding.rule], changed if edits else None) for finding in findings]
    run: Plain = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"uri": migration.scope.root.as_uri().rstrip("/") + "/"}},
        "invocations": [_invocation(migration)],
        "results": results,
    }
    if changed:
        run["artifacts"] = [
            {"location": _artifact(path), "hashes": {"sha-256": digest}} for path, digest in sorted(changed.items())
        ]
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(rule: str, section: Section) -> Plain:
    words = section.title if rule == section.slug else f"{section.title}: {rule.replace('-', ' ')}"
    explained = f"{section.what} {section.why}"
    return {
        "id": rule,
        "name": "".join(part.capitalize() for part in rule.split("-")),
        "shortDescription": {"text": words},
        "fullDescription": {"text": explained},
        "help": {"text": f"{explained}\n\nBefore:\n{section.before}\n\nAfter:\n{section.after}"},
        "helpUri": section.link,
        "properties": {"section": section.slug, "since": section.since, "breaksIn": section.breaks_in},
    }


def _result(migration: Migration, finding: Finding, index: int, changed: dict[str, str] | None) -> Plain:
    """Return one finding.

    What has a rewrite is a warning: the code works until its SDK is raised. What a person has to decide alone is a
    note: it is advice, and may turn out to need no change.
    """
    said = " ".join(filter(None, (_where(finding.site) + finding.message, finding.advice)))
    result: Plain = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": "note" if finding.applicability is Applicability.MANUAL else "warning",
        "message": {"text": visible(said)},
        "locations": [{"physicalLocation": _physical(migration, finding.site)}],
        "partialFingerprints": {"modalWizardFinding/v1": finding.id},
        "properties": {"applicability": finding.applicability.value, "evidence": list(map(visible, finding.evidence))},
    }
    if len(finding.sites) > 1:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _physical(migration, site), "message": {"text": visible(_short(site))}}
            for number, site in enumerate(finding.sites[1:], start=1)
        ]
    fixes = [] if changed is None else list(_fixes(migration, finding, changed))
    return result | ({"fixes": fixes} if fixes else {})


def _where(site: Site) -> str:
    return f"cell {site.cell}, line {site.line}: " if site.cell is not None else ""


def _short(site: Site) -> str:
    return _where(site) + site.text.strip().split("\n")[0][:80]


def _physical(migration: Migration, site: Site) -> Plain:
    place = region(migration, site)
    location: Plain = {"artifactLocation": _artifact(site.path)}
    if place is None:
        return location
    lines = {"startLine": place.line, "startColumn": place.column}
    return location | {"region": {**lines, "endLine": place.end_line, "endColumn": place.end_column}}


def _fixes(migration: Migration, finding: Finding, changed: dict[str, str]) -> Iterator[Plain]:
    """Yield the choices that change something; one that needs a value takes its default."""
    for choice in finding.choices:
        try:
            files = migration.rewritten(finding, Decision(Status.ACCEPTED, choice.key))
        except CannotRewrite:
            continue
        altered = {path: result for path, result in files.items() if result.edits}
        if altered:
            changed.update((path, result.before.sha256) for path, result in altered.items())
            yield _fix(choice, altered)


def _fix(choice: Choice, files: dict[str, Rewritten]) -> Plain:
    return {
        "description": {"text": visible(f"{choice.label}. {choice.effect}")},
        "artifactChanges": [
            {"artifactLocation": _artifact(path), "replacements": [*_replacements(result)]}
            for path, result in files.items()
        ],
    }


def _replacements(result: Rewritten) -> Iterator[Plain]:
    for edit in result.edits:
        deleted = {"byteOffset": edit.start, "byteLength": edit.end - edit.start}
        inserted: Plain = {"insertedContent": {"text": edit.text}} if edit.text else {}
        yield {"deletedRegion": deleted} | inserted


def _invocation(migration: Migration) -> Plain:
    """Return whether the run went well, with what could not be read and what was passed over."""
    problems = [(problem.path, problem.message, "error") for problem in migration.problems]
    skipped = [(path, f"skipped: {reason}", "note") for path, reason in migration.scanned.skipped.items()]
    told: list[Plain] = [
        {
            "level": level,
            "message": {"text": visible(message)},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(path)}}],
        }
        for path, message, level in (*problems, *skipped)
    ]
    return {"executionSuccessful": not problems, "toolExecutionNotifications": told}


def _artifact(path: str) -> Plain:
    return {"uri": quote(os.fsencode(path)), "uriBaseId": ROOT}
