"""Look at one file of any kind, take the first choice of everything found, and give the bytes that it becomes."""

from __future__ import annotations

from collections.abc import Mapping

from modal_transforms.analysis.project import Project
from modal_transforms.core.model import Change, FileReport, fill
from modal_transforms.core.patches import apply
from modal_transforms.engine import look_at, open_module
from modal_transforms.formats import is_looked_at, open_source
from modal_transforms.prefilter import may_hold_modal
from modal_transforms.rewrite.rewrite import Rewritten, rewrite

ROOT = ("app.py", "pkg/mod.py", "pkg/__init__.py", "src/app.py", "src/bot.py")
"""Files that lie beside the one that a test is about."""


def look(path: str, data: bytes, files: Mapping[str, bytes] | None = None) -> FileReport:
    """Return what a file gives; what the prefilter passes over gives nothing."""
    if not (is_looked_at(path) and may_hold_modal(data, path)):
        return FileReport(path, "")
    every = {**dict.fromkeys(ROOT, b""), **(files or {}), path: data}
    return look_at(open_module(open_source(path, data), Project(every, every.get)))


def taken(report: FileReport, path: str, data: bytes, choice: str = "") -> Rewritten:
    """Return the file with all findings of a report taken, by their first choice unless they have the one named."""
    changes: list[Change] = []
    for finding in report.findings:
        keys = {each.key for each in finding.choices}
        if finding.choices:
            changes += fill(finding.choice(choice if choice in keys else finding.choices[0].key), {})
    return rewrite(open_source(path, data), changes)


def migrated(path: str, data: bytes, choice: str = "") -> bytes:
    """Return the bytes of a file after everything found in it was taken, once and for all."""
    report = look(path, data)
    assert not report.problems
    made = taken(report, path, data, choice)
    after = apply(data, made.raw_patches)
    assert after == made.after.raw or path.endswith(".ipynb")
    again = look(path, after)
    assert not again.problems
    assert [finding.message for finding in again.findings if finding.choices] == []
    return after
