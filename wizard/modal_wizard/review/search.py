"""Search a whole migration for words: sections, files and findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct

from modal_transforms.core.model import Finding, Section
from modal_wizard.migration.migration import Migration
from modal_wizard.review.filter import words_of
from modal_wizard.session.decisions import Status

MOST = 200
"""Hits that are returned at most."""


class Hit(Struct, frozen=True):
    """A section, a file or a finding in which all words occur."""

    section: Section
    finding: Finding | None = None
    """Where to go in the section; ``None`` for its first undecided finding."""
    path: str = ""
    """The file that was found; empty for a section or a finding."""
    count: int = 0
    """How many findings the section or the file holds."""


def search(migration: Migration, text: str, most: int = MOST) -> list[Hit]:
    """Return what all words of a text occur in: sections, then files, then findings.

    Without a word these are all sections and files that hold something.
    """
    words = text.casefold().split()
    return list(islice(_hits(migration, words), most))


def _hits(migration: Migration, words: Sequence[str]) -> Iterator[Hit]:
    findings = migration.findings()
    by_slug = {section.slug: section for section in migration.sections}
    counts = Counter(finding.section for finding in findings)
    for section in migration.sections:
        if counts[section.slug] and _occur(words, _words(section)):
            yield Hit(section, count=counts[section.slug])
    for path, inside in _files(findings).items():
        if _occur(words, path.casefold()):
            first = next((f for f in inside if migration.decision(f).status is Status.PENDING), inside[0])
            yield Hit(by_slug[first.section], first, path, len(inside))
    if words:
        for finding in findings:
            if _occur(words, words_of(finding)):
                yield Hit(by_slug[finding.section], finding)


def _words(section: Section) -> str:
    return f"{section.heading} {section.slug} {section.subject} {section.what}".casefold()


def _files(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    files: dict[str, list[Finding]] = {}
    for finding in findings:
        files.setdefault(finding.site.path, []).append(finding)
    return files


def _occur(words: Sequence[str], text: str) -> bool:
    return all(word in text for word in words)
