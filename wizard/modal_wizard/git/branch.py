"""Commits on a branch of their own: made from HEAD before the first of them, gone again when that one fails."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from modal_wizard.git.queries import Head
from modal_wizard.process.signals import held

if TYPE_CHECKING:
    from modal_wizard.git.repository import Repository


@contextlib.contextmanager
def on_branch(repository: Repository, name: str) -> Iterator[None]:
    """Make the commits of the block on a branch; raises `RepositoryProblem` when it cannot be made.

    Nothing happens without a name, or when the branch is checked out already. When the block fails before a commit
    was made, the person is back where they were and the branch is gone.
    """
    before = repository.head()
    if not name or before.branch == name or before.sha is None:
        yield
        return
    with held():
        repository.create_branch(name)
        try:
            yield
        except BaseException:
            if repository.head().sha == before.sha:
                _back(repository, before, name)
            raise


def _back(repository: Repository, before: Head, name: str) -> None:
    where = (before.branch, "--") if before.branch else ("--detach", before.sha or "HEAD")
    repository.git.act("checkout", "--quiet", *where)
    if repository.head().branch == name:  # a lock on the index: files and index are those of both
        ref = ("symbolic-ref", "HEAD", f"refs/heads/{before.branch}")
        repository.git.act(*(ref if before.branch else ("update-ref", "--no-deref", "HEAD", before.sha or "HEAD")))
    if repository.head().branch == before.branch:
        repository.git.act("branch", "--quiet", "-D", "--", name)
