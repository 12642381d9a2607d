"""The migration of one repository, without a screen: what was found, what was decided, what it would write.

The wizard's screens and the headless commands drive this; it knows nothing of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

from msgspec import UNSET
from msgspec.structs import replace

from modal_transforms.core.model import FileReport, Finding, Problem, Section
from modal_transforms.core.source import SourceFile
from modal_transforms.formats import open_source
from modal_transforms.rewrite.rewrite import CannotRewrite, Rewritten
from modal_transforms.sections import REGISTRY, place_of
from modal_wizard.files.change import FileChange
from modal_wizard.files.reader import Reader
from modal_wizard.migration.cascade import add_cascading_findings
from modal_wizard.migration.finding_index import FindingIndex
from modal_wizard.migration.identity import all_carried, appeared, carried
from modal_wizard.migration.parts import editable_parts
from modal_wizard.migration.preview import NotApplicable, Preview, Tally, landing_of
from modal_wizard.migration.rewrites import (
    Rewriter,
    file_change,
    first_key,
    in_bulk,
    moved_edits,
    recommended,
    with_blanks,
)
from modal_wizard.migration.store import DecisionStore
from modal_wizard.migration.verify_edit import recheck
from modal_wizard.scan.analysis import Analysis
from modal_wizard.scan.discover import ScanScope
from modal_wizard.scan.result import Progress, Scan, ScanStrategy
from modal_wizard.session.decisions import Decision, ManualEdit, Status
from modal_wizard.session.log import Session
from modal_wizard.session.mute import mute_new
from modal_wizard.text import diff


@dataclass
class Migration:
    """One repository on its way to 1.x."""

    scope: ScanScope
    session: Session = field(default_factory=Session)
    store: DecisionStore | None = None
    """Where decisions are kept with what they are about; None where none of them outlives the run."""
    scanned: Scan = field(init=False)
    identities: dict[str, str] = field(default_factory=dict)
    """Identity in the latest scan -> the one that the finding was first seen with."""
    written: dict[str, bytes] = field(default_factory=dict)
    """What this run wrote without a commit, by path."""
    landed_findings: dict[str, Finding] = field(default_factory=dict)
    """Findings that were written in this run, as they were."""
    looking: ScanStrategy | None = None
    """What looks at the files; an analysis in this process, unless the wizard says otherwise."""

    def __post_init__(self) -> None:
        self.scanned = Scan(self.scope)
        self._found = FindingIndex(self.scanned.reports)
        self._rewrite = Rewriter(self.source)
        self._showing = Lock()
        self._carried_over = False
        for landing in self.session.landings:
            self.identities.update(landing.renamed)
        self.identities.update(self.session.renamed)
        if self.store is not None:
            self.session.before_decision = partial(self.store.keep, self)

    @property
    def analysis(self) -> ScanStrategy:
        """What knows the files as the last scan found them."""
        if self.looking is None:
            self.looking = Analysis(self.scope)
        return self.looking

    # --- what was found ------------------------------------------------------------------------------------------

    def rescan(self, *, alone: bool = False) -> None:
        """Look at the files as they are now; where we were ``alone``, with nothing else run, at those there were."""
        fresh = Scan(self.scope, paths=self.scanned.paths if alone else [])
        deque(self._filled(fresh), maxlen=0)
        self.scanned = fresh

    def scan(self) -> Iterator[Progress]:
        """Scan (again), yielding after each file. Decisions are kept; findings of muted rules arrive skipped."""
        yield from self._scan()
        self._settle()

    def _settle(self) -> None:
        """See to what follows for what was just found: from decisions of earlier runs, and from muted rules."""
        if self.store is not None and not self._carried_over:
            self._carried_over = True
            self.store.carry_over(self)
        mute_new(self.session, self.findings())

    def look_again(self) -> None:
        """Scan once more, and carry the decisions over to files that somebody changed meanwhile.

        Nothing is done where decisions do not outlive the run.
        """
        if self.store is not None:
            self.looked_again()()

    def looked_again(self) -> Callable[[], None]:
        """Scan once more; return what shows that in place of what was found, and carries the decisions over."""
        fresh = Scan(self.scope)
        found = FindingIndex(fresh.reports)
        for _ in self._filled(fresh, found):
            pass

        def take() -> None:
            self._show(fresh, found)
            self._carried_over = False
            self._settle()

        return take

    def _scan(self) -> Iterator[Progress]:
        fresh = Scan(self.scope)
        found = FindingIndex(fresh.reports)
        for progress in self._filled(fresh, found):
            self._show(fresh, found)
            yield progress
        self._show(fresh, found)

    def _filled(self, fresh: Scan, found: FindingIndex | None = None) -> Iterator[Progress]:
        for progress in self.analysis(fresh):
            if progress.report is not None:
                fresh.reports[progress.report.path] = report = self._known(progress.report)
                if found is not None:
                    found.add(report)
            yield progress

    def _show(self, scanned: Scan, found: FindingIndex) -> None:
        with self._showing:
            self.scanned, self._found = scanned, found

    @property
    def found(self) -> FindingIndex:
        """What was found so far, ready to be looked up."""
        with self._showing:
            if self._found.reports is not self.scanned.reports:
                self._found = FindingIndex(self.scanned.reports)
            return self._found

    def _known(self, report: FileReport) -> FileReport:
        names = self.identities
        if not any(finding.id in names for finding in report.findings):
            return report
        return replace(report, findings=tuple(replace(f, id=names.get(f.id, f.id)) for f in report.findings))

    def rename(self, first: Mapping[str, str]) -> None:
        """Give findings, by their identity in the latest scan, the one that they were first seen with."""
        if first:
            older = {new: first[old] for new, old in self.identities.items() if old in first}
            self.identities.update({**first, **older})
            self.scanned.reports = {path: self._known(report) for path, report in self.scanned.reports.items()}

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that something was found of, in guide order."""
        found, session = self.found, self.session
        return tuple(rule.section for rule in REGISTRY if found.tally(rule.slug, session).total)

    def around(self, section: Section) -> list[Section]:
        """Return the other sections that something was found of: those after one, then those before it."""
        here = place_of(section.slug)
        return sorted((one for one in self.sections if one != section), key=lambda one: _distance(one, here))

    @property
    def problems(self) -> list[Problem]:
        """Files that could not be read, or only in part."""
        return self.found.problems

    def findings(self, section: str = "") -> list[Finding]:
        """Return the findings that still stand, of one section or of all, by path and place."""
        return self.found.findings(section)

    def finding(self, identity: str) -> Finding:
        """Return a finding that still stands; ``KeyError`` when there is none of that identity."""
        return self.found.finding(identity)

    def known(self, identities: Iterable[str]) -> list[Finding]:
        """Return those of the findings of these identities that still stand."""
        return self.found.known(identities)

    def ready_sections(self) -> list[Section]:
        """Return the sections in which everything is decided and something waits to be committed."""
        return [section for section in self.sections if self.tally(section.slug).is_ready]

    def tally(self, section: str) -> Tally:
        """Count the findings of a section."""
        return self.found.tally(section, self.session)

    def source(self, path: str) -> SourceFile:
        """Return a file as it was scanned, or as it is now when it holds no finding of its own."""
        if path not in self.scanned.sources:
            data = Reader(self.scope.root)(path)
            if data is None:
                raise CannotRewrite(f"{path} cannot be read")
            self.scanned.sources[path] = open_source(path, data)
        return self.scanned.sources[path]

    # --- what is decided -----------------------------------------------------------------------------------------

    def decision(self, finding: Finding) -> Decision:
        """Return where a finding stands."""
        return self.session.decision(finding.id)

    def accept(
        self, finding: Finding, choice: str = "", values: Mapping[str, str] | None = None, *, checked: bool = False
    ) -> None:
        """Take a choice of a finding (the recommended one when not said); raises `CannotRewrite` unless ``checked``."""
        key = choice or recommended(finding).key
        self.take(finding, Decision(Status.ACCEPTED, key, tuple((values or {}).items())), checked=checked)

    def take(self, finding: Finding, decision: Decision, *, checked: bool = False) -> None:
        """Decide a finding; raises `CannotRewrite` unless ``checked``."""
        if not checked:
            self.rewritten(finding, decision)
        verb = "skip" if decision.status is Status.SKIPPED else "accept"
        self.session.decide({finding.id: decision}, f"{verb} {_place(finding)}")

    def accept_all(self, findings: Iterable[Finding], label: str = "accept several") -> list[NotApplicable]:
        """Take the recommended choice of several findings as one step; return those that cannot be made."""
        return self.decide([(finding, in_bulk(finding)) for finding in findings if finding.choices], label)

    def decide(self, pairs: Iterable[tuple[Finding, Decision]], label: str) -> list[NotApplicable]:
        """Decide several findings as one step; return those whose decision cannot be made, which stay as they were."""
        several = list(pairs)
        refused = [NotApplicable(finding, why) for finding, why in self._rewrite.hindered(several)]
        out = {refusal.finding.id for refusal in refused}
        self.session.decide({finding.id: made for finding, made in several if finding.id not in out}, label)
        return refused

    def intend(self, pairs: Iterable[tuple[Finding, Decision]], label: str) -> set[str]:
        """Decide several findings as one step, before it is known what can be made; return the files they are about."""
        several = list(pairs)
        self.session.decide({finding.id: made for finding, made in several}, label)
        return {path for pair in several for path in self._rewrite.paths(pair)}

    def refusals(self, findings: Iterable[Finding]) -> list[NotApplicable]:
        """Return what of the recommended choices cannot be made; it rewrites all their files to know."""
        hindered = self._rewrite.hindered([(finding, in_bulk(finding)) for finding in findings if finding.choices])
        return [NotApplicable(finding, why) for finding, why in hindered]

    def accept_checked(self, findings: Iterable[Finding], refused: Iterable[NotApplicable], label: str) -> None:
        """Take the recommended choice of several findings as one step, but for those that were refused."""
        left_out = {refusal.finding.id for refusal in refused}
        self.session.decide({f.id: in_bulk(f) for f in findings if f.choices and f.id not in left_out}, label)

    def skip(self, findings: Iterable[Finding], reason: str = "") -> None:
        """Leave findings as they are, as one step."""
        several = list(findings)
        decision = Decision(Status.SKIPPED, reason=reason, bulk=len(several) > 1)
        what = _place(several[0]) if len(several) == 1 else f"{len(several)} findings"
        self.session.decide({finding.id: decision for finding in several}, f"skip {what}")

    def forget(self, finding: Finding) -> None:
        """Make a finding undecided again."""
        self.session.decide({finding.id: Decision()}, "clear decision")

    def editable(self, finding: Finding, choice: str = "") -> tuple[ManualEdit, str]:
        """Return the first of the parts of a finding that may be written by hand, and its text as it is now."""
        return editable_parts(self, finding, choice)[0]

    def edit(self, finding: Finding, typed: ManualEdit, choice: str = "", also: tuple[ManualEdit, ...] = ()) -> None:
        """Take a person's own text, ``also`` that of other parts of the finding.

        Raises `CannotRewrite` when it does not parse or still holds the old use.
        """
        decision = Decision(Status.EDITED, choice or first_key(finding), typed=typed, also=also or UNSET)
        files = self.rewritten(finding, decision)
        for each in decision.edits:
            recheck(self.scanned, self.analysis.as_if, finding, each, files[each.path])
        self.session.decide({finding.id: decision}, f"edit {finding.site.path}:{finding.site.line}")

    # --- what it would do ----------------------------------------------------------------------------------------

    def rewritten(self, finding: Finding, decision: Decision) -> dict[str, Rewritten]:
        """Return the files that a decision about one finding changes; raises `CannotRewrite`."""
        return self.rewritten_files([(finding, decision)])

    def hunks(self, finding: Finding, decision: Decision | None = None, context: int = 3) -> list[diff.Hunk]:
        """Return how a decision about one finding looks as a diff: the one made, or the recommended choice."""
        wanted = decision or self.decision(finding)
        if wanted.status not in {Status.ACCEPTED, Status.EDITED}:
            if not finding.choices:
                return []
            wanted = Decision(Status.ACCEPTED, recommended(finding).key)
        files = self.rewritten(finding, with_blanks(finding, wanted))
        return [
            hunk
            for path, result in files.items()
            for hunk in diff.hunks(path, result.before.text, result.after.text, context)
        ]

    def preview(self, section: Section) -> Preview:
        """Return exactly what writing the decided findings of a section would do."""
        by_status: dict[Status, list[Finding]] = {status: [] for status in Status}
        for finding in self.findings(section.slug):
            by_status[self.decision(finding).status].append(finding)
        taken, refused = self._possible([*by_status[Status.ACCEPTED], *by_status[Status.EDITED]])
        files = self.rewritten_files([(finding, self.decision(finding)) for finding in taken])
        followed = add_cascading_findings(self.scanned, self.analysis.as_if, section.slug, files)
        files = followed.files
        return Preview(
            section,
            tuple(file_change(result) for _, result in sorted(files.items()) if result.patches),
            (*(finding for finding in taken if self.decision(finding).status is Status.ACCEPTED), *followed.findings),
            tuple(finding for finding in taken if self.decision(finding).status is Status.EDITED),
            tuple(by_status[Status.SKIPPED]),
            tuple(refused),
            tuple(files.values()),
            len(followed.findings),
        )

    def preview_all(self, sections: Iterable[Section]) -> tuple[tuple[FileChange, ...], list[NotApplicable]]:
        """Return what writing several sections at once would do, and what collides with an earlier change."""
        decided = [
            finding
            for section in sections
            for finding in self.findings(section.slug)
            if self.decision(finding).status in {Status.ACCEPTED, Status.EDITED}
        ]
        taken, refused = self._possible(decided)
        files = self.rewritten_files([(finding, self.decision(finding)) for finding in taken])
        return tuple(file_change(result) for _, result in sorted(files.items()) if result.patches), refused

    def _possible(self, findings: list[Finding]) -> tuple[list[Finding], list[NotApplicable]]:
        """Part findings that can be made together from those that collide with an earlier one."""
        taken, refused = self.possible([(finding, self.decision(finding)) for finding in findings])
        return taken, [NotApplicable(finding, reason) for finding, reason in refused]

    def possible(self, pairs: Sequence[tuple[Finding, Decision]]) -> tuple[list[Finding], list[tuple[Finding, str]]]:
        """Part findings that can be made together from those that collide with an earlier one, and why they do."""
        return self._rewrite.possible(pairs)

    def rewritten_files(
        self, pairs: Iterable[tuple[Finding, Decision]], only: Collection[str] | None = None
    ) -> dict[str, Rewritten]:
        """Return the files that decisions change together, or ``only`` some of them; raises `CannotRewrite`."""
        return self._rewrite(pairs, only)

    # --- after it was written ------------------------------------------------------------------------------------

    def landed(self, preview: Preview, commit: str, also: tuple[str, ...] = (), *, alone: bool = False) -> None:
        """Note that a preview was written (in a commit, or none), scan again, and keep the identities of the rest.

        ``also`` says what a hook put into the commit beside it; see `rescan` for ``alone``.
        """
        before = self.scanned.reports
        self.rescan(alone=alone)
        renamed = all_carried(before, self.scanned.reports, preview.rewritten)
        gone = {finding.id for finding in (*preview.accepted, *preview.edited)}
        renamed = {new: old for new, old in renamed.items() if old not in gone and new != old}
        self.rename(renamed)
        self.landed_findings.update({f.id: f for f in (*preview.accepted, *preview.edited)})
        around = [f for change in preview.files if change.path in before for f in before[change.path].findings]
        new = appeared(before, self.findings())
        self.session.land(landing_of(preview, commit, renamed, self.session.latest, also, around, new))
        self.session.amend(moved_edits(self.session.latest, preview.rewritten, self.session.landed()))
        mute_new(self.session, self.findings())
        if self.store is not None:
            self.store.note_written(self, [change.path for change in preview.files])

    def pins_raised(self, files: Iterable[FileChange]) -> None:
        """Scan again when requirements of modal were raised, and keep the identities of what is found."""
        before = self.scanned.reports
        self.rescan()
        for change in files:
            old, new = before.get(change.path), self.scanned.reports.get(change.path)
            if old is not None and new is not None:
                moved = carried(old.findings, new.findings, change.patches)
                self.rename({later: first for later, first in moved.items() if later != first})

    def remaining(self, section: str = "") -> list[Finding]:
        """Return the findings that still stand and were not skipped."""
        return [f for f in self.findings(section) if self.decision(f).status is not Status.SKIPPED]


def _distance(section: Section, start: int) -> tuple[bool, int]:
    """Return how far on a section is from a place in the order of all, those before it being farthest."""
    place = place_of(section.slug)
    return place < start, place


def _place(finding: Finding) -> str:
    return f"{finding.site.path}:{finding.site.line}"
