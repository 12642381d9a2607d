"""Open a path for the wizard: what to look at, and the decisions that an earlier run kept."""

from __future__ import annotations

from pathlib import Path

from modal_wizard.discover import Scope, scope_of
from modal_wizard.migration import Migration
from modal_wizard.session import Session, UnknownSession, load

SESSION = "session.jsonl"


def open_migration(path: Path) -> Migration:
    """Return the migration of a path, with the decisions made in earlier runs."""
    scope = scope_of(path)
    return Migration(scope, _session(scope))


def git_dir(root: Path) -> Path | None:
    """Return a repository's git directory, without asking git; ``None`` when there is none."""
    entry = root / ".git"
    if entry.is_dir():
        return entry
    try:
        pointer = entry.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    named = pointer.removeprefix("gitdir:").strip()
    return (root / named).resolve() if pointer.startswith("gitdir:") else None


def _session(scope: Scope) -> Session:
    folder = git_dir(scope.root) if scope.in_git else None
    if folder is None:
        return Session()
    file = folder / "modal-wizard" / SESSION
    try:
        return load(file)
    except UnknownSession:
        aside = file.with_suffix(".other-version")
        file.replace(aside)
        return Session(file=file)
