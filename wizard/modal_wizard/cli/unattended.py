"""What ``modal-wizard apply`` does: take the recommended choice of findings, unasked, section by section."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from modal_transforms.core.model import Applicability, Finding, Section
from modal_transforms.core.target import Goal
from modal_transforms.sections import asked
from modal_wizard.cli.stack import StackedCommits, begin
from modal_wizard.errors import WizardError
from modal_wizard.git.check_command import CheckFailed
from modal_wizard.migration import requirements
from modal_wizard.migration.migration import Migration, NotApplicable, Preview
from modal_wizard.migration.open import repository_of, settle
from modal_wizard.migration.options import RunOptions
from modal_wizard.migration.write import SectionWriter
from modal_wizard.process.signals import released
from modal_wizard.reports.markdown import save_report
from modal_wizard.reports.text import show_problems
from modal_wizard.scan.discover import scope_of_all
from modal_wizard.scan.scanner import gc_paused
from modal_wizard.text.diff import unified
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_wizard.git.commit import Committed
    from modal_wizard.git.failures import CommitFailed
    from modal_wizard.git.repository import Repository

REMAIN, FAILED = 1, 2
_NO_PIN = "No requirement of modal is to be raised."
_KEPT = "modal-wizard: the required version of modal stays as it is."
_ROUNDS = 20
"""A section is looked at again after it was written, for what only then can be made; this many times at most."""


@dataclass(frozen=True, slots=True)
class ApplyRequest:
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


def apply(request: ApplyRequest) -> int:
    """Apply; returns bit 1 when findings of the asked sections remain, bit 2 when something failed or was refused."""
    scope = scope_of_all(request.paths, request.goal)
    if not request.diff and (settled := settle(scope)):
        print(f"modal-wizard: {settled}", file=sys.stderr)
    migration = Migration(scope)
    with gc_paused():
        for _ in migration.scan():
            pass
    show_problems(migration.scope.root, migration.problems)
    failed = FAILED if migration.problems else 0
    wanted = [rule.section for rule in asked(scope.goal) if not request.sections or rule.slug in request.sections]
    if request.diff:
        remain = any(migration.findings(section.slug) for section in wanted)
        return (REMAIN if remain else 0) | failed | _show_diff(migration, wanted, request)
    work = _ApplyRun(migration, request)
    try:
        failed |= _write(work, wanted)
        left = [finding for section in wanted for finding in migration.findings(section.slug)]
        _say_left(left)
        if outgrown := requirements.outgrown_sentence(migration.scanned, migration.session.landings):
            print(f"{outgrown}.")
        return (REMAIN if left else 0) | failed
    finally:
        if work.stack is not None:
            work.stack.say()


def _write(work: _ApplyRun, sections: list[Section]) -> int:
    """Write the sections and the pins, and the report whatever happens; returns bit 2 when something was refused."""
    request = work.request
    try:
        failed = work.all(sections)
        if request.raise_pin:
            failed |= work.raise_pins()
        return failed
    finally:
        if request.wishes.report is not None:
            save_report(work.migration, request.wishes.report, work.stack.as_markdown() if work.stack else "")


def _takes(request: ApplyRequest) -> Callable[[Finding], bool]:
    levels = {Applicability.SAFE} | ({Applicability.REVIEW} if request.everything else set())
    return lambda finding: finding.applicability in levels


def _show_diff(migration: Migration, sections: list[Section], request: ApplyRequest) -> int:
    """Print what would be written, all sections together, against the files as they are."""
    takes = _takes(request)
    refused: list[NotApplicable] = []
    for section in sections:
        refused += migration.accept_all(filter(takes, migration.findings(section.slug)))
    files, collided = migration.preview_all(sections)
    shown = [(c.path, migration.source(c.path).text, _text(c.path, c.after)) for c in files]
    raised = requirements.changes(migration.scope) if request.raise_pin else ()
    shown += [(c.path, _text(c.path, c.before), _text(c.path, c.after)) for c in raised]
    for line in unified(shown):
        print(visible(line))
    return _report([*refused, *collided])


def _text(path: str, data: bytes) -> str:
    from modal_transforms.formats import open_source

    return open_source(path, data).text


class _ApplyRun:
    """One ``apply`` that writes."""

    def __init__(self, migration: Migration, request: ApplyRequest) -> None:
        self.migration = migration
        self.request = request
        self.stack: StackedCommits | None = None
        self._takes = _takes(request)

    @cached_property
    def _writer(self) -> SectionWriter:
        """What writes; raises `WizardError` where there is no repository and that was not allowed."""
        repository = _repository(self.migration, self.request)
        return SectionWriter(self.migration, repository, self.request.wishes, Unattended())

    @property
    def _committer(self) -> SectionWriter | StackedCommits:
        return self.stack or self._writer

    def all(self, sections: list[Section]) -> int:
        """Write the sections in their order; returns bit 2 when something was refused."""
        if self.request.stack is not None:
            self.stack = begin(self._writer, self.request.stack)
        self._refuse_early(sections)
        failed = 0
        for section in sections:
            failed |= self._section(section)
        return failed

    def _refuse_early(self, sections: list[Section]) -> None:
        """Refuse before anything is written when a later section could not be."""
        every = (finding for section in sections for finding in self.migration.findings(section.slug))
        files = self.migration.preview_recommended(filter(self._takes, every))
        if files:
            self._writer.check_ahead(files, commits=self.request.commit)

    def _section(self, section: Section) -> int:
        refused: list[NotApplicable] = []
        failed = 0
        for _ in range(_ROUNDS):
            pending = [f for f in self.migration.findings(section.slug) if self._takes(f)]
            refused = self.migration.accept_all(pending)
            preview = self.migration.preview(section)
            refused += preview.refused
            if not preview.files:
                break
            failed |= self._put(preview)
        return failed | _report(refused)

    def _put(self, preview: Preview) -> int:
        """Write a section, in a commit of its own when commits are asked for, and say so.

        Returns bit 2 when a hook put more into the commit.
        """
        changes, files = counted(len(preview.accepted), "change"), counted(len(preview.files), "file")
        done = f"{preview.section.slug}: {changes} in {files}"
        if not self.request.commit:
            self._writer.write(preview)
            print(done)
            return 0
        with _said_once():
            made = self._committer.commit(preview)
        left = "".join(f"; {visible(path)} is not in git and was only written" for path in made.left_uncommitted)
        print(f"{done}, commit {made.short}{left}")
        return _say_additions(made)

    def raise_pins(self) -> int:
        """Raise what the repository asks for of modal, in a commit of its own when commits are asked for.

        Returns bit 2 when a hook put more into the commit.
        """
        scope = self.migration.scope
        files = requirements.changes(scope)
        if not files:
            print(_NO_PIN)
            return 0
        left = len(self.migration.findings())
        if left and not _agreed(left, scope.goal.target):
            print(_KEPT, file=sys.stderr)
            return 0
        over = f", over {counted(left, 'finding')} left" if left else ""
        done = f"modal is required at {scope.goal.target} in {counted(len(files), 'file')}{over}"
        made = None
        if not self.request.commit:
            self._writer.write_requirements(files)
        else:
            with _said_once():
                made = self._committer.commit_requirements(files)
            done += f", commit {made.short}"
        locks = requirements.locks(self.migration.scanned)
        print(f"{done}; update {locks} with the tool that made it" if locks else done)
        return _say_additions(made) if made is not None else 0


def _say_additions(made: Committed) -> int:
    """Say what a hook put into a commit beside our changes; returns bit 2 when it did."""
    from modal_wizard.git.additions import in_words

    if made.additions:
        print(f"modal-wizard: {in_words(made.additions)}", file=sys.stderr)
    return FAILED if made.additions else 0


def _agreed(left: int, target: str) -> bool:
    """Tell whether to raise the version over findings: a person at a terminal is asked, a script has said so."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    asked = f"{requirements.over(left)}. Require modal {target} all the same? [y/N]"
    print(asked, end=" ", flush=True)
    with released():
        return sys.stdin.readline().strip().lower() in {"y", "yes"}


