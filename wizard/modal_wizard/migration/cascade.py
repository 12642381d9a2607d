"""What follows from the changes of a section: safe findings that appear only once those are made.

A variable that only rewritten code read, in another file, is unused then. It goes in the same step, and is shown with
it, so that a section is one commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from modal_transforms.core.model import Applicability, Finding, fill
from modal_transforms.core.patches import compose
from modal_transforms.core.source import SourceFile
from modal_transforms.rewrite.rewrite import CannotRewrite, Rewritten, rewrite_all
from modal_wizard.migration.identity import carried
from modal_wizard.migration.rewrites import file_change
from modal_wizard.scan.result import AsIf, Scan

_ROUNDS = 4


class Followed(Struct, frozen=True):
    """The files after all that follows, and the findings that were taken for it."""

    files: dict[str, Rewritten]
    findings: tuple[Finding, ...] = ()


def add_cascading_findings(scanned: Scan, as_if: AsIf, section: str, files: Mapping[str, Rewritten]) -> Followed:
    """Return the rewritten files with what follows in the same section, other files included."""
    done = Followed(dict(files))
    for _ in range(_ROUNDS if files else 0):
        ahead = as_if({path: file_change(result).after for path, result in done.files.items()})
        new = list(_new(scanned, ahead, section, done.files))
        if not new:
            break
        try:
            done = _taken(done, new, ahead.sources | {path: result.after for path, result in done.files.items()})
        except CannotRewrite:
            break
    return done


def _new(scanned: Scan, ahead: Scan, section: str, files: Mapping[str, Rewritten]) -> Iterator[Finding]:
    """Yield the safe findings of the section in Python files that no finding before it was."""
    for path in dict.fromkeys([*files, *scanned.reports]):
        if path not in ahead.reports or not path.endswith(".py"):
            continue
        found = [finding for finding in ahead.reports[path].findings if finding.section == section]
        before = scanned.reports[path].findings if path in scanned.reports else ()
        old = carried(before, found, files[path].patches if path in files else ())
        for finding in found:
            if finding.id not in old and finding.applicability is Applicability.SAFE and finding.choices:
                yield finding


def _taken(done: Followed, new: Iterable[Finding], sources: Mapping[str, SourceFile]) -> Followed:
    several = list(new)
    made = rewrite_all(sources, [change for finding in several for change in fill(finding.choices[0], {})])
    files = dict(done.files)
    for path, result in made.items():
        first = files.get(path)
        files[path] = result if first is None else _joined(first, result)
    return Followed(files, (*done.findings, *several))


def _joined(first: Rewritten, second: Rewritten) -> Rewritten:
    patches = compose(len(first.before.data), first.patches, second.patches)
    return Rewritten(first.before, second.after, tuple(patches))
