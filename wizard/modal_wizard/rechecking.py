"""Check text that a person typed: it parses, and the old spelling is gone from it."""

from __future__ import annotations

from modal_transforms.finding import look_at, open_module
from modal_transforms.model import Finding
from modal_transforms.project import Project
from modal_transforms.rewriting import CannotRewrite, Rewritten
from modal_wizard.scan import Reader, Scan
from modal_wizard.session import Typed


def recheck(scanned: Scan, finding: Finding, typed: Typed, result: Rewritten) -> None:
    """Raise `CannotRewrite`, with the line, when typed text still holds what the finding is about."""
    after = result.after
    before = [patch for patch in result.patches if patch.start < typed.start and patch.end <= typed.start]
    start = typed.start + sum(len(patch.data) - (patch.end - patch.start) for patch in before)
    end = start + len(after.encode(typed.text))
    reader = Reader(scanned.scope)
    module = open_module(after, Project(scanned.paths, lambda path: after.raw if path == after.path else reader(path)))
    old = [found for found in scanned.findings if _within(found, finding, typed.start, typed.end)]
    left = [found for found in look_at(module).findings if _within(found, finding, start, end)]
    same = [found for found in left if found.site.text == finding.site.text]
    if same or (left and len(left) >= len(old)):
        still = (same or left)[0]
        line = after.line_of(still.site.span.start) - after.line_of(start) + 1
        raise CannotRewrite(f"line {line} of the text: {still.message}; change it, or skip the finding")


def _within(found: Finding, like: Finding, start: int, end: int) -> bool:
    """Tell whether a finding is of the same rule and file as another, and between two offsets."""
    same = found.rule == like.rule and found.site.path == like.site.path
    return same and start <= found.site.span.start < end
