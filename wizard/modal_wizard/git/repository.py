"""The person's git repository. The only module that imports GitPython; everything else asks git through it.

GitPython finds the repository, runs git and closes what it opened; what is written goes through git's own commands,
since ``repo.index`` neither signs, nor runs filters, nor leaves the person's staged files out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from modal_wizard.files import transaction
from modal_wizard.files.change import FileChange
from modal_wizard.git import preflight
from modal_wizard.git.backup import GitBackups
from modal_wizard.git.check_command import CheckFailed
from modal_wizard.git.command import (
    Completed,
    RepositoryProblem,
    check_ok,
    problem_around,
    without_filters,
)
from modal_wizard.git.commit import CommitRequest, Committed, commit, finish_pending
from modal_wizard.git.failures import CommitFailed
from modal_wizard.git.index_sync import sweep
from modal_wizard.git.permissions import CommitPolicy
from modal_wizard.git.preflight import CommitRefused
from modal_wizard.git.queries import Head, LogEntry, Questions
from modal_wizard.git.runner import prepare, run
from modal_wizard.git.status import FileState
from modal_wizard.process import signals
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from git import Repo

__all__ = [
    "CommitFailed",
    "CommitRefused",
    "Committed",
    "FileState",
    "Head",
    "LogEntry",
    "Repository",
    "RepositoryProblem",
    "CommitPolicy",
]


class Repository(Questions):
    """A work tree and its repository; a context manager that closes what it opened."""

    def __init__(self, repo: Repo, root: Path, git_dir: Path) -> None:
        self._repo = repo
        self._root = root
        self._git_dir = git_dir
        self.backups = GitBackups(self)

    @classmethod
    def find(cls, path: Path) -> Repository | None:
        """Return the repository whose work tree holds ``path``, or None.

        Raises `RepositoryProblem` when there is one that cannot be worked in: bare, not trusted by git, broken.
        """
        prepare()
        import git

        folder = path.resolve() if path.is_dir() else path.resolve().parent
        command = git.Git(folder)
        try:
            answer = run(command, ("rev-parse", "--is-bare-repository", "--is-inside-work-tree"), reading=True)
        except git.exc.GitCommandNotFound:
            answer = Completed(127, b"", "git was not found")
        if answer.status != 0:
            problem = problem_around(folder, answer.err)
            if problem is None:
                return None
            raise problem
        bare, inside = answer.text.split("\n")
        if inside != "true":
            what = "a bare repository" if bare == "true" else "the inside of a git directory"
            raise RepositoryProblem(f"{visible(str(folder))} is {what}.", "Give a folder of a work tree.")
        root = check_ok(run(command, ("rev-parse", "--show-toplevel"), reading=True), "name the top folder").text
        git_dir = check_ok(run(command, ("rev-parse", "--absolute-git-dir"), reading=True), "name its folder").text
        try:
            return cls(git.Repo(root, expand_vars=False), Path(root), Path(git_dir))
        except git.exc.GitError as error:
            raise RepositoryProblem(
                f"{visible(root)} cannot be opened: {error}.", "See what git status says."
            ) from error

    def __enter__(self) -> Repository:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes that GitPython keeps."""
        self._repo.close()

    # --- asking git ----------------------------------------------------------------------------------------------

    @property
    def root(self) -> Path:
        """The top of the work tree; paths are relative to it."""
        return self._root

    @property
    def git_dir(self) -> Path:
        """The git directory of this work tree."""
        return self._git_dir

    @property
    def state_folder(self) -> Path:
        """Where our journals are kept."""
        return self._git_dir / "modal-wizard"

    def ask(self, *arguments: str, given: bytes = b"", env: Mapping[str, str] | None = None) -> Completed:
        """Run a command that only reads, with nothing of the person's configuration run."""
        quiet = {**self._unfiltered, **(env or {})}
        return run(self._repo.git, arguments, reading=True, given=given, env=quiet)

    def act(self, *arguments: str, given: bytes = b"", env: Mapping[str, str] | None = None) -> Completed:
        """Run a command as the person would, with their configuration, hooks and locale."""
        return run(self._repo.git, arguments, reading=False, given=given, env=env)

    @cached_property
    def _unfiltered(self) -> dict[str, str]:
        names = ("config", "-z", "--name-only", "--get-regexp", r"^filter\.")
        return without_filters(run(self._repo.git, names, reading=True))

    # --- changing it ---------------------------------------------------------------------------------------------

    def check_write(self, changes: Sequence[FileChange], *, allow_dirty: bool, allow_staged: bool) -> None:
        """Raise `CommitRefused` when files stand in the way of writing without a commit."""
        allowed = preflight.allowed_flags(dirty=allow_dirty, staged=allow_staged)
        preflight.check_files(self, changes, allowed)

    def check_commit(self, changes: Sequence[FileChange], *, allow_dirty: bool, allow_staged: bool) -> None:
        """Raise `CommitRefused` when something stands in the way of writing and committing, by name."""
        preflight.check_idle(self._git_dir)
        head = self.head()
        if head.sha is None:
            raise CommitRefused(
                f"The branch {visible(head.branch or '?')} has no commit yet; nothing was written.",
                "Make a first commit of your own, or write without a commit.",
            )
        if not self.identity():
            raise CommitRefused(
                "Git does not know who you are; nothing was written.",
                'Tell it: git config user.name "..." and git config user.email "...".',
            )
        self.check_write(changes, allow_dirty=allow_dirty, allow_staged=allow_staged)

    def commit(
        self,
        changes: Sequence[FileChange],
        message: str,
        *,
        env: Mapping[str, str] | None = None,
        include_hook_changes: bool = False,
    ) -> Committed:
        """Commit files that `apply.write` has written; raises `CommitRefused` or `CommitFailed`.

        The person's own lines and files stay exactly as they are, in the index and in the work tree. With
        ``include_hook_changes`` what a hook made of our files since is committed with them.
        """
        preflight.check_idle(self._git_dir)
        with self.writing():
            return commit(self, CommitRequest(changes, message, env or {}, include_hook_changes))

    def land(
        self, changes: Sequence[FileChange], message: str, terms: CommitPolicy, *, env: Mapping[str, str] | None = None
    ) -> Committed:
        """Write the files and commit them, both or neither.

        Raises `CommitRefused` or `WriteRefused` before anything is written, `CommitFailed` or what the check raises
        after the files were put back; a kill in between is settled by `recover`.
        """
        with signals.held(), self.writing():
            self.check_commit(changes, allow_dirty=terms.dirty, allow_staged=terms.staged)
            self.backups.keep(changes)
            transaction.replace_files(self._root, changes, self.state_folder, commit_on=self.head().sha or "")
            try:
                if terms.check is not None:
                    terms.check()
                made = self._commit_as_hooks_want(changes, message, terms, env)
            except BaseException as error:
                rewritten = error.rewritten if isinstance(error, CommitFailed | CheckFailed) else ()
                transaction.take_back(self._root, changes, self.state_folder, rewritten)
                signals.note("The files of the section under way were put back.")
                raise
            transaction.finish(self.state_folder)
            return made

    def _commit_as_hooks_want(
        self, changes: Sequence[FileChange], message: str, terms: CommitPolicy, env: Mapping[str, str] | None
    ) -> Committed:
        try:
            return self.commit(changes, message, env=env)
        except CommitFailed as failed:
            if not failed.rewritten or terms.hooks is None or not terms.hooks(failed):
                raise
            try:
                return self.commit(changes, message, env=env, include_hook_changes=True)
            except CommitRefused as refused:
                raise CommitFailed("hook", str(refused), failed.rewritten) from refused

    def writing(self) -> AbstractContextManager[None]:
        """Keep other modal-wizards from writing here for as long as the block runs; raises `WriteRefused`."""
        return transaction.alone(self.state_folder)

    def recover(self) -> str | None:
        """Settle what a killed run left half-done; returns what was done, or None."""
        if not self.state_folder.exists():
            return None
        with signals.held(), self.writing():
            preflight.check_settled(self._git_dir, self.state_folder)
            finished = finish_pending(self)
            said = transaction.recover(self._root, self.state_folder, committed=self.has_commit_since)
            sweep(self.state_folder)
        return said or ("An interrupted commit had been made: the index was brought in step." if finished else None)
