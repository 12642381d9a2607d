"""Create the demo's repository with its history, independent of the person's git settings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from modal_wizard.git.command import Git, RepositoryProblem, check_ok
from modal_wizard.git.repository import Repository
from modal_wizard.git.runner import NOT_FOUND, run_in
from modal_wizard.text.sanitize import visible

_SETTINGS = {
    "user.name": "Modal Wizard",
    "user.email": "demo@example.invalid",
    "commit.gpgSign": "false",
    "core.hooksPath": os.devnull,
    "core.autocrlf": "false",
}


class PastCommit(Struct, frozen=True):
    """One commit of the made-up history: the files it adds, and its date as git reads it (empty: now)."""

    message: str
    date: str
    paths: tuple[str, ...]


def write_history(git: Git, commits: Sequence[PastCommit]) -> None:
    """Set a new repository's own configuration and make the commits, oldest first; raises `RepositoryProblem`."""
    for name, value in _SETTINGS.items():
        check_ok(git.act("config", "--local", name, value), "configure the repository")
    for each in commits:
        dates = {"GIT_AUTHOR_DATE": each.date, "GIT_COMMITTER_DATE": each.date} if each.date else {}
        check_ok(git.act("add", "--force", "--", *each.paths), "add the files")
        check_ok(git.act("commit", "--quiet", "--cleanup=whitespace", "-m", each.message, env=dates), "make a commit")


def create_repository(folder: Path, commits: Sequence[PastCommit]) -> None:
    """Turn a folder into a repository whose commits add its files; raises `RepositoryProblem`.

    No template, hook or signature of the person's own git configuration takes part.
    """
    made = run_in(folder, "init", "--quiet", "--template=", "--initial-branch=main", reading=False)
    if made.status == NOT_FOUND:
        raise RepositoryProblem("git was not found.", "Install git, then try again.")
    check_ok(made, "make a repository")
    found = Repository.find(folder)
    if found is None:
        raise RepositoryProblem(f"{visible(str(folder))} did not become a repository.", "See what git status says.")
    with found:
        write_history(found.git, commits)
