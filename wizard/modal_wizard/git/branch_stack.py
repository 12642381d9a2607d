"""Branches that stand on each other, one for each section: ``PREFIX/01-image-copy``, ``PREFIX/02-mount`` and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from modal_wizard.git.command import Git, RepositoryProblem
from modal_wizard.git.queries import branch_exists
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_wizard.git.queries import Head
    from modal_wizard.git.repository import Repository

_HEADS = "refs/heads/"


class BranchStack(Struct):
    """The names of a stack's branches, in the order in which they are made."""

    prefix: str
    start: Head
    """Where HEAD was, which the first branch stands on."""
    remote: str
    """Where the branches would be pushed to."""
    names: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, repository: Repository, prefix: str) -> BranchStack:
        """Return an empty stack on HEAD; raises `RepositoryProblem` where its branches could not be made."""
        check_prefix(repository.git, prefix)
        start = repository.head()
        return cls(prefix, start, _remote(repository.git, start.branch))

    def branch_for(self, topic: str) -> str:
        """Return the branch that commits about something go to: the last one where that is about it, or the next."""
        if not self.names or not self.names[-1].endswith(f"-{topic}"):
            self.names.append(f"{self.prefix}/{len(self.names) + 1:02}-{topic}")
        return self.names[-1]


def check_prefix(git: Git, prefix: str) -> None:
    """Raise `RepositoryProblem` when no branches can be made below ``prefix``, or some are there already."""
    shown = visible(prefix)
    if prefix.startswith("-") or git.ask("check-ref-format", f"{_HEADS}{prefix}/01-x").status != 0:
        raise RepositoryProblem(
            f"'{shown}' is not a name that branches can have before a slash.", "Give another PREFIX."
        )
    parts = prefix.split("/")
    above = next((a for n in range(len(parts)) if branch_exists(git, a := "/".join(parts[: n + 1]))), None)
    if above is not None:
        raise RepositoryProblem(
            f"There is a branch {visible(above)}, and git has no branches below another one.",
            "Give another PREFIX; nothing was changed.",
        )
    listed = git.ask("for-each-ref", "--format=%(refname:lstrip=2)", f"{_HEADS}{prefix}/")
    if found := [visible(name) for name in listed.text.split("\n") if name]:
        raise RepositoryProblem(
            f"There are branches below {shown} already: {', '.join(found)}.",
            f"To go on where they end: git switch {found[-1]}, and another PREFIX. To begin anew: switch to your own "
            f"branch, and git branch -D {' '.join(found)}. Nothing was changed.",
        )


def _remote(git: Git, branch: str | None) -> str:
    """Return the remote that a branch belongs to, or the one that there most likely is."""
    own = git.ask("config", f"branch.{branch}.remote").text if branch else ""
    remotes = git.ask("remote").text.split("\n")
    return own or ("origin" if "origin" in remotes else remotes[0] or "origin")
