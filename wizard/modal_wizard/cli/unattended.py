"""What ``modal-wizard apply`` does: take the recommended choice of findings, unasked, section by section."""

from __future__ import annotations

import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from msgspec import Struct, field

from modal_transforms.core.model import Applicability, Finding, Section
from modal_transforms.core.target import Goal
from modal_transforms.sections import asked
from modal_wizard.cli.front_end import Unattended, failing_as
from modal_wizard.config.commands import COMMANDS
from modal_wizard.decisions.check import check
from modal_wizard.decisions.lookup import DecisionSet
from modal_wizard.decisions.model import OutcomeLine
from modal_wizard.decisions.outcomes import OutcomeLog, as_json
from modal_wizard.decisions.read import read
from modal_wizard.decisions.selection import Selection
from modal_wizard.errors import WizardError
from modal_wizard.git.dotgit import HeadRef
from modal_wizard.migration import requirements
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.open import check_head, head_of, keyless_sentence, repository_of, settle
from modal_wizard.migration.options import RunOptions
from modal_wizard.migration.preview import NotApplicable, Preview
from modal_wizard.migration.write import SectionWriter
from modal_wizard.process import signals
from modal_wizard.process.progress import ProgressBar
from modal_wizard.reports.place import check_report
from modal_wizard.reports.text import show_problems
from modal_wizard.scan.discover import scope_of_all
from modal_wizard.scan.scanner import gc_paused, gc_seldom
from modal_wizard.text.diff import unified
from modal_wizard.text.grammar import counted
from modal_wizard.text.paint import paint_for
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_wizard.cli.stack import StackedCommits
    from modal_wizard.git.commit import Committed
    from modal_wizard.git.repository import Repository

REMAIN, FAILED = 1, 2
_KEPT = "modal-wizard: the required version of modal stays as it is."
_ROUNDS = 20
"""A section is looked at again after it was written, for what only then can be made; this many times at most."""
_PASSES = 3
"""All sections are looked at again where a decision waits for what only then is found; this many times at most."""


class ApplyRequest(Struct, frozen=True):
    """What was asked on the command line."""

    paths: tuple[Path, ...]
    sections: tuple[str, ...] = ()
    goal: Goal | None = None
    everything: bool = False
    diff: bool = False
    commit: bool = False
    raise_pin: bool = False
    """Whether the requirements of modal are raised, last."""
    stack: str | None = None
    """What the names of branches begin with, of which each section gets one; ``None`` for none."""
    wishes: RunOptions = field(default_factory=RunOptions)
    safe: bool = True
    """Whether safe rewrites are taken that no decision is about."""
    decisions: str = ""
    """The file of decisions to take; empty for none, ``-`` for standard input."""
    color: str = "auto"
    """Whether the diff is coloured: auto, always or never."""
    as_lines: bool = False
    """Whether standard output is one outcome a line, and all else goes to standard error."""

    @property
    def out(self) -> TextIO:
        """Where it is told what is done."""
        return sys.stderr if self.as_lines else sys.stdout


def apply(request: ApplyRequest) -> int:
    """Apply; returns bit 1 when findings of the asked sections remain, bit 2 when something failed or was refused."""
    decisions = DecisionSet(*read(request.decisions)) if request.decisions else DecisionSet("", ())
    scope = scope_of_all(request.paths, request.goal)
    check_report(scope.root, request.wishes.report)
    looked_at = head_of(scope)
    if not request.diff and (settled := settle(scope)):
        print(f"modal-wizard: {settled}", file=sys.stderr)
    if not request.diff and (keyless := keyless_sentence()):
        print(f"modal-wizard: {keyless}", file=sys.stderr)
    migration = Migration(scope)
    with gc_paused(), ProgressBar("scanning") as bar:
        for step in migration.scan():
            bar.step(step.done, step.total)
    check(decisions, migration)
    show_problems(migration.scope.root, migration.problems)
    failed = FAILED if migration.problems else 0
    wanted = [rule.section for rule in asked(scope.goal) if not request.sections or rule.slug in request.sections]
    if request.diff:
        remain = any(migration.findings(section.slug) for section in wanted)
        return (REMAIN if remain else 0) | failed | _show_diff(migration, wanted, request, decisions)
    log = OutcomeLog(_print_outcome if request.as_lines else lambda _: None)
    work = _ApplyRun(migration, request, looked_at, Selection(migration, _levels(request), decisions, log))
    try:
        with gc_seldom():
            failed |= _write(work, wanted)
        signals.check()  # what came while something was noted that nothing interrupts
        left = [finding for section in wanted for finding in migration.findings(section.slug)]
        outgrown = requirements.outgrown_sentence(migration.scanned, migration.session.landings)
        _say_left(left, migration, request, bool(outgrown))
        _say_next(migration, request)
        if outgrown:
            print(f"{outgrown}.", file=request.out)
        return (REMAIN if left else 0) | failed | (FAILED if log.failed else 0)
    finally:
        if work.stack is not None:
            work.stack.say(request.out)


