"""What is known of all files of a scope, kept up to date: what changed is looked at again, and what depends on it."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from modal_transforms.analysis.answers import Answers
from modal_transforms.analysis.parse import ParseFailure
from modal_transforms.analysis.project import Project
from modal_transforms.core.model import FileReport, Problem
from modal_transforms.core.source import SourceFile, Unreadable
from modal_transforms.engine import look_at, open_module
from modal_transforms.formats import is_looked_at, open_source
from modal_transforms.formats.file_kinds import may_pin
from modal_wizard.files.reader import Reader
from modal_wizard.scan import skip_reasons
from modal_wizard.scan.discover import ScanScope, list_files
from modal_wizard.scan.prefilter import FileFacts, Prefilter
from modal_wizard.scan.result import Progress, Scan

if TYPE_CHECKING:
    from modal_transforms.core.model import LookAlike
    from modal_transforms.requirements import Pin

_AHEAD = 4
"""So many states that were asked for are remembered: one of them is what will be written, as a rule."""


class Analysis:
    """A `ScanStrategy` that remembers what it knows of each file, and what that depends on.

    ``is_lean`` says that it is to hold no syntax trees that nobody may ask for again.
    """

    def __init__(self, scope: ScanScope, is_lean: bool = False) -> None:
        self._scope = scope
        self._is_lean = is_lean
        self._now: KnownFiles | None = None
        self._ahead: list[tuple[Mapping[str, bytes | None], KnownFiles]] = []

    def __call__(self, found: Scan) -> Iterator[Progress]:
        """Bring what is known up to the files as they are, filling ``found``; yields after each file.

        Files that ``found`` has a report of are left out: an earlier scan that was cut short left these. Which files
        there are is asked unless ``found`` says it.
        """
        state, self._now = self._as_it_is(found.paths or list_files(self._scope)), None
        is_whole = not found.reports
        yield from state.fill(found)
        if is_whole:
            self._now, self._ahead = state, []

    def as_if(self, changes: Mapping[str, bytes]) -> Scan:
        """Return what a scan would find if some files had other bytes, and all else were as the last scan found it."""
        return self._changed(self._last_state(), changes).found()

    def look_alikes(self) -> Sequence[LookAlike]:
        """Return what the last scan left alone though it reads like old code, by path and place."""
        from modal_wizard.scan.look_alikes import look_alikes

        state = self._last_state()
        return tuple(look_alikes(state.found(), state.project))

    def _last_state(self) -> KnownFiles:
        if self._now is None:
            for _ in self(Scan(self._scope)):
                pass
        assert self._now is not None
        return self._now

    def is_outdated(self) -> bool:
        """Tell whether a scan would find other files than the last one."""
        return self._now is not None and self._now.is_outdated()

    def _changed(
        self, before: KnownFiles, changes: Mapping[str, bytes | None], paths: list[str] | None = None
    ) -> KnownFiles:
        for known, state in self._ahead:
            if known == changes and state.paths == (paths or before.paths):
                return state
        state = before.with_changes(changes, paths)
        self._ahead = [*self._ahead[1 - _AHEAD :], (dict(changes), state)]
        return state

    def _as_it_is(self, paths: list[str]) -> KnownFiles:
        before = self._now
        if before is None:
            reader = Reader(self._scope.root)
            project = Project(paths, reader, self._scope.root.name)
            return KnownFiles(self._scope, paths, reader, project, is_lean=self._is_lean)
        changes = before.changes(paths)
        return self._changed(before, changes, paths) if changes or paths != before.paths else before


class _ByName(NamedTuple):
    """What the names of files tell."""

    looked_at: tuple[str, ...]
    python: int
    """How many of these are Python files."""
    lists: tuple[str, ...]
    """The other files that may ask for modal."""
    nested: tuple[str, ...]
    """Repositories of their own."""

    @classmethod
    def of(cls, scope: ScanScope, paths: Iterable[str]) -> _ByName:
        looked_at = tuple(path for path in paths if is_looked_at(path) and scope.covers(path))
        known = frozenset(looked_at)
        lists = tuple(path for path in paths if may_pin(path) and path not in known)
        nested = tuple(skip_reasons.nested_repositories(os.fspath(scope.root), paths)) if scope.in_git else ()
        return cls(looked_at, sum(path.endswith(".py") for path in looked_at), lists, nested)


class KnownFiles:
    """What is known of the files at one moment, or would be."""

    def __init__(
        self,
        scope: ScanScope,
        paths: list[str],
        reader: Reader,
        project: Project,
        by_name: _ByName | None = None,
        is_lean: bool = False,
    ) -> None:
        self.paths = paths
        self._is_lean = is_lean
        self._scope = scope
        self._by_name = _ByName.of(scope, paths) if by_name is None else by_name
        self._reader = reader
        self.project = project
        self._prefilter = Prefilter(scope, reader, project.answers)
        self._facts: dict[str, FileFacts] = {}
        self._borrowing: dict[str, bool] = {}
        """Whether a file that reaches Modal by others holds an old spelling."""
        self._lending: dict[str, bool] = {}
        """Whether a file that one which uses Modal may import holds old options."""
        self._reports: dict[str, FileReport | None] = {}
        self._sources: dict[str, SourceFile] = {}
        self._shown: dict[str, tuple[FileReport, list[Pin], FileReport]] = {}
        """What was made of a report, by what is asked for of modal."""

    def with_changes(self, changes: Mapping[str, bytes | None], paths: list[str] | None = None) -> KnownFiles:
        """Return the state when some files have other bytes; what cannot be otherwise then is not looked at again.

        ``paths`` are the files that there are then; those that came or went are among the changes.
        """
        others = paths if paths != self.paths else None
        project, doubtful = self.project.with_changes(changes, others)
        by_name = None if others is not None else self._by_name
        new = KnownFiles(self._scope, others or self.paths, self._reader, project, by_name, self._is_lean)
        new._facts = {path: facts for path, facts in self._facts.items() if path not in changes}
        new._borrowing = {path: holds for path, holds in self._borrowing.items() if path not in changes}
        new._lending = {path: holds for path, holds in self._lending.items() if path not in changes}
        kept = (path for path in self._reports if path not in doubtful and path not in changes)
        new._reports = {path: self._reports[path] for path in kept}
        new._shown = dict(self._shown)
        new._sources = {path: source for path, source in self._sources.items() if path in new._reports}
        return new

    def is_outdated(self) -> bool:
        """Tell, without reading, whether there are other files now, or other bytes in some."""
        return self._reader.is_outdated() or list_files(self._scope) != self.paths

    def changes(self, paths: Sequence[str]) -> dict[str, bytes | None]:
        """Return the files that have other bytes now, with these; ``paths`` are the files that there are now."""
        is_known, before, now = self.project.answers.is_known, frozenset(self.paths), frozenset(paths)
        changed = {path: data for path, data in self._reader.changes().items() if path in before & now}
        changed = {path: data for path, data in changed.items() if not is_known(path, data)}
        return {**changed, **dict.fromkeys(before - now), **{path: self._reader(path) for path in sorted(now - before)}}

    def found(self) -> Scan:
        """Return what is found in the files."""
        found = Scan(self._scope)
        for _ in self.fill(found):
            pass
        return found

    def fill(self, found: Scan) -> Generator[Progress, None, None]:
        """Look at what is not known yet, filling ``found``; yields after each file."""
        known, wanted = frozenset(found.reports), self._by_name.looked_at
        found.paths, found.files, found.python = self.paths, len(wanted), self._by_name.python
        found.skipped.update(dict.fromkeys(self._by_name.nested, skip_reasons.NESTED))
        yield Progress(0, len(wanted))
        done = 0
        for path in wanted:
            facts = self._facts_of(path)
            self._note(found, path, facts)
            if not facts.is_candidate:
                done += 1
                yield Progress(done, len(wanted), facts.report)
        todo = self._todo(wanted)
        found.pins[:] = self._pins()
        if known:
            done = min(done + sum(path in known for path in todo), len(wanted))
            yield Progress(done, len(wanted))
        for path in todo:
            if path not in known:
                done = min(done + 1, len(wanted))
                yield Progress(done, len(wanted), self._report(found, path))

    def _facts_of(self, path: str) -> FileFacts:
        if path not in self._facts:
            self._facts[path] = self._prefilter.classify(path)
        return self._facts[path]

    def _note(self, found: Scan, path: str, facts: FileFacts) -> None:
        if facts.report is not None:
            found.reports[path] = facts.report
        if facts.skipped == skip_reasons.MISSING:
            found.skipped[path] = facts.skipped
        elif facts.skipped:
            found.skipped.setdefault(path, facts.skipped)

    def _todo(self, wanted: Iterable[str]) -> list[str]:
        """Return the files to parse, sorted."""
        facts, reaching = self._facts, self.project.answers.ask(Answers.reaching)
        others = (path for path in wanted if facts[path].may_borrow)
        others = (path for path in others if (path in reaching and self._holds_old(path)) or self._lends(path))
        return sorted([*(path for path in wanted if facts[path].is_candidate), *others])

    def _lends(self, path: str) -> bool:
        """Tell whether a file holds options that one which uses Modal may take from it."""
        may_lend, graph = self._facts[path].may_lend, self.project.answers.graph
        if may_lend is None:
            if path not in self._lending and graph.may_serve_modal(path):
                self._lending[path] = self._prefilter.holds_settings(path)
            may_lend = self._lending.get(path, False)
        return may_lend and not graph.modal.isdisjoint(self.project.dependents(path))

    def _holds_old(self, path: str) -> bool:
        if path not in self._borrowing:
            self._borrowing[path] = self._prefilter.holds_old(path)
        return self._borrowing[path]

    def _pins(self) -> list[Pin]:
        """Return what is asked for of modal: also where no code is, in the lists of the whole root."""
        pins = [pin for path in (*self._by_name.looked_at, *self._by_name.lists) for pin in self._facts_of(path).pins]
        if not pins:
            return []
        from modal_transforms.requirements import reaching

        return reaching(pins, self.paths)

    def _report(self, found: Scan, path: str) -> FileReport | None:
        """Look at one file, unless it is known; ``None`` when it is not there any more."""
        if path not in self._reports:
            self._reports[path] = self._look(path)
        report = self._reports[path]
        if report is None:
            return None
        if report.findings:
            found.sources[path] = self._sources[path]
            report = self._weighed(found, report)
        found.reports[path] = report
        return report

    def _weighed(self, found: Scan, report: FileReport) -> FileReport:
        """Return a report held against what is asked for of modal: the same one as long as neither changes."""
        if not (found.pins or self._scope.asked_goal):
            return report
        before, pins, shown = self._shown.get(report.path, (None, None, report))
        if before is not report or pins != found.pins:
            from modal_transforms.requirements import weighed

            shown = weighed(report, found.pins, self._scope.goal.target)
            self._shown[report.path] = report, found.pins, shown
        return shown

    def _look(self, path: str) -> FileReport | None:
        module = self.project.parsed(path)
        if module is None:
            data = self.project.data(path)
            if data is None:
                return None
            try:
                module = open_module(open_source(path, data), self.project)
            except (ParseFailure, Unreadable) as error:
                return FileReport(path, SourceFile(path, data).sha256, problems=(Problem(path, str(error)),))
        report = look_at(module, goal=self._scope.goal)
        if report.findings:
            self._sources[path] = module.source
        if self._is_lean:
            self.project.let_go(path)
        return report
