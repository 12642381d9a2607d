"""Decisions kept with what they were made about, so that a later run goes on with them.

That run may find files that have changed: a decision goes with its lines, or is named as lost.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

from msgspec import UNSET
from msgspec.structs import replace

from modal_transforms.core.model import Finding
from modal_transforms.core.patches import line_patches, map_offset
from modal_transforms.core.source import SourceFile
from modal_transforms.rewrite.rewrite import CannotRewrite, Rewritten
from modal_wizard.files.reader import Reader
from modal_wizard.git.dotgit import HeadRef, place_of
from modal_wizard.scan.discover import ScanScope
from modal_wizard.scan.result import Scan
from modal_wizard.session import snapshots
from modal_wizard.session.decisions import PENDING, Decision, ManualEdit, Status
from modal_wizard.session.log import Session
from modal_wizard.session.mute import MUTED
from modal_wizard.session.snapshots import FileSnapshot
from modal_wizard.text.sanitize import visible

_MANY = 8


class Findings(Protocol):
    """What the store asks a migration for: its findings as they are now, and what a decision makes of them."""

    scope: ScanScope
    scanned: Scan

    def known(self, identities: Iterable[str]) -> list[Finding]:
        """Return those of the findings that still stand."""

    def source(self, path: str) -> SourceFile:
        """Return a file as it was scanned, or as it is now."""

    def rewritten(self, finding: Finding, decision: Decision) -> dict[str, Rewritten]:
        """Return the files that a decision changes; raises `CannotRewrite`."""

    def rename(self, first: Mapping[str, str]) -> None:
        """Give findings, by their identity in the latest scan, the one that they were first seen with."""


class DecisionStore:
    """Keeps what the decisions of a session are about beside it, and carries them over to files as they are now."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._seen = snapshots.load(self._file) if session.file else {}
        self._fresh: set[str] = set()
        """Files that are kept as this run saw them."""

    @property
    def _file(self) -> Path:
        return (self._session.file or Path()).with_name(snapshots.NAME)

    def _place(self) -> HeadRef | None:
        return place_of(self._session.file.parent.parent) if self._session.file else None

    # --- while deciding ------------------------------------------------------------------------------------------

    def keep(self, migration: Findings, identities: Iterable[str]) -> None:
        """Keep, before a decision about findings is, the files that they are in."""
        if self._session.file is None:
            return
        place = self._place()
        if place is not None and self._session.branch in {None, place.branch}:
            self._session.set_head(place.branch, place.head)
        self._keep_paths(migration, {finding.sites[0].path for finding in migration.known(identities)} - self._fresh)

    def note_written(self, migration: Findings, paths: Iterable[str]) -> None:
        """Note where HEAD is and how files are after they were written."""
        place = self._place()
        if place is not None:
            self._session.set_head(place.branch, place.head)
        self._session.settle()
        changed = set(paths) & set(self._seen)
        self._fresh -= changed
        self._keep_paths(migration, changed)

    def _keep_paths(self, migration: Findings, paths: Iterable[str]) -> None:
        reports = migration.scanned.reports
        new = [path for path in paths if path in reports or path in self._seen]
        if not new:
            return
        found = [reports[path].findings if path in reports else () for path in new]
        files = [(path, migration.source(path).data, each) for path, each in zip(new, found, strict=True)]
        self._fresh |= set(new)
        self._session.before_next(partial(self._save, files))

    def _save(self, files: Iterable[tuple[str, bytes, Iterable[Finding]]]) -> None:
        """Keep files as they are, beside those that are kept; the work of whoever writes the log."""
        self._seen.update({path: snapshots.snapshot(path, data, found) for path, data, found in files})
        with contextlib.suppress(OSError):
            snapshots.save(self._file, self._seen)

    # --- on coming back ------------------------------------------------------------------------------------------

    def carry_over(self, migration: Findings) -> None:
        """Give findings in changed files the decisions that they had, and note which do not hold any more."""
        self._session.settle()
        decisions = {key: made for key, made in self._session.decisions().items() if made.status is not Status.PENDING}
        written = self._session.landed()
        kept, lost = 0, []
        amended: dict[str, Decision] = {}
        renamed: dict[str, str] = {}
        for file in [each for each in self._seen.values() if _is_readable(migration, each.path)]:
            moved, changed = _moved(migration, file), migration.source(file.path).data != file.data
            renamed.update({finding.id: key for key, finding in moved.items() if finding.id != key})
            for each in file.findings:
                if each.id not in decisions or each.id in written:
                    continue
                decision = _carried(migration, moved.get(each.id), decisions[each.id], file)
                if decision is None and decisions[each.id].reason != MUTED:
                    lost.append(f"{visible(file.path)}:{each.line} {each.rule}")
                if changed or decision is None:
                    amended[each.id] = decision or PENDING
                    kept += decision is not None
        migration.rename(renamed)
        if amended:
            self._session.amend(amended)
            about = [path for path, file in self._seen.items() if amended.keys() & {f.id for f in file.findings}]
            self._keep_paths(migration, about)
        self._tell(kept, lost)

    def _tell(self, kept: int, lost: list[str]) -> None:
        if kept:
            self._session.notes.append(f"Files changed since; decisions carried over: {kept}.")
        if lost:
            more = f" and {len(lost) - _MANY} more" if len(lost) > _MANY else ""
            named = ", ".join(lost[:_MANY])
            self._session.notes.append(f"The code changed, so these decisions are gone: {named}{more}.")


