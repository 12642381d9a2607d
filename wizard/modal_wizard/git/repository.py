"""The person's git repository: a facade over what asks git and what changes the repository."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from types import TracebackType

from modal_wizard.errors import WizardError
from modal_wizard.files import transaction
from modal_wizard.files.change import FileChange
from modal_wizard.git import (
    dotgit,
    failures,
    hooks,
    index_sync,
    preflight,
    queries,
    rehearsal,
    revert,
    set_aside,
    status,
)
from modal_wizard.git.backup import GitBackups
from modal_wizard.git.check_command import CheckFailed
from modal_wizard.git.command import Hears, RepositoryProblem, check_ok, problem_around
from modal_wizard.git.commit import CommitRequest, Committed, commit, settle_pending
from modal_wizard.git.committed_as import committed_as
from modal_wizard.git.failures import CommitFailed
from modal_wizard.git.index_sync import sweep
from modal_wizard.git.permissions import CommitPolicy, Permission
from modal_wizard.git.preflight import CommitRefused
from modal_wizard.git.queries import Head
from modal_wizard.git.runner import NOT_FOUND, GitRunner, run_in
from modal_wizard.git.status import FileState
from modal_wizard.git.trailers import with_trailer
from modal_wizard.process import signals
from modal_wizard.text.sanitize import visible

_WHERE = ("--is-bare-repository", "--is-inside-git-dir", "--is-inside-work-tree")
_NAMES = ("--absolute-git-dir", "--show-toplevel")
"""Which may have line ends in them, and of which the last cannot be told everywhere: asked one by one then."""


class Repository:
    """A work tree and its repository; a context manager that closes what it opened."""

    def __init__(self, git: GitRunner) -> None:
        self.git = git
        self.root = git.root
        """The top of the work tree; paths are relative to it."""
        self.git_dir = git.git_dir
        """The git directory of this work tree."""
        self.state_folder = git.state_folder
        """Where our journals are kept."""
        self.backups = GitBackups(git)
        self._knows_who = False
        self.shown: Head | None = None
        """Where HEAD was when the person was last shown what a commit would be."""

    @classmethod
    def find(cls, path: Path) -> Repository | None:
        """Return the repository whose work tree holds ``path``, or None.

        Raises `RepositoryProblem` when there is one that cannot be worked in: bare, not trusted by git, broken.
        """
        folder = path.resolve() if path.is_dir() else path.resolve().parent
        answer = run_in(folder, "rev-parse", *_WHERE, *_NAMES)
        said = answer.text.split("\n")
        if answer.status == 0 and len(said) == 5 and said[2] == "true":
            return cls(GitRunner(Path(said[4]), Path(said[3])))
        answer = run_in(folder, "rev-parse", *_WHERE)
        if answer.status != 0:
            problem = problem_around(folder, answer.err, installed=answer.status != NOT_FOUND)
            if problem is None:
                return None
            raise problem
        bare, inside_git, inside = (said == "true" for said in answer.text.split("\n"))
        if not inside:
            what = (
                "the inside of a git directory" if inside_git else "outside of the work tree that core.worktree names"
            )
            what = "a bare repository" if bare else what
            raise RepositoryProblem(f"{visible(str(folder))} is {what}.", "Give a folder of a work tree.")
        root = check_ok(run_in(folder, "rev-parse", "--show-toplevel"), "name the top folder").text
        git_dir = check_ok(run_in(folder, "rev-parse", "--absolute-git-dir"), "name its folder").text
        return cls(GitRunner(Path(root), Path(git_dir)))

    def __enter__(self) -> Repository:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes that were kept to ask git."""
        self.git.close()

    def finish(self) -> None:
        """Note what was put off while more was to be written; what cannot be noted is not."""
        with contextlib.suppress(RepositoryProblem), signals.shielded():
            self.backups.finish()

    # --- asking git ----------------------------------------------------------------------------------------------

    def head(self) -> Head:
        """Return the branch and the commit that are checked out."""
        return queries.head(self.git)

    def check_there(self) -> None:
        """Raise `CommitRefused` when the git directory is not there any more."""
        preflight.check_there(self.git_dir)

    def show_head(self) -> Head:
        """Return where HEAD is, and note that the person is shown it; raises `CommitRefused` without a repository."""
        self.check_there()
        self.shown = self.head()
        return self.shown

    def busy(self) -> str:
        """Return the operation in progress (``merge``, ``rebase`` ...), or an empty text."""
        return dotgit.busy(self.git_dir)

    def dirty_in_words(self) -> str:
        """Return how many files hold work that is in no commit: ``1 untracked file``; empty where none does."""
        return queries.dirty_in_words(self.git)

    def uncommitted(self, paths: Sequence[str]) -> dict[str, FileState]:
        """Return those of some files that hold changes of the person's which a commit of ours leaves out."""
        seen = status.survey(self.git, sorted(paths), looking=True) if paths else {}
        return {path: each.state for path, each in seen.items() if each.state in preflight.NEEDED}

    def are_clean(self, paths: Iterable[str]) -> bool:
        """Tell whether HEAD has all of some files as they are, so that none can stand in the way of a change."""
        try:
            seen = status.survey(self.git, sorted(paths))
        except RepositoryProblem:  # what is wrong is said where it is in the way
            return False
        return all(each.state is FileState.CLEAN for each in seen.values())

    def hooks(self) -> tuple[str, ...]:
        """Return the hooks that a commit runs."""
        return hooks.active_hooks(self.git)

    def signing(self) -> str:
        """Return how commits are signed: openpgp, ssh, x509, or an empty text."""
        return hooks.signing(self.git)

    def talkers(self) -> tuple[str, ...]:
        """Return what of a commit may read from the terminal."""
        return hooks.talkers(self.git)

    def check_new_branch(self, name: str) -> None:
        """Raise `RepositoryProblem` when no branch of that name can be made."""
        queries.check_new_branch(self.git, name)

    def reversal(self, sha: str) -> tuple[FileChange, ...]:
        """Return the changes that take a commit back in the files as they are; raises `CommitRefused`."""
        return revert.reversal(self.git, sha)

    def reversal_message(self, sha: str) -> str:
        """Return the words of the commit that takes one back."""
        return revert.message_of_reversal(self.git, sha)

    def text_before(self, sha: str, path: str) -> bytes:
        """Return a file as it was checked out before a commit."""
        return revert.checked_out(self.git, f"{sha}^", path)

    # --- changing it ---------------------------------------------------------------------------------------------

    def create_branch(self, name: str) -> None:
        """Make a branch where HEAD is and check it out; raises `RepositoryProblem`."""
        queries.create_branch(self.git, name)

    def check_write(self, changes: Sequence[FileChange], allowed: Container[Permission]) -> None:
        """Raise `CommitRefused` when files stand in the way of writing without a commit."""
        self.check_there()
        preflight.check_files(self.git, changes, allowed, commits=False)

    def check_commit(self, changes: Sequence[FileChange], allowed: Container[Permission]) -> preflight.Surveyed:
        """Return how files stand; raises `CommitRefused` when something is in the way of a commit, by name."""
        self.check_there()
        preflight.check_idle(self.git_dir)
        head = self.head()
        if head.sha is None:
            preflight.refuse_without_commit(self.git, head)
        if not self._knows_who:  # later, git says so itself before it commits
            preflight.check_identity(self.git)
            self._knows_who = True
        return preflight.check_files(self.git, changes, allowed)

    def commit(
        self,
        changes: Sequence[FileChange],
        message: str,
        *,
        env: Mapping[str, str] | None = None,
        include_hook_changes: bool = False,
        onto: Head | None = None,
        hears: Hears | None = None,
        finished: Callable[[], None] | None = None,
        earlier: frozenset[str] | None = None,
        before: preflight.Surveyed | None = None,
    ) -> Committed:
        """Commit files that `replace_files` has written; raises `CommitRefused` or `CommitFailed`.

        The person's own lines and files stay exactly as they are, in the index and in the work tree. With
        ``include_hook_changes`` what a hook made of our files since is committed with them. ``onto`` is where HEAD has
        to be when git's lock is ours. ``hears`` gets what hooks print. ``finished`` is called when the commit is there.
        ``earlier`` are the commits on HEAD that were there before, and ``before`` is how the files stood before they
        were written; both are asked when not given.
        """
        self.check_there()
        preflight.check_idle(self.git_dir)
        with self.writing():
            hooked = include_hook_changes
            return commit(
                self.git, CommitRequest(changes, message, env or {}, hooked, onto, hears, finished, earlier, before)
            )

    def land(
        self, changes: Sequence[FileChange], message: str, terms: CommitPolicy, *, env: Mapping[str, str] | None = None
    ) -> Committed:
        """Write the files and commit them, both or neither.

        Raises `CommitRefused` or `WriteRefused` before anything is written, `CommitFailed` or what the check raises
        after the files were put back; a kill in between is settled by `recover`.
        """
        with signals.held(), self.writing():
            before = self.check_commit(changes, terms.allowed)
            queries.check_head(self.git, terms.onto)
            self.backups.keep(changes, terms.about)
            here = terms.onto or self.head()
            parent = here.sha or ""
            earlier = queries.made_earlier(self.git, parent)
            transaction.replace_files(self.root, changes, self.state_folder, commit_on=parent)
            try:
                if terms.check is not None:
                    self._check(terms.check)
                if terms.trailer is not None:
                    message = with_trailer(message, terms.trailer())
                programs = terms.check is not None or terms.trailer is not None  # which may have moved HEAD
                made = self._commit_as_hooks_want(changes, message, terms, env, before, None if programs else earlier)
            except BaseException as error:
                rewritten: frozenset[str] = frozenset()
                with contextlib.suppress(signals.Stopped, signals.Halted):  # raised again when all is put back
                    rewritten = self.by_program(changes, error)
                with signals.shielded():
                    made = self._made_all_the_same(here, changes, earlier)
                    if not made.sha:
                        self._take_back(parent, changes, error, rewritten)
                        raise
                    transaction.finish(self.state_folder)
            with contextlib.suppress(RepositoryProblem), signals.shielded():
                self.backups.note(terms.about, made.sha, self._rewritten(parent, changes, made))
            return made

    def _check(self, check: Callable[[], None]) -> None:
        """Run the person's check; unstaged work that it set aside and did not bring back is put back."""
        before = set_aside.unstaged(self.git, {})
        try:
            check()
        except BaseException as error:
            with signals.shielded():
                said = set_aside.bring_back(self.git, {}, before)
            signals.note(said)
            if said and isinstance(error, WizardError):
                error.message += f" {said}"
            raise

    def _rewritten(self, parent: str, changes: Sequence[FileChange], made: Committed) -> dict[str, bytes]:
        """Return the files that hooks rewrote, and that are in the commit so."""
        now = {each.path: each.after for each in transaction.reread(self.root, changes) if each.path in made.rewritten}
        return {path: now[path] for path in committed_as(self.git, parent, now)} if now else {}

    def _made_all_the_same(self, on: Head, changes: Sequence[FileChange], earlier: Container[str]) -> Committed:
        """Return the commit that our git has made, whatever has failed since; without a name when it has not."""
        paths = [change.path for change in changes]
        begun = index_sync.is_begun(self.state_folder)
        sha = queries.made_since(self.git, on.sha or "", paths, earlier, on.branch) if begun else ""
        return Committed(sha, sha[:7], self.head().branch, tuple(paths))

    def _take_back(
        self, parent: str, changes: Sequence[FileChange], error: BaseException, rewritten: Collection[str]
    ) -> None:
        """Put the files back as they were, after a commit that was not made.

        What somebody saved meanwhile stays, and so does what somebody committed since ``parent``: to put it back would
        undo that.
        """
        theirs = committed_as(self.git, parent, {change.path: change.after for change in changes})
        ours = [change for change in changes if change.path not in theirs]
        left = transaction.take_back(self.root, ours, self.state_folder, rewritten)
        words = failures.left_in_words(changes, left, theirs)
        signals.note(f"The files of the section under way were put back. {words}".strip())
        if words and isinstance(error, WizardError):
            error.message, error.left = f"{error.message} {words}", (*(now.path for now in left), *theirs)

    def by_program(self, changes: Sequence[FileChange], error: BaseException) -> frozenset[str]:
        """Return the files of ours that a hook or a check is known to have changed, and nobody else."""
        if not isinstance(error, CommitFailed | CheckFailed):
            return frozenset()
        if error.by_program is None:
            error.by_program = rehearsal.made_again(self.git, changes, error.command, error.rewritten)
        return error.by_program

    def _commit_as_hooks_want(
        self,
        changes: Sequence[FileChange],
        message: str,
        terms: CommitPolicy,
        env: Mapping[str, str] | None,
        before: preflight.Surveyed,
        earlier: frozenset[str] | None,
    ) -> Committed:
        make = partial(
            self.commit,
            changes,
            message,
            env=env,
            onto=terms.onto,
            hears=terms.hears,
            finished=partial(transaction.finish, self.state_folder),
        )
        try:
            return make(earlier=earlier, before=before)
        except CommitFailed as failed:
            if not failed.rewritten or terms.hooks is None or not terms.hooks(failed):
                raise
            taken = transaction.reread(self.root, changes)
            try:
                return make(include_hook_changes=True)
            except (CommitRefused, CommitFailed) as error:
                refused = error if isinstance(error, CommitFailed) else CommitFailed("hook", str(error))
                refused.rewritten = failures.changed_since(self.root, changes)
                refused.by_program = self._made_by_both_runs(changes, taken)
                raise refused from error

    def _made_by_both_runs(self, changes: Sequence[FileChange], taken: Sequence[FileChange]) -> frozenset[str]:
        """Return the files that are as a first run of the hooks left them, or that a second run changed like it."""
        now = transaction.reread(self.root, taken)
        return frozenset(
            change.path
            for change, one, two in zip(changes, taken, now, strict=True)
            if one.after == two.after
            or rehearsal.changed_alike(
                FileChange(change.path, change.after, one.after, ()), FileChange(change.path, one.after, two.after, ())
            )
        )

    def writing(self) -> AbstractContextManager[None]:
        """Keep other modal-wizards from writing here for as long as the block runs; raises `WriteRefused`."""
        return transaction.alone(self.state_folder)

    def recover(self) -> str | None:
        """Settle what a killed run left half-done; returns what was done, or None."""
        if not self.state_folder.exists():
            return None
        with signals.held(), self.writing():
            preflight.check_settled(self.git_dir, self.state_folder)
            pending = index_sync.load(self.state_folder)  # without one no commit of ours was begun
            finished = settle_pending(self.git)
            committed = None
            if pending is not None:
                committed = partial(queries.made_since, self.git, earlier=pending.earlier, branch=pending.branch)
            theirs = partial(committed_as, self.git)
            said = transaction.recover(self.root, self.state_folder, committed=committed, theirs=theirs)
            index_sync.remove(self.state_folder)
            sweep(self.state_folder)
        return said or ("An interrupted commit had been made: the index was brought in step." if finished else None)
