"""Which uses the findings of the other sections explain: told of all uses of a file in a time that grows with both."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from modal_transforms.core.model import DropImport, Finding, Span
from modal_transforms.core.patterns import pattern

Words = Mapping[str, tuple[bytes, ...]]
"""The words that each section explains uses of, by its slug, without the dots that some begin with."""
_NAME = pattern(r"\w+")


class Explained:
    """The places and imports of one file that findings speak of, by section."""

    def __init__(self, path: str, findings: Iterable[Finding], words: Words) -> None:
        by_section: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            by_section[finding.section].append(finding)
        self._sections = [(words.get(section, ()), _Spoken(path, found)) for section, found in by_section.items()]

    def holds(self, text: bytes, place: Span, node: ast.AST) -> bool:
        """Tell whether a section that has words of ``text`` speaks of a place, or of what an import there is for."""
        about = [spoken for words, spoken in self._sections if any(word in text for word in words)]
        if any(spoken.is_at(place) for spoken in about):
            return True
        name = (node.asname or node.name).rpartition(".")[2] if isinstance(node, ast.alias) else ""
        return bool(name) and any(name in spoken.names for spoken in about)


class _Spoken:
    """What the findings of one section speak of in a file, told when it is asked."""

    def __init__(self, path: str, findings: list[Finding]) -> None:
        self._path = path
        self._findings = findings

    def is_at(self, place: Span) -> bool:
        """Tell whether they speak of a place."""
        at = bisect_left(self._spans, (place.end,))
        return bool(at) and self._spans[at - 1][1] > place.start

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return _merged(span for each in self._findings for span in each.touches(self._path))

    @cached_property
    def names(self) -> set[str]:
        """The imports that they take out, and the names that their places read."""
        return set().union(*(_names(each, self._path) for each in self._findings))


def _names(finding: Finding, path: str) -> set[str]:
    """Return the imports that a finding takes out, and the names that its places read."""
    changes = (change for choice in finding.choices for change in choice.changes)
    found = {change.name for change in changes if isinstance(change, DropImport)}
    return found.union(*(_NAME.findall(site.text) for site in finding.sites if site.path == path))


def _merged(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Return the same bytes as spans in order that do not overlap; empty ones say nothing."""
    merged: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda each: each.start):
        if merged and span.start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], span.end))
        elif span.start < span.end:
            merged.append((span.start, span.end))
    return merged