def _is_readable(migration: Findings, path: str) -> bool:
    """Tell whether a file was looked at; decisions about others wait until it can be again."""
    report = migration.scanned.reports.get(path)
    if report is not None:
        return bool(report.findings) or not report.problems
    return migration.scope.covers(path) and Reader(migration.scope.root)(path) is not None


def _moved(migration: Findings, file: FileSnapshot) -> dict[str, Finding]:
    """Return, by the identity it had, each finding of a file that is still there."""
    report = migration.scanned.reports.get(file.path)
    if report is None:
        return {}
    now = {(finding.rule, finding.site.span.start): finding for finding in report.findings}
    data = migration.source(file.path).data
    patches = line_patches(file.data, data) if file.data != data else []
    places = {each.id: (each.rule, map_offset(patches, each.start)) for each in file.findings}
    return {key: now[rule, at] for key, (rule, at) in places.items() if at is not None and (rule, at) in now}


def _carried(migration: Findings, finding: Finding | None, decision: Decision, file: FileSnapshot) -> Decision | None:
    """Return a decision as it is about the finding now; ``None`` when it does not hold any more."""
    if finding is None:
        return None
    if decision.choice and decision.choice not in {choice.key for choice in finding.choices}:
        return None
    try:
        moved = _retyped(migration, decision, file)
        if moved.status is not Status.SKIPPED:
            migration.rewritten(finding, moved)
    except CannotRewrite:
        return None
    return moved


def _retyped(migration: Findings, decision: Decision, file: FileSnapshot) -> Decision:
    """Return a decision whose typed text stands where its lines are now; raises `CannotRewrite`."""
    if decision.typed is None:
        return decision
    first, *others = (_retyped_part(migration, typed, file) for typed in decision.edits)
    return replace(decision, typed=first, also=tuple(others) or UNSET)


def _retyped_part(migration: Findings, typed: ManualEdit, file: FileSnapshot) -> ManualEdit:
    """Return typed text where its lines are now; raises `CannotRewrite`."""
    if typed.path != file.path:
        return typed
    data = migration.source(file.path).data
    patches = line_patches(file.data, data) if file.data != data else []
    start = map_offset(patches, typed.start)
    old = file.data[typed.start : typed.end]
    if start is None or data[start : start + len(old)] != old:
        raise CannotRewrite("the lines that were edited changed since")
    return replace(typed, start=start, end=start + len(old))
