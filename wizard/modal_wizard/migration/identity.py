"""The identity of findings across changes of their file: a finding keeps the one it was first seen with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from modal_transforms.core.model import FileReport, Finding
from modal_transforms.core.patches import Patch, map_offset

if TYPE_CHECKING:
    from modal_transforms.rewrite.rewrite import Rewritten


def carried(before: Iterable[Finding], after: Iterable[Finding], patches: Sequence[Patch]) -> dict[str, str]:
    """Return identity after -> identity before for the findings of one file that a change of it left standing.

    ``patches`` turn the file's old bytes into its new ones. A finding is the same when it has the same rule and its
    first place is where the patches moved it, or begins with what they put in place of its first bytes.
    """
    moved = {(finding.rule, _moved(patches, finding.site.span.start)): finding.id for finding in before}
    return {
        finding.id: moved[finding.rule, finding.site.span.start]
        for finding in after
        if (finding.rule, finding.site.span.start) in moved
    }


def _moved(patches: Sequence[Patch], offset: int) -> int | None:
    """Return where a place that begins at an offset begins now; ``None`` where what it began in has gone."""
    now = map_offset(patches, offset)
    if now is not None or all(patch.start != offset or not patch.data for patch in patches):
        return now
    return map_offset([patch for patch in patches if patch.end <= offset], offset)


def appeared(before: Mapping[str, FileReport], after: Iterable[Finding]) -> list[str]:
    """Return the findings that were not there before, by the identity that they were first seen with."""
    known = {finding.id for report in before.values() for finding in report.findings}
    return [finding.id for finding in after if finding.id not in known]


def all_carried(
    before: Mapping[str, FileReport], after: Mapping[str, FileReport], files: Iterable[Rewritten]
) -> dict[str, str]:
    """Return the same for all findings of files that were rewritten, from what was found before and after."""
    renamed: dict[str, str] = {}
    for result in files:
        path = result.before.path
        if path in before and path in after:
            renamed |= carried(before[path].findings, after[path].findings, result.patches)
    return renamed
