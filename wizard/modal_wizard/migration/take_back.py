"""Take back what was committed: a commit that reverses it, its findings open again, the decisions about them kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from modal_transforms.core.model import FileReport
from modal_transforms.core.patches import line_patches, map_offset
from modal_wizard.files.change import FileChange
from modal_wizard.migration.identity import carried
from modal_wizard.session.decisions import SectionWritten

Reports = Mapping[str, FileReport]


def found_again(
    taken: SectionWritten, files: Sequence[FileChange], originals: Mapping[str, bytes], before: Reports, after: Reports
) -> dict[str, str]:
    """Return identity now -> the first one, of all findings in files that a section was taken back in.

    ``originals`` are the files as they were before the section was written, where its findings were.
    """
    renamed: dict[str, str] = {}
    for change in files:
        old, new = before.get(change.path), after.get(change.path)
        if new is None:
            continue
        now = {(finding.rule, finding.site.span.start): finding.id for finding in new.findings}
        patches = line_patches(originals[change.path], change.after)
        for identity, rule, path, start in taken.places or ():
            place = rule, map_offset(patches, start)
            if path == change.path and place in now:
                renamed[now[place]] = identity
        if old is not None:
            renamed |= carried(old.findings, new.findings, change.patches)
    return {later: first for later, first in renamed.items() if later != first}
