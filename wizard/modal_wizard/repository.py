"""The person's git repository. The only module that imports GitPython; everything else asks git through it.

GitPython finds the repository, runs git and closes what it opened; what is written goes through git's own commands,
since ``repo.index`` neither signs, nor runs filters, nor leaves the person's staged files out.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from modal_wizard import checking
from modal_wizard.apply import FileChange, recover
from modal_wizard.checking import CommitRefused
from modal_wizard.committing import Committed, Order, commit, finish_pending
from modal_wizard.display import visible
from modal_wizard.failing import CommitFailed, active_hooks, signing
from modal_wizard.founding import PastCommit, write_history
from modal_wizard.gitcall import (
    READING,
    Answer,
    RepositoryProblem,
    forget_elsewhere,
    must,
    person_environment,
    problem_around,
    reading_environment,
)
from modal_wizard.status import FileState, survey

if TYPE_CHECKING:
    from git import Git as GitCommand
    from git import Repo

__all__ = [
    "CommitFailed",
    "CommitRefused",
    "Committed",
    "FileState",
    "Head",
    "LogEntry",
    "PastCommit",
    "Repository",
    "RepositoryProblem",
    "create_repository",
]


@dataclass(frozen=True, slots=True)
class Head:
    """Where HEAD is."""

    branch: str | None
    """None when it is detached."""
    sha: str | None
    """None when the branch has no commit yet."""
    short: str


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One commit of the history."""

    sha: str
    short: str
    subject: str


