"""Write a section and commit it: the one way there, for the command line, the prompt and the screens.

A front end shows a `Preview`, then has a `SectionWriter` write it, and answers what comes up meanwhile.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from msgspec.structs import replace

from modal_wizard.errors import WizardError
from modal_wizard.files import safe_io
from modal_wizard.files.backup import Backups, FolderBackups
from modal_wizard.files.change import FileChange
from modal_wizard.files.transaction import alone, replace_files
from modal_wizard.migration import requirements
from modal_wizard.migration.commit_message import commit_message
from modal_wizard.migration.loose import LooseFiles, loose_files
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.open import state_folder
from modal_wizard.migration.options import RunOptions
from modal_wizard.migration.preview import Preview
from modal_wizard.migration.take_back import note_brought_back, note_taken_back
from modal_wizard.process.signals import held
from modal_wizard.session.decisions import PinsRaised, SectionWritten

if TYPE_CHECKING:
    from modal_wizard.git.commit import Committed
    from modal_wizard.git.failures import CommitFailed
    from modal_wizard.git.queries import Head
    from modal_wizard.git.repository import Repository

_PINS = "the required version of modal"


class FrontEnd(Protocol):
    """What is told and asked while a section is written and committed; each may be called in any thread."""

    def check_begins(self, command: str) -> None:
        """Take note that the person's check is about to run."""

    def check_says(self, line: str) -> None:
        """Take note of a line that the check printed, made safe to show."""

    def hook_says(self, line: str) -> None:
        """Take note of a line that a hook or git printed while the commit is made, made safe to show."""

    def check_passed(self, result: str) -> None:
        """Take note that the check passed; ``result`` says so."""

    def takes_hook_changes(self, failed: CommitFailed) -> bool:
        """Say whether to commit our files as a hook left them, which rewrote them and refused the commit."""

    def goes_on(self, moved: str) -> bool:
        """Say whether to commit where HEAD is now; ``moved`` says that it is not what was shown."""