def _write(work: _ApplyRun, sections: list[Section]) -> int:
    """Write the sections and the pins, and the report whatever happens; returns bit 2 when something was refused."""
    request = work.request
    try:
        failed = work.all(sections)
        if request.raise_pin:
            failed |= work.raise_pins()
        return failed
    finally:
        work.finish()
        if request.wishes.report is not None:
            from modal_wizard.reports.markdown import save_report

            save_report(work.migration, request.wishes.report, work.stack.as_markdown() if work.stack else "")


def _print_outcome(line: OutcomeLine) -> None:
    print(as_json(line), flush=True)


def _levels(request: ApplyRequest) -> set[Applicability]:
    """Return the applicability of what is taken that no decision is about."""
    if request.everything:
        return {Applicability.SAFE, Applicability.REVIEW}
    return {Applicability.SAFE} if request.safe else set()


def _show_diff(migration: Migration, sections: list[Section], request: ApplyRequest, decisions: DecisionSet) -> int:
    """Print what would be written, all sections together, against the files as they are."""
    selection = Selection(migration, _levels(request), decisions, OutcomeLog(lambda _: None))
    with ProgressBar("rewriting") as bar:
        refused = []
        for number, section in enumerate(sections):
            bar.step(number, len(sections), section.slug)
            refused += [each for part in selection.decide(section) for each in part]
    files, collided = migration.preview_all(sections)
    shown = [(c.path, migration.source(c.path).text, _text(c.path, c.after)) for c in files]
    raised = requirements.changes(migration.scope) if request.raise_pin else ()
    shown += [(c.path, _text(c.path, c.before), _text(c.path, c.after)) for c in raised]
    paint = paint_for(request.color)
    for line in unified(shown):
        print(paint.diff(visible(line)))
    if shown and sys.stdout.isatty():
        print("Next: the same with --commit in place of --diff writes this, a commit a section.", file=sys.stderr)
    return _report([*refused, *collided])


def _text(path: str, data: bytes) -> str:
    from modal_transforms.formats import open_source

    return open_source(path, data).text


class _ApplyRun:
    """One ``apply`` that writes."""

    def __init__(
        self, migration: Migration, request: ApplyRequest, looked_at: HeadRef | None, selection: Selection
    ) -> None:
        self.migration = migration
        self.request = request
        self.looked_at = looked_at
        """What was checked out when the files were looked at."""
        self.stack: StackedCommits | None = None
        self._selection = selection

    @cached_property
    def _writer(self) -> SectionWriter:
        """What writes; raises `WizardError` where there is no repository and that was not allowed."""
        repository = _repository(self.migration, self.request)
        check_head(self.migration.scope, self.looked_at)
        if repository is not None:
            repository.backups.is_followed = True
        return SectionWriter(self.migration, repository, self.request.wishes, Unattended(self.request.out))

    def finish(self) -> None:
        """Note what was put off while it was not over."""
        if "_writer" in vars(self) and self._writer.repository is not None:
            self._writer.repository.finish()

    @property
    def _committer(self) -> SectionWriter | StackedCommits:
        return self.stack or self._writer

    def all(self, sections: list[Section]) -> int:
        """Write the sections in their order; returns bit 2 when something was refused."""
        if self.request.stack is not None:
            from modal_wizard.cli.stack import begin

            self.stack = begin(self._writer, self.request.stack)
        selection, session = self._selection, self.migration.session
        failed = 0
        try:
            self._refuse_early(sections)
            for _ in range(_PASSES):
                before = len(session.landings)
                for section in sections:
                    failed |= self._section(section)
                if not selection.waits or len(session.landings) == before:
                    break
        except (WizardError, OSError) as error:
            selection.stopped(f"nothing more was written: {error}")
            raise
        selection.ended()
        return failed

    def _refuse_early(self, sections: list[Section]) -> None:
        """Refuse before anything is written when a later section could not be."""
        if self._selection.is_by_level:
            paths = {path for section in sections for path in self._selection.intend(section)}
            if not paths:
                return
            if self._writer.are_clean(paths):
                self._writer.check_ahead((), commits=self.request.commit)
                return
        with ProgressBar("rewriting") as bar:
            for number, section in enumerate(sections):
                bar.step(number, len(sections), section.slug)
                self._selection.decide(section)
        files, _ = self.migration.preview_all(sections)
        if files:
            self._writer.check_ahead(files, commits=self.request.commit)

    def _section(self, section: Section) -> int:
        selection = self._selection
        failed = 0
        for _ in range(_ROUNDS):
            refused, stale = selection.decide(section)
            preview = self.migration.preview(section)
            if not preview.files:
                break
            failed |= self._put(preview)
        collided = list(preview.refused)
        selection.left(section, refused, stale, collided)
        return failed | _report([*refused, *stale, *collided])

    def _put(self, preview: Preview) -> int:
        """Write a section, in a commit of its own when commits are asked for, and say so.

        Returns bit 2 when a hook put more into the commit, or it elsewhere.
        """
        changes, files = counted(len(preview.accepted), "change"), counted(len(preview.files), "file")
        done = f"{preview.section.slug}: {changes} in {files}"
        if not self.request.commit:
            self._writer.write(preview)
            self._selection.written(preview, None)
            self._say(done)
            return 0
        with failing_as(preview.section.slug, len(self.migration.session.commits)):
            made = self._committer.commit(preview)
        left = f"; {made.left_in_words}" if made.left_uncommitted else ""
        self._selection.written(preview, made.sha or None)
        self._say(f"{done}, {_named(made)}{left}")
        return _say_amiss(made)

    def _say(self, words: str) -> None:
        print(words, file=self.request.out)

    def raise_pins(self) -> int:
        """Raise what the repository asks for of modal, in a commit of its own when commits are asked for.

        Returns bit 2 when a hook put more into the commit, or it elsewhere.
        """
        scope = self.migration.scope
        files = requirements.changes(scope)
        if not files:
            self._say(COMMANDS["pin"].silent)
            return 0
        left = len(self.migration.findings())
        if left and not _agreed(left, scope.goal.target):
            print(_KEPT, file=sys.stderr)
            return 0
        over = f", over {counted(left, 'finding')} left" if left else ""
        done = f"raised {requirements.raising(files, scope.goal.target)}{over}"
        made = None
        if not self.request.commit:
            self._writer.write_requirements(files)
        else:
            with failing_as("The required version", len(self.migration.session.commits)):
                made = self._committer.commit_requirements(files)
            done += f", {_named(made)}"
        locks = requirements.locks(self.migration.scanned)
        self._say(f"{done}; update {locks} with the tool that made it" if locks else done)
        return _say_amiss(made) if made is not None else 0


