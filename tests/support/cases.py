"""Before and after: what a section does to a file, and what it must leave alone.

Each module of ``tests/cases`` has ``CASES`` and ``NEAR_MISSES``; ``test_sections.py`` runs the transforms over them
and ``test_sdk_proof.py`` the real SDKs.
"""

from __future__ import annotations

import enum
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field

from modal_transforms.analysis.parse import ParseFailure
from modal_transforms.analysis.project import Project
from modal_transforms.core.model import Applicability, Change, FileReport, Problem, fill
from modal_transforms.core.source import SourceFile, Unreadable
from modal_transforms.engine import look_at, open_module
from modal_transforms.rewrite.rewrite import rewrite_all

MAIN = "main.py"
"""The file that a case is about, when it has several."""


class Sdk(enum.Enum):
    """What importing a file under a real SDK shows."""

    ACCEPTS = "accepts without a warning"
    WARNS = "accepts with a deprecation warning"
    FAILS = "raises"


@dataclass(frozen=True)
class Proof:
    """What modal 0.77.0 and 1.6.4 say of a case; ``None`` where there is nothing to see, ``why`` then says so."""

    old_before: Sdk | None = Sdk.WARNS
    old_after: Sdk | None = Sdk.ACCEPTS
    new_before: Sdk | None = Sdk.FAILS
    new_after: Sdk | None = Sdk.ACCEPTS
    why: str = ""
    calls: bool = False
    """Whether the functions of the file are called, too, with a stand-in for Modal's server; their failures and
    warnings count. For code that does nothing while it is imported."""


@dataclass(frozen=True)
class Case:
    """A file and what it becomes when one choice of each finding of the section is taken.

    ``files`` are other files of the repository (path -> text), ``files_after`` those of them that change.
    """

    id: str
    before: str
    after: str
    rules: tuple[str, ...]
    applicability: Applicability = Applicability.SAFE
    choice: str | None = None
    """The choice to take; the recommended one when not said."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Answers to what the choice asks."""
    files: Mapping[str, str] = field(default_factory=dict)
    files_after: Mapping[str, str] = field(default_factory=dict)
    path: str = MAIN
    proof: Proof = Proof()


@dataclass(frozen=True)
class NearMiss:
    """Code that reads like the old API and must be left alone by the section."""

    id: str
    code: str
    files: Mapping[str, str] = field(default_factory=dict)
    path: str = MAIN


def clean(text: str) -> str:
    """Return a case's text as the file that it stands for."""
    return textwrap.dedent(text).lstrip("\n")


def sources(path: str, text: str, files: Mapping[str, str]) -> dict[str, SourceFile]:
    """Return the files of a case by path."""
    texts = {path: text, **files}
    return {name: SourceFile(name, clean(body).encode()) for name, body in texts.items()}


def report(found: Mapping[str, SourceFile], path: str) -> FileReport:
    """Look at one file of a repository that holds just these files."""
    project = Project(found, lambda name: found[name].data)
    module = open_module(found[path], project)
    project.adopt(module)
    return look_at(module)


def transform(case: Case, section: str) -> tuple[FileReport, dict[str, str]]:
    """Return what was found in a case's file, and all its files after taking the wanted choices of the section."""
    found = sources(case.path, case.before, case.files)
    seen = report(found, case.path)
    changes: list[Change] = []
    for finding in seen.findings:
        if finding.section == section and finding.choices:
            keys = {choice.key for choice in finding.choices}
            key = case.choice if case.choice in keys else finding.choices[0].key
            changes += fill(finding.choice(key or ""), case.values)
    rewritten = rewrite_all(found, changes)
    after = {name: source.text for name, source in found.items()}
    return seen, after | {name: result.after.text for name, result in rewritten.items()}


def look(source: SourceFile, project: Project | None = None) -> FileReport:
    """Return what a file holds; a file that cannot be read gives a problem, never an exception."""
    try:
        module = open_module(source, project)
    except (ParseFailure, Unreadable) as error:
        return FileReport(source.path, source.sha256, problems=(Problem(source.path, str(error)),))
    return look_at(module)