class SectionWriter(Struct, frozen=True):
    """Writes what was decided into the files of a migration, and commits it."""

    migration: Migration
    repository: Repository | None
    options: RunOptions
    front_end: FrontEnd

    def check_ahead(self, files: Sequence[FileChange], *, commits: bool) -> None:
        """Raise `CommitRefused` or `RepositoryProblem` when files could not be written, or committed."""
        if self.repository is None:
            return
        check = self.repository.check_commit if commits else self.repository.check_write
        check(files, self.options.consent.granted)
        branch = self.options.branch
        if branch and branch != self.repository.head().branch:
            self.repository.check_new_branch(branch)

    def are_clean(self, paths: Iterable[str]) -> bool:
        """Tell whether files hold no work of the person's: none stands in the way then, whatever it becomes."""
        return self.repository is None or self.repository.are_clean(paths)

    def write(self, preview: Preview) -> None:
        """Write a section's files without a commit; raises `CommitRefused` or `WriteRefused`, with nothing written."""
        with held(), self._looking_again(preview.files):
            self._write(preview.files, preview.section.title)
            self.migration.landed(preview, "")

    def commit(self, preview: Preview, message: str = "") -> Committed:
        """Write a section's files and commit them, both or neither; on the branch that the options name.

        Raises `RepositoryProblem`, `CommitRefused` or `WriteRefused` before anything is written; `CommitFailed` or
        `CheckFailed` after the files were put back.
        """
        with held(), self._looking_again(preview.files):
            made = self._commit(preview.files, message or commit_message(preview), preview.section.title)
            alone = not made.had_hooks and self.options.check is None and self.options.proof is None
            self.migration.landed(preview, made.sha, tuple(map(str, made.additions)), alone=alone)
        return made

    def write_requirements(self, files: Sequence[FileChange]) -> None:
        """Write what raises the required version of modal; raises as `write` does."""
        with held():
            self._write(files, _PINS)
            self._note(files, "")
            self.migration.pins_raised(files)

    def commit_requirements(self, files: Sequence[FileChange]) -> Committed:
        """Write and commit what raises the required version of modal; raises as `commit` does."""
        with held():
            made = self._commit(files, requirements.message(files, self.migration.scope.goal.target), _PINS)
            self._note(files, made.sha)
            self.migration.pins_raised(files)
        return made

    def check_back(self, taken: SectionWritten | PinsRaised) -> tuple[FileChange, ...]:
        """Return what takes a commit back; raises `CommitRefused` where that cannot be done."""
        if self.repository is None:
            raise WizardError("There is no git repository any more.", "Nothing was changed.")
        return self.repository.reversal(taken.commit)

    def take_back(self, taken: SectionWritten | PinsRaised) -> Committed:
        """Commit what reverses a commit of ours; raises as `commit` does.

        Its findings are open again then, with the decisions that they had.
        """
        with held():
            files, repository = self.check_back(taken), self.repository
            assert repository is not None
            originals = {change.path: repository.text_before(taken.commit, change.path) for change in files}
            made = self._commit(files, repository.reversal_message(taken.commit), f"taken back: {taken.commit[:7]}")
            note_taken_back(self.migration, taken, files, originals, made.sha)
        return made

    def loose(self) -> LooseFiles:
        """Return what was written without a commit and can be brought back; raises `WizardError`."""
        return loose_files(self.migration.scope.root, self._backups)

    def bring_back(self, files: LooseFiles) -> None:
        """Bring back what was written without a commit; its findings are open again. Raises `WriteRefused`."""
        folder = self._state_folder
        self.migration.session.settle()
        with held(), alone(folder):
            files.bring_back(self.migration.scope.root, folder, self._backups)
            note_brought_back(self.migration)

    @property
    def _state_folder(self) -> Path:
        return self.repository.state_folder if self.repository is not None else state_folder(self.migration.scope)

    @property
    def _backups(self) -> Backups:
        if self.repository is not None:
            return self.repository.backups
        return FolderBackups(self.migration.scope.root, self._state_folder)

    def _note(self, files: Sequence[FileChange], commit: str) -> None:
        session = self.migration.session
        session.note_raised(PinsRaised(commit, requirements.moves(files), len(session.landings)))

    def _write(self, files: Sequence[FileChange], about: str) -> None:
        """Write files, their originals kept first; what this run wrote before is no work of the person's."""
        self.migration.session.settle()
        root, repository = self.migration.scope.root, self.repository
        folder, backups = self._state_folder, self._backups
        if repository is not None:
            self._check_branch(repository)
            foreign = [change for change in files if self.migration.written.get(change.path) != change.before]
            repository.check_write(foreign, self.options.consent.granted)
        with alone(folder):
            backups.keep(files, about)
            replace_files(root, files, folder)
        self.migration.written.update({change.path: change.after for change in files})

    def _commit(self, files: Sequence[FileChange], message: str, about: str) -> Committed:
        from modal_wizard.git.branch import on_branch
        from modal_wizard.git.permissions import CommitPolicy

        self.migration.session.settle()
        if self.repository is None:
            raise WizardError("There is no git repository to commit to.", "Write the files without a commit.")
        repository = self.repository

        def takes(failed: CommitFailed) -> bool:  # what somebody saved meanwhile is nothing to take
            by_hook = repository.by_program(files, failed)
            return by_hook >= set(failed.rewritten) and self.front_end.takes_hook_changes(failed)

        onto = self._expected(repository, files)
        with on_branch(repository, self.options.branch):
            onto = replace(onto, branch=self.options.branch or onto.branch)
            policy = CommitPolicy(
                self.options.consent.granted,
                takes,
                self._check_of(files),
                self._trailer_of(repository, files),
                about,
                self.front_end.hook_says,
                onto,
            )
            made = repository.land(files, message, policy)
        after = repository.head()  # a hook may have moved it: to other commits, which goes, or to another branch
        moved = replace(onto, sha=made.sha or onto.sha, short=made.short or onto.short)
        repository.shown = after if after.branch == onto.branch else moved
        return made

    def _expected(self, repository: Repository, files: Sequence[FileChange]) -> Head:
        """Return where the person expects the commit to go: where HEAD was when it was shown, or as they say now.

        They are not asked where files are not what was looked at: those are refused.
        """
        from modal_wizard.git.preflight import CommitRefused
        from modal_wizard.git.queries import moved

        repository.check_there()
        shown, now = repository.shown, repository.head()
        moves = shown is not None and (shown.branch, shown.sha) != (now.branch, now.sha)
        if shown is not None and moves and not any(_is_other(self.migration.scope.root, change) for change in files):
            words = moved(shown, now)
            if not self.front_end.goes_on(words):
                raise CommitRefused(f"{words} Nothing was written.", "Look at the commit again.")
        repository.shown = now
        return now

    def _check_branch(self, repository: Repository) -> None:
        """Raise `CommitRefused` when another branch is checked out than was shown; the next time it has been shown."""
        from modal_wizard.git.preflight import CommitRefused
        from modal_wizard.git.queries import moved

        repository.check_there()
        shown, now = repository.shown, repository.head()
        if shown is not None and shown.branch != now.branch:
            repository.shown = now
            raise CommitRefused(f"{moved(shown, now)} Nothing was written.", "Write it again if that is right.")

    def _trailer_of(self, repository: Repository, files: Sequence[FileChange]) -> Callable[[], str] | None:
        """Return what finds out what the SDK says of a commit, for its message; none where that was not asked for."""
        proof, migration, say = self.options.proof, self.migration, self.front_end.check_says
        if proof is None:
            return None

        def find_out() -> str:
            line = proof.trailer(repository, files, migration.scope.goal.target, say)
            migration.session.verified = proof.sentences()
            return line

        return find_out

    def _check_of(self, files: Sequence[FileChange]) -> Callable[[], None] | None:
        """Return what runs the person's check over written files; it raises `CheckFailed`."""
        check, front_end = self.options.check, self.front_end
        if check is None:
            return None

        def run() -> None:
            front_end.check_begins(check.line)
            try:
                check.run(self.migration.scope.root, files, front_end.check_says)
            finally:
                self.migration.session.checked = check.result
            front_end.check_passed(check.result)

        return run

    @contextlib.contextmanager
    def _looking_again(self, files: Sequence[FileChange]) -> Iterator[None]:
        """Scan again when a file is not what was looked at, so that its findings are offered on the text as it is."""
        try:
            yield
        except WizardError:
            if any(_is_other(self.migration.scope.root, change) for change in files):
                self.migration.look_again()
            raise


def _is_other(root: Path, change: FileChange) -> bool:
    try:
        return safe_io.read(root, change.path) != change.before
    except safe_io.UnsafePath:
        return True