def _named(made: Committed) -> str:
    return f"commit {made.short}" if made.sha else "no commit"


def _say_amiss(made: Committed) -> int:
    """Say what hooks made of a commit that nobody asked for; returns bit 2 when they did."""
    if made.amiss:
        print(f"modal-wizard: {made.amiss}", file=sys.stderr)
    return FAILED if made.amiss else 0


def _agreed(left: int, target: str) -> bool:
    """Tell whether to raise the version over findings: a person at a terminal is asked, a script has said so."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        said = f"{requirements.over(left)}; modal {target} is required all the same, as --raise-pin asks"
        print(f"modal-wizard: {said}.", file=sys.stderr)
        return True
    asked = f"{requirements.over(left)}. Require modal {target} all the same? [y/N]"
    print(asked, end=" ", flush=True)
    with signals.released():
        return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _repository(migration: Migration, request: ApplyRequest) -> Repository | None:
    """Return the repository to write in; raises `WizardError` where there is none and that was not allowed."""
    repository = repository_of(migration.scope)
    if repository is None and request.commit:
        raise WizardError(
            "--commit needs a git repository, and this is none.", "Nothing was changed. Leave --commit out."
        )
    if repository is None and not request.wishes.consent.no_vcs:
        raise WizardError(
            f"{visible(str(migration.scope.root))} is not in a git repository, so a change could not be taken back.",
            "Nothing was changed. Use --allow-no-vcs to write all the same.",
        )
    if repository is not None:
        repository.show_head()
    return repository


def _report(refused: list[NotApplicable]) -> int:
    for refusal in refused:
        site = refusal.finding.site
        where = f"{visible(site.path)}:{site.line}:{site.column}"
        print(f"{where}: {refusal.finding.rule} was left as it is: {visible(refusal.reason)}", file=sys.stderr)
    return FAILED if refused else 0


def _say_next(migration: Migration, request: ApplyRequest) -> None:
    """Tell a person at a terminal what to do with what was written."""
    if not sys.stdout.isatty() or not migration.session.landings:
        return
    from modal_wizard.migration.found_checks import as_option, found_checks

    checks = () if request.wishes.check else found_checks(migration.scope.root)
    found = f" (apply --commit {' or '.join(map(as_option, checks))} does before each commit)" if checks else ""
    first = "run your tests" if request.commit else "look at git diff and run your tests"
    print(f"Next: {first}{found}; modal-wizard verify imports it under the real SDK.", file=sys.stderr)


def _say_left(left: list[Finding], migration: Migration, request: ApplyRequest, outgrown: bool) -> None:
    if not left:
        asked_for_some = request.sections or migration.scope.goal.guide_only
        quiet = asked_for_some or outgrown or request.raise_pin
        old = "" if quiet else requirements.still_old(migration.scanned)
        where = " in the asked sections" if asked_for_some else f"; {old}: --raise-pin raises it" if old else ""
        print(f"Nothing is left to migrate{where}.", file=request.out)
        return
    levels = ", ".join(
        f"{count} {level.value}" for level in Applicability if (count := sum(f.applicability is level for f in left))
    )
    words = f"{counted(len(left), 'finding')} left ({levels})"
    print(f"{words}: modal-wizard scan lists them, modal-wizard reviews them.", file=request.out)
