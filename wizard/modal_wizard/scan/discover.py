"""List the files to scan: git's own list where there is a repository, else a walk that skips the usual folders."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from modal_wizard.errors import WizardError
from modal_wizard.git.dotgit import refusal
from modal_wizard.git.read_only import ELSEWHERE, PATIENCE, READING, reading_environment
from modal_wizard.process.platform import find_program
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_transforms.core.target import Goal

SKIPPED_FOLDERS = frozenset(
    ".git .hg .svn .venv venv .env env node_modules __pycache__ .tox .nox .mypy_cache .ruff_cache .pytest_cache "
    "site-packages .eggs build dist .ipynb_checkpoints .modal-wizard".split()
)


class ScanScope(Struct, frozen=True):
    """What is scanned: the root that paths are relative to, and the part of it that was asked for.

    ``inside`` is a path relative to the root with ``/`` (a folder or a file), or empty for everything;
    ``asked_goal`` is what the migration is to come to, where that was said. ``also`` are the paths, of the same form,
    that were asked for beside ``inside``.
    """

    root: Path
    inside: str
    in_git: bool
    asked_goal: Goal | None = None
    also: frozenset[str] = frozenset()

    @property
    def goal(self) -> Goal:
        """What the migration is to come to: the whole way, where nothing else was asked for."""
        from modal_transforms.core.target import WHOLE_WAY

        return self.asked_goal or WHOLE_WAY

    def covers(self, path: str) -> bool:
        """Tell whether a path relative to the root was asked for."""
        if not self.inside or path == self.inside or path.startswith(f"{self.inside}/"):
            return True
        at = path if self.also else ""
        while at and at not in self.also:
            at = at.rpartition("/")[0]
        return bool(at)


def working_folder_gone() -> WizardError:
    """Return what to say where a relative path leads nowhere."""
    return WizardError(
        "The folder that this was started in is not there any more.",
        "Change to a folder that is there and start again; nothing was changed.",
    )


def scope_of(path: Path, goal: Goal | None = None) -> ScanScope:
    """Return the scope that a path on the command line names; raises `WizardError` when there is no such path.

    The root is the closest folder above it with a ``.git``; without one, the folder itself. Raises as well where that
    ``.git`` is none that can be followed.
    """
    if not path.exists():
        raise WizardError(f"There is no {visible(str(path))}.", "Give a folder or a Python file; nothing was changed.")
    try:
        target = path.resolve()
    except FileNotFoundError as error:  # the folder that a relative path is relative to
        raise working_folder_gone() from error
    folder = target if target.is_dir() else target.parent
    for root in (folder, *folder.parents):
        if os.path.lexists(root / ".git"):
            if reason := refusal(root):
                shown = visible(str(root / ".git"))
                hint = "Repair or remove it; nothing was read or written there."
                raise WizardError(f"{shown} is not followed: {visible(reason)}.", hint)
            inside = "" if target == root else target.relative_to(root).as_posix()
            return ScanScope(root, inside, in_git=True, asked_goal=goal)
    return ScanScope(folder, "" if target.is_dir() else target.name, in_git=False, asked_goal=goal)


def scope_of_all(paths: Sequence[Path], goal: Goal | None = None) -> ScanScope:
    """Return the scope that several paths on the command line name; raises as `scope_of` does.

    Raises `WizardError` as well where they are not in one repository (without one, in one folder).
    """
    first, *others = [scope_of(path, goal) for path in paths]
    for path, other in zip(paths[1:], others, strict=True):
        if other.root != first.root:
            raise WizardError(
                f"{visible(str(paths[0]))} and {visible(str(path))} are not in the same repository.",
                "Give paths of one repository, or one folder; nothing was changed.",
            )
    whole = not all(each.inside for each in (first, *others))
    inside = "" if whole else first.inside
    return replace(first, inside=inside, also=frozenset() if whole else frozenset(each.inside for each in others))


def list_files(scope: ScanScope) -> list[str]:
    """Return the files of the whole root, sorted, relative to it and with ``/``; symbolic links are among them.

    Raises `RepositoryProblem` where git waits for a named pipe.
    """
    listed = _git_files(scope.root) if scope.in_git else None
    return sorted(listed if listed is not None else _walk(scope.root))


def _git_files(root: Path) -> list[str] | None:
    from modal_wizard.git.command import answered

    program = find_program("git", str(root))
    if program is None:
        return None
    command = [program, *READING, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    environment = {name: value for name, value in os.environ.items() if name not in ELSEWHERE} | reading_environment()

    def start(source: int) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=root, env=environment, stdin=source, stdout=pipe, stderr=pipe)

    try:
        listed = answered(start, b"", PATIENCE, root)
    except OSError:
        return None
    return None if listed.status else list(dict.fromkeys(listed.fields))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself leads nowhere
        return False


def _walk(root: Path) -> Iterator[str]:
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(root / folder))
        except OSError:
            yield folder
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if not _is_folder(entry):
                yield path
            elif entry.name not in SKIPPED_FOLDERS:
                yield from [path] if entry.is_symlink() else []
                folders += [] if entry.is_symlink() else [path]