class Unattended:
    """Nobody is asked: what a hook made of our files is taken, and what a check says is passed on; a `FrontEnd`."""

    def check_begins(self, command: str) -> None:
        """What it says comes at once."""

    def check_says(self, line: str) -> None:
        """Show a line of the check."""
        print(f"  | {line}", file=sys.stderr)

    def hook_says(self, line: str) -> None:
        """What hooks said is shown where the commit fails."""

    def check_passed(self, result: str) -> None:
        """Say that it passed."""
        print(result)

    def takes_hook_changes(self, failed: CommitFailed) -> bool:
        """Take them."""
        return True

    def goes_on(self, moved: str) -> bool:
        """Nobody is there to say so."""
        return False


@contextlib.contextmanager
def _said_once() -> Iterator[None]:
    """Take out of a failure what the check said: `Unattended` has shown it."""
    try:
        yield
    except CheckFailed as failed:
        failed.output = ""
        raise


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


def _say_left(left: list[Finding]) -> None:
    if not left:
        print("Nothing is left to migrate in the asked sections.")
        return
    levels = ", ".join(
        f"{count} {level.value}" for level in Applicability if (count := sum(f.applicability is level for f in left))
    )
    print(f"{counted(len(left), 'finding')} left ({levels}): modal-wizard scan lists them, modal-wizard reviews them.")
