"""Findings as workflow commands of GitHub Actions, which shows them beside the lines of a pull request.

Paths are relative to the root of the repository, whatever part of it was asked for; where there is none, to the
folder that the runner calls its workspace.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from modal_transforms.core.model import Applicability, Finding, Problem
from modal_wizard.migration.migration import Migration
from modal_wizard.reports.regions import region
from modal_wizard.text.sanitize import visible

_IN_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = {**_IN_DATA, ":": "%3A", ",": "%2C"}


def lines(migration: Migration, findings: Sequence[Finding]) -> Iterator[str]:
    """Yield a command for each finding, and one for each file that could not be read.

    What a person has to decide alone is a notice: it may need no change. The rest is a warning; nothing is an error,
    as the code works until its SDK is raised.
    """
    titles = {section.slug: f"{section.title} ({section.breaks})" for section in migration.sections}
    prefix = _prefix(migration)
    for finding in findings:
        yield _finding(migration, finding, titles.get(finding.section, finding.section), prefix)
    for problem in migration.problems:
        yield _problem(problem, prefix)


def _finding(migration: Migration, finding: Finding, title: str, prefix: str) -> str:
    kind = "notice" if finding.applicability is Applicability.MANUAL else "warning"
    place = region(migration, finding.site)
    properties = {"file": prefix + finding.site.path}
    if place is not None:
        properties |= {"line": str(place.line), "endLine": str(place.end_line), "col": str(place.column)}
        properties |= {"endColumn": str(place.end_column)} if place.line == place.end_line else {}
    cell = f"cell {finding.site.cell}, line {finding.site.line}: " if finding.site.cell is not None else ""
    others = [f"{site.path}:{site.label}" for site in finding.sites[1:]]
    also = f"also {', '.join(others)}" if others else ""
    said = "\n".join(filter(None, (f"{cell}{finding.applicability.value}: {finding.message}", finding.advice, also)))
    return _command(kind, properties | {"title": title}, said)


def _problem(problem: Problem, prefix: str) -> str:
    properties = {"file": prefix + problem.path, "title": "modal-wizard could not read this file"}
    return _command("error", properties, f"{problem.message}; left untouched")


def _command(kind: str, properties: dict[str, str], message: str) -> str:
    given = ",".join(f"{name}={_escaped(value, _IN_PROPERTY)}" for name, value in properties.items())
    return f"::{kind} {given}::{_escaped(message, _IN_DATA)}"


def _escaped(text: str, how: dict[str, str]) -> str:
    return visible("".join(how.get(char, char) for char in text), "␉")


def _prefix(migration: Migration) -> str:
    """Return the path from the runner's workspace to the scanned folder; empty where git tells the root."""
    workspace = os.environ.get("GITHUB_WORKSPACE", "")
    if migration.scope.in_git or not workspace:
        return ""
    try:
        inside = migration.scope.root.relative_to(Path(workspace).resolve()).as_posix()
    except ValueError:
        return ""
    return "" if inside == "." else f"{inside}/"
