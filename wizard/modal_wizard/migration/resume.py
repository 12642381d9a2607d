"""Go on where an earlier run stopped: on the branch that its decisions are about, in files that may have changed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from modal_transforms.core.model import Finding
from modal_transforms.core.patches import line_patches, map_offset
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.files.reader import Reader
from modal_wizard.git.dotgit import HeadRef, place_of
from modal_wizard.migration.migration import Migration, Preview
from modal_wizard.session import snapshots
from modal_wizard.session.log import PENDING, Decision, Status
from modal_wizard.session.mute import MUTED
from modal_wizard.session.snapshots import FileSnapshot
from modal_wizard.text.sanitize import visible

_MANY = 8


class Resumed(Migration):
    """A migration whose decisions are kept with what they were made about."""

    def __post_init__(self) -> None:
        Migration.__post_init__(self)
        self._seen = snapshots.load(self._file) if self.session.file else {}
        self._fresh: set[str] = set()
        """Files that are kept as this run saw them."""
        self._renamed: dict[str, str] = {}
        """Identity of a finding in this run -> the one that it was first seen with."""
        self._checked = False
        self.session.before_decision = self._keep_seen

    @property
    def _file(self) -> Path:
        return (self.session.file or Path()).with_name(snapshots.NAME)

    def _settle(self) -> None:
        """The first time, carry the decisions of earlier runs over to the files as they are now."""
        if not self._checked:
            self._checked = True
            self._carry()
        super()._settle()

    def look_again(self) -> None:
        """Scan once more, and carry the decisions over to files that somebody changed meanwhile."""
        self._checked = False
        for _ in self.scan():
            pass

    def landed(self, preview: Preview, commit: str) -> None:
        """Note that a preview was written, and where HEAD is now."""
        super().landed(preview, commit)
        place = self._place()
        if place is not None:
            self.session.set_head(place.branch, place.head)
        changed = {change.path for change in preview.files} & set(self._seen)
        self._fresh -= changed
        self._keep_paths(changed)

    def _place(self) -> HeadRef | None:
        return place_of(self.session.file.parent.parent) if self.session.file else None

    # --- while deciding ------------------------------------------------------------------------------------------

    def _keep_seen(self, identities: Iterable[str]) -> None:
        """Keep, before a decision is, what it is about."""
        if self.session.file is None:
            return
        place = self._place()
        if place is not None and self.session.branch in {None, place.branch}:
            self.session.set_head(place.branch, place.head)
        self._keep_paths({finding.site.path for finding in self.found.known(identities)} - self._fresh)

    def _keep_paths(self, paths: Iterable[str]) -> None:
        new = [path for path in paths if path in self._seen or path in self.scanned.reports]
        if not new:
            return
        for path in new:
            report = self.scanned.reports.get(path)
            self._seen[path] = snapshots.snapshot(path, self.source(path).data, report.findings if report else ())
        self._fresh |= set(new)
        with contextlib.suppress(OSError):
            snapshots.save(self._file, self._seen)

    # --- on coming back ------------------------------------------------------------------------------------------

    def _carry(self) -> None:
        """Give findings in changed files the decisions that they had, and tell which do not hold any more."""
        decisions = {key: made for key, made in self.session.decisions().items() if made.status is not Status.PENDING}
        written = self.session.landed()
        kept, lost = 0, []
        amended: dict[str, Decision] = {}
        for file in [each for each in self._seen.values() if self._readable(each.path)]:
            moved, changed = self._moved(file), self.source(file.path).data != file.data
            self._renamed.update({finding.id: key for key, finding in moved.items() if finding.id != key})
            for each in file.findings:
                if each.id not in decisions or each.id in written:
                    continue
                decision = self._holds(moved.get(each.id), decisions[each.id], file)
                if decision is None and decisions[each.id].reason != MUTED:
                    lost.append(f"{visible(file.path)}:{each.line} {each.rule}")
                if changed or decision is None:
                    amended[each.id] = decision or PENDING
                    kept += decision is not None
        self._rename()
        if amended:
            self.session.amend(amended)
            self._keep_paths(
                [path for path, file in self._seen.items() if amended.keys() & {f.id for f in file.findings}]
            )
        self._tell(kept, lost)

    def _readable(self, path: str) -> bool:
        """Tell whether a file was looked at; decisions about others wait until it can be again."""
        report = self.scanned.reports.get(path)
        if report is not None:
            return bool(report.findings) or not report.problems
        return self.scope.covers(path) and Reader(self.scope.root)(path) is not None

    def _moved(self, file: FileSnapshot) -> dict[str, Finding]:
        """Return, by the identity it had, each finding of a file that is still there."""
        report = self.scanned.reports.get(file.path)
        if report is None:
            return {}
        now = {(finding.rule, finding.site.span.start): finding for finding in report.findings}
        data = self.source(file.path).data
        patches = line_patches(file.data, data) if file.data != data else []
        places = {each.id: (each.rule, map_offset(patches, each.start)) for each in file.findings}
        return {key: now[rule, at] for key, (rule, at) in places.items() if at is not None and (rule, at) in now}

    def _rename(self) -> None:
        """Give findings the identities that they were first seen with."""
        renamed = self._renamed
        if renamed:
            first = {new: renamed[old] for new, old in self.identities.items() if old in renamed}
            self.identities.update({**renamed, **first})
            self.scanned.reports = {path: self._known(report) for path, report in self.scanned.reports.items()}

    def _holds(self, finding: Finding | None, decision: Decision, file: FileSnapshot) -> Decision | None:
        """Return a decision as it is about the finding now; ``None`` when it does not hold any more."""
        if finding is None:
            return None
        if decision.choice and decision.choice not in {choice.key for choice in finding.choices}:
            return None
        try:
            moved = self._retyped(decision, file)
            if moved.status is not Status.SKIPPED:
                self.rewritten(finding, moved)
        except CannotRewrite:
            return None
        return moved

    def _retyped(self, decision: Decision, file: FileSnapshot) -> Decision:
        """Return a decision whose typed text stands where its lines are now; raises `CannotRewrite`."""
        typed = decision.typed
        if typed is None or typed.path != file.path:
            return decision
        data = self.source(file.path).data
        patches = line_patches(file.data, data) if file.data != data else []
        start = map_offset(patches, typed.start)
        old = file.data[typed.start : typed.end]
        if start is None or data[start : start + len(old)] != old:
            raise CannotRewrite("the lines that were edited changed since")
        return replace(decision, typed=replace(typed, start=start, end=start + len(old)))

    def _tell(self, kept: int, lost: list[str]) -> None:
        if kept:
            self.session.notes.append(f"Files changed since; decisions carried over: {kept}.")
        if lost:
            more = f" and {len(lost) - _MANY} more" if len(lost) > _MANY else ""
            named = ", ".join(lost[:_MANY])
            self.session.notes.append(f"The code changed, so these decisions are gone: {named}{more}.")
