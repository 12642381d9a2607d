"""The identity of findings across changes of their file: a finding keeps the one it was first seen with."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from modal_transforms.model import Finding
from modal_transforms.patches import Patch, map_offset


def carried(before: Iterable[Finding], after: Iterable[Finding], path: str, patches: Sequence[Patch]) -> dict[str, str]:
    """Return identity after -> identity before for the findings of one file that a change of it left standing.

    ``patches`` turn the file's old bytes into its new ones. A finding is the same when it has the same rule and its
    first place is where the patches moved it.
    """
    moved = {}
    for finding in before:
        start = map_offset(patches, finding.site.span.start) if finding.site.path == path else None
        if start is not None:
            moved[finding.rule, start] = finding.id
    return {
        finding.id: moved[finding.rule, finding.site.span.start]
        for finding in after
        if finding.site.path == path and (finding.rule, finding.site.span.start) in moved
    }


def line_patches(old: bytes, new: bytes) -> list[Patch]:
    """Return patches, line by line, between two states of a file of which nothing else is known."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = [0]
    for line in before:
        starts.append(starts[-1] + len(line))
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    return [
        Patch(starts[a], starts[b], b"".join(after[c:d])) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"
    ]