class Repository:
    """A work tree and its repository; a context manager that closes what it opened."""

    def __init__(self, repo: Repo, root: Path, git_dir: Path) -> None:
        self._repo = repo
        self._root = root
        self._git_dir = git_dir

    @classmethod
    def find(cls, path: Path) -> Repository | None:
        """Return the repository whose work tree holds ``path``, or None.

        Raises `RepositoryProblem` when there is one that cannot be worked in: bare, not trusted by git, broken.
        """
        _prepare()
        import git

        folder = path.resolve() if path.is_dir() else path.resolve().parent
        command = git.Git(folder)
        try:
            answer = _run(command, ("rev-parse", "--is-bare-repository", "--is-inside-work-tree"), reading=True)
        except git.exc.GitCommandNotFound:
            answer = Answer(127, b"", "git was not found")
        if answer.status != 0:
            problem = problem_around(folder, answer.err)
            if problem is None:
                return None
            raise problem
        bare, inside = answer.text.split("\n")
        if inside != "true":
            what = "a bare repository" if bare == "true" else "the inside of a git directory"
            raise RepositoryProblem(f"{visible(str(folder))} is {what}.", "Give a folder of a work tree.")
        root = must(_run(command, ("rev-parse", "--show-toplevel"), reading=True), "name the top folder").text
        git_dir = must(_run(command, ("rev-parse", "--absolute-git-dir"), reading=True), "name its folder").text
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

    def ask(self, *arguments: str, given: bytes = b"", env: Mapping[str, str] | None = None) -> Answer:
        """Run a command that only reads, with nothing of the person's configuration run."""
        return _run(self._repo.git, arguments, reading=True, given=given, env=env)

    def act(self, *arguments: str, given: bytes = b"", env: Mapping[str, str] | None = None) -> Answer:
        """Run a command as the person would, with their configuration, hooks and locale."""
        return _run(self._repo.git, arguments, reading=False, given=given, env=env)

    def head(self) -> Head:
        """Return the branch and the commit that are checked out."""
        branch = self.ask("symbolic-ref", "-q", "--short", "HEAD").text or None
        sha = self.ask("rev-parse", "-q", "--verify", "HEAD^{commit}").text or None
        short = self.ask("rev-parse", "--short", sha).text if sha else ""
        return Head(branch, sha, short)

    def busy(self) -> str:
        """Return the operation in progress (``merge``, ``rebase`` ...), or an empty text."""
        return checking.busy(self._git_dir)

    def states(self, paths: Sequence[str]) -> dict[str, FileState]:
        """Return how each file stands in the index and the work tree."""
        return {path: seen.state for path, seen in survey(self, paths).items()}

    def is_dirty_elsewhere(self, paths: Sequence[str] = ()) -> bool:
        """Tell whether files other than these have changes that are in no commit."""
        status = self.ask("status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=all")
        return any(field[3:] not in paths for field in must(status, "tell its state").fields)

    def identity(self) -> str:
        """Return who commits, as ``Name <address>``; empty when git does not know."""
        who = [self.ask("var", name) for name in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT")]
        return who[1].text.rsplit(" ", 2)[0] if all(answer.status == 0 for answer in who) else ""

    def hooks(self) -> tuple[str, ...]:
        """Return the hooks that a commit runs."""
        return active_hooks(self)

    def signing(self) -> str:
        """Return how commits are signed: openpgp, ssh, x509, or an empty text."""
        return signing(self)

    def last_commits(self, count: int = 10) -> tuple[LogEntry, ...]:
        """Return the latest commits, newest first."""
        answer = self.ask("log", f"-{count}", "-z", "--no-decorate", "--format=%H%x09%h%x09%s")
        return tuple(LogEntry(*field.split("\t", 2)) for field in answer.fields)

    def branch_exists(self, name: str) -> bool:
        """Tell whether there is a local branch of that name."""
        return self.ask("show-ref", "--verify", "--quiet", f"refs/heads/{name}").status == 0

    # --- changing it ---------------------------------------------------------------------------------------------

    def create_branch(self, name: str) -> None:
        """Make a branch where HEAD is and check it out; the work tree and the index stay as they are."""
        if self.ask("check-ref-format", f"refs/heads/{name}").status != 0 or name.startswith("-"):
            raise RepositoryProblem(f"{visible(name)} is not a name that a branch can have.", "Give another name.")
        if self.branch_exists(name):
            raise RepositoryProblem(
                f"There is a branch {visible(name)} already.", "Give another name, or switch to it."
            )
        must(self.act("checkout", "--quiet", "-b", name), f"make the branch {name}")

    def check_write(self, changes: Sequence[FileChange], *, allow_dirty: bool, allow_staged: bool) -> None:
        """Raise `CommitRefused` when files stand in the way of writing without a commit."""
        allowed = checking.allowed_flags(dirty=allow_dirty, staged=allow_staged)
        checking.check_files(self, changes, allowed)

    def check_commit(self, changes: Sequence[FileChange], *, allow_dirty: bool, allow_staged: bool) -> None:
        """Raise `CommitRefused` when something stands in the way of writing and committing, by name."""
        checking.check_idle(self._git_dir)
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
        checking.check_idle(self._git_dir)
        return commit(self, Order(changes, message, env or {}, include_hook_changes))

    def recover(self) -> str | None:
        """Settle what a killed run left half-done; returns what was done, or None."""
        finished = finish_pending(self) if self.state_folder.exists() else False
        said = recover(self._root, self.state_folder, committed=self._committed)
        return said or ("An interrupted commit had been made: the index was brought in step." if finished else None)

    def _committed(self, parent: str, paths: Sequence[str]) -> bool:
        """Tell whether any commit since ``parent`` has touched the files."""
        if not parent:
            return self.head().sha is not None
        return bool(self.ask("rev-list", "-1", f"{parent}..HEAD", "--", *paths).text)


def create_repository(folder: Path, commits: Sequence[PastCommit]) -> None:
    """Make a repository of the files in a folder, one commit after another, untouched by the person's settings."""
    _prepare()
    import git

    init = ("init", "--quiet", "--template=", "--initial-branch=main")
    try:
        must(_run(git.Git(folder), init, reading=False), "make a repository")
    except git.exc.GitCommandNotFound as error:
        raise RepositoryProblem("git was not found.", "Install git, then try again.") from error
    found = Repository.find(folder)
    if found is None:
        raise RepositoryProblem(f"{visible(str(folder))} did not become a repository.", "See what git status says.")
    with found:
        write_history(found, commits)


def _prepare() -> None:
    """Let GitPython be imported without git, and see no variable that points elsewhere."""
    forget_elsewhere()
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")


def _run(
    command: GitCommand,
    arguments: Sequence[str],
    *,
    reading: bool,
    given: bytes = b"",
    env: Mapping[str, str] | None = None,
) -> Answer:
    settings = READING if reading else ()
    environment = {**(reading_environment() if reading else person_environment()), **(env or {})}
    with tempfile.TemporaryFile() as input_file:
        input_file.write(given)
        input_file.seek(0)
        status, out, err = command.execute(
            [command.GIT_PYTHON_GIT_EXECUTABLE or "git", *settings, *arguments],
            istream=input_file,
            env=environment,
            with_extended_output=True,
            with_exceptions=False,
            stdout_as_string=False,
            strip_newline_in_stdout=False,
        )
    return Answer(status, out, err)
