"""Local folders as a source and a goal of all-repos: to try a migration of many repositories on clones of them.

Both are named in its configuration: ``"source"`` and ``"push"`` are ``modal_wizard.ci.local_folders``, and the settings
of the first say which ``folder`` the repositories lie in.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """What the configuration says."""

    folder: str = ""


def list_repos(settings: Settings) -> dict[str, str]:
    """Return the repositories directly in the folder, by name: where each is."""
    folder = Path(settings.folder).resolve()
    return {path.parent.name: str(path.parent) for path in sorted(folder.glob("*/.git"))}


def push(settings: Settings, branch_name: str) -> None:
    """Give a branch of the clone that we are in to the repository that it comes from, checked out there or not at all.

    Raises `RepositoryProblem` where that has another branch of the name.
    """
    from modal_wizard.git.command import check_ok
    from modal_wizard.git.runner import run_in

    check_ok(run_in(Path.cwd(), "push", "--quiet", "origin", branch_name, reading=False), f"push {branch_name}")
