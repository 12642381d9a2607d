"""The questions that the wizard has for a repository, and making a branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from modal_wizard.git.command import Git, RepositoryProblem, check_ok
from modal_wizard.git.dotgit import busy
from modal_wizard.git.hooks import active_hooks, signing, talkers
from modal_wizard.git.status import FileState, survey
from modal_wizard.text.sanitize import visible


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


class Questions(Git):
    """A work tree that can be asked about itself."""

    @property
    def git_dir(self) -> Path:
        """The git directory of this work tree."""
        raise NotImplementedError

    def head(self) -> Head:
        """Return the branch and the commit that are checked out."""
        branch = self.ask("symbolic-ref", "-q", "--short", "HEAD").text or None
        sha = self.ask("rev-parse", "-q", "--verify", "HEAD^{commit}").text or None
        short = self.ask("rev-parse", "--short", sha).text if sha else ""
        return Head(branch, sha, short)

    def busy(self) -> str:
        """Return the operation in progress (``merge``, ``rebase`` ...), or an empty text."""
        return busy(self.git_dir)

    def states(self, paths: Sequence[str]) -> dict[str, FileState]:
        """Return how each file stands in the index and the work tree."""
        return {path: seen.state for path, seen in survey(self, paths).items()}

    def is_dirty_elsewhere(self, paths: Sequence[str] = ()) -> bool:
        """Tell whether files other than these have changes that are in no commit."""
        status = self.ask("status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=all")
        return any(field[3:] not in paths for field in check_ok(status, "tell its state").fields)

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

    def talkers(self) -> tuple[str, ...]:
        """Return what of a commit may read from the terminal."""
        return talkers(self)

    def last_commits(self, count: int = 10) -> tuple[LogEntry, ...]:
        """Return the latest commits, newest first."""
        answer = self.ask("log", f"-{count}", "-z", "--no-decorate", "--format=%H%x09%h%x09%s")
        return tuple(LogEntry(*field.split("\t", 2)) for field in answer.fields)

    def has_commit_since(self, parent: str, paths: Sequence[str]) -> bool:
        """Tell whether any commit after ``parent`` has touched the files."""
        return bool(parent and self.ask("rev-list", "-1", f"{parent}..HEAD", "--", *paths).text)

    def branch_exists(self, name: str) -> bool:
        """Tell whether there is a local branch of that name."""
        return self.ask("show-ref", "--verify", "--quiet", f"refs/heads/{name}").status == 0

    def create_branch(self, name: str) -> None:
        """Make a branch where HEAD is and check it out; the work tree and the index stay as they are."""
        self.check_new_branch(name)
        answer = self.act("checkout", "--quiet", "--no-track", "-b", name)
        if self.head().branch != name:
            check_ok(answer, f"make the branch {visible(name)}")

    def check_new_branch(self, name: str) -> None:
        """Raise `RepositoryProblem` when no branch of that name can be made."""
        shown = visible(name)
        possible = name and name != "HEAD" and not name.startswith("-")
        if not possible or self.ask("check-ref-format", "--branch", name).text != name:
            raise RepositoryProblem(f"{shown} is not a name that a branch can have.", "Give another name.")
        if self.branch_exists(name):
            raise RepositoryProblem(f"There is a branch {shown} already.", "Give another name, or switch to it.")
