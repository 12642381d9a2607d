"""Which uses the findings of the other sections explain: told of all uses of a file in a time that grows with both."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping

from modal_transforms.core.model import DropImport, Finding, Span
from modal_transforms.core.patterns import pattern

Words = Mapping[str, tuple[bytes, ...]]
"""The words that each section explains uses of, by its slug."""
_NAME = pattern(r"\w+")


class Explained:
    """The places and imports of one file that findings speak of, by section."""

    def __init__(self, path: str, findings: Iterable[Finding], words: Words) -> None:
        self._words = words
        self._names: dict[str, set[str]] = defaultdict(set)
        spans: dict[str, list[Span]] = defaultdict(list)
        for finding in findings:
            spans[finding.section] += finding.touches(path)
            self._names[finding.section] |= _names(finding, path)
        self._spans = {section: _merged(found) for section, found in spans.items()}

    def holds(self, text: bytes, place: Span, node: ast.AST) -> bool:
        """Tell whether a section that has words of ``text`` speaks of a place, or of what an import there is for."""
        for section, spans in self._spans.items():
            if not any(word.lstrip(b".") in text for word in self._words.get(section, ())):
                continue
            at = bisect_left(spans, (place.end,))
            if at and spans[at - 1][1] > place.start:
                return True
            if isinstance(node, ast.alias) and (node.asname or node.name).rpartition(".")[2] in self._names[section]:
                return True
        return False


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
