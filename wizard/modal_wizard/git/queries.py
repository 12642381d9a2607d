"""What the wizard asks a repository, and making a branch: functions over anything that runs git."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modal_wizard.git.command import Git, RepositoryProblem, check_ok
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


def head(git: Git) -> Head:
    """Return the branch and the commit that are checked out."""
    branch = git.ask("symbolic-ref", "-q", "--short", "HEAD").text or None
    sha = git.ask("rev-parse", "-q", "--verify", "HEAD^{commit}").text or None
    short = git.ask("rev-parse", "--short", sha).text if sha else ""
    return Head(branch, sha, short)


def states(git: Git, paths: Sequence[str]) -> dict[str, FileState]:
    """Return how each file stands in the index and the work tree."""
    return {path: seen.state for path, seen in survey(git, paths).items()}


def is_dirty_elsewhere(git: Git, paths: Sequence[str] = ()) -> bool:
    """Tell whether files other than these have changes that are in no commit."""
    status = git.ask("status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=all")
    return any(field[3:] not in paths for field in check_ok(status, "tell its state").fields)


def identity(git: Git) -> str:
    """Return who commits, as ``Name <address>``; empty when git does not know."""
    who = [git.ask("var", name) for name in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT")]
    return who[1].text.rsplit(" ", 2)[0] if all(answer.status == 0 for answer in who) else ""


def has_commit_since(git: Git, parent: str, paths: Sequence[str]) -> bool:
    """Tell whether any commit after ``parent`` has touched the files."""
    return bool(parent and git.ask("rev-list", "-1", f"{parent}..HEAD", "--", *paths).text)


def branch_exists(git: Git, name: str) -> bool:
    """Tell whether there is a local branch of that name."""
    return git.ask("show-ref", "--verify", "--quiet", f"refs/heads/{name}").status == 0


def create_branch(git: Git, name: str) -> None:
    """Make a branch where HEAD is and check it out; the work tree and the index stay as they are.

    Raises `RepositoryProblem` when it cannot be made.
    """
    check_new_branch(git, name)
    answer = git.act("checkout", "--quiet", "--no-track", "-b", name)
    if head(git).branch != name:
        check_ok(answer, f"make the branch {visible(name)}")


def check_new_branch(git: Git, name: str) -> None:
    """Raise `RepositoryProblem` when no branch of that name can be made."""
    shown = visible(name)
    possible = name and name != "HEAD" and not name.startswith("-")
    if not possible or git.ask("check-ref-format", "--branch", name).text != name:
        raise RepositoryProblem(f"{shown} is not a name that a branch can have.", "Give another name.")
    if branch_exists(git, name):
        raise RepositoryProblem(f"There is a branch {shown} already.", "Give another name, or switch to it.")
