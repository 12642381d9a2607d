"""Running git: the only module that knows GitPython.

GitPython opens the repository, starts git and closes what it opened; what is written goes through git's own commands,
since ``repo.index`` neither signs, nor runs filters, nor leaves the person's staged files out.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from subprocess import Popen
from typing import TYPE_CHECKING, cast

from modal_wizard.git.blobs import IndexEntry
from modal_wizard.git.command import (
    Completed,
    Hears,
    RepositoryProblem,
    answered,
    forget_elsewhere,
    person_environment,
    without_filters,
)
from modal_wizard.git.read_only import PATIENCE, READING, reading_environment
from modal_wizard.process.platform import find_program
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from git import Git as GitCommand
    from git import Repo

NOT_FOUND = 127
"""The status of a command that is not installed, as a shell has it."""
_REMEMBERED = 64
"""So many answers that cannot change are remembered: those about the commit before and the one just made."""
_SLOW = frozenset({"commit", "checkout"})
"""What runs hooks and may talk to the person; an interrupt typed at the terminal does not reach the others."""


class GitRunner:
    """Runs git in one work tree; a `modal_wizard.git.command.Git`."""

    def __init__(self, root: Path, git_dir: Path) -> None:
        """Open a work tree by its top and its git directory; raises `RepositoryProblem` when it cannot be."""
        self.root = root
        self.git_dir = git_dir
        self.state_folder = git_dir / "modal-wizard"
        self._repo = _opened(root)
        self._once: dict[object, Completed] = {}
        self.parents: dict[str, tuple[str, ...]] = {}
        self.level: tuple[object, str] | None = None
        self.entries: tuple[object, dict[str, IndexEntry | None]] = (None, {})
        self.short = 0

    def close(self) -> None:
        """End the processes that GitPython keeps."""
        self._repo.close()

    def ask(self, *arguments: str, given: bytes = b"", env: Mapping[str, str] | None = None) -> Completed:
        """Run a command that only reads, with nothing of the person's configuration run."""
        quiet = {**self._unfiltered, **(env or {})}
        return _run(self._repo.git, arguments, reading=True, given=given, env=quiet)

    def ask_once(self, *arguments: str, of: object = None) -> Completed:
        """Ask what cannot change while ``of`` is the same, or ever, about objects by their names; remembers answers."""
        if (known := self._once.get((arguments, of))) is not None:
            return known
        answer = self.ask(*arguments)
        if answer.status == 0:
            while len(self._once) >= _REMEMBERED:
                del self._once[next(iter(self._once))]
            self._once[arguments, of] = answer
        return answer

    def act(
        self, *arguments: str, given: bytes = b"", env: Mapping[str, str] | None = None, hears: Hears | None = None
    ) -> Completed:
        """Run a command as the person would, with their configuration, hooks and locale; ``hears`` what it says."""
        return _run(self._repo.git, arguments, reading=False, given=given, env=env, hears=hears)

    @cached_property
    def _unfiltered(self) -> dict[str, str]:
        names = ("config", "-z", "--name-only", "--get-regexp", r"^filter\.")
        return without_filters(_run(self._repo.git, names, reading=True))


def run_in(folder: Path, *arguments: str, reading: bool = True) -> Completed:
    """Run git in a folder that need not be in a repository; the status is `NOT_FOUND` where there is no git."""
    _prepare()
    from git import Git
    from git.exc import GitCommandNotFound

    try:
        return _run(Git(folder), arguments, reading=reading)
    except GitCommandNotFound:
        return Completed(NOT_FOUND, b"", "git was not found")


_NO_GIT = {"GIT_PYTHON_REFRESH": "quiet", "GIT_PYTHON_GIT_EXECUTABLE": os.devnull}
"""By what GitPython, when it is imported, finds no git to ask for its version, and says nothing of it."""


def _prepare() -> None:
    """Have GitPython imported, and see no variable that points elsewhere.

    When it is imported it runs git, and fails where that does: it is given none then. Its settings stay the person's.
    """
    forget_elsewhere()
    if "git" in sys.modules:
        return
    before = {name: os.environ.get(name) for name in _NO_GIT}
    os.environ.update(_NO_GIT)
    try:
        import git  # noqa: F401
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            os.environ.update({name: value} if value is not None else {})


def _opened(root: Path) -> Repo:
    _prepare()
    from git import Repo
    from git.exc import GitError

    try:
        return Repo(root, expand_vars=False)
    except GitError as error:
        if not os.path.lexists(root / ".git"):
            message = f"Git takes {visible(str(root))} for the work tree, and there is no .git in it."
            raise RepositoryProblem(message, "See core.worktree in the settings of the repository.") from error
        message = f"{visible(str(root))} cannot be opened: {error}."
        raise RepositoryProblem(message, "See what git status says.") from error


def _command(arguments: Sequence[str]) -> str:
    """Return git's command among its arguments, behind the options of git itself."""
    at = 0
    while arguments[at].startswith("-"):
        at += 2 if arguments[at] in {"-c", "-C"} else 1
    return arguments[at]


def _run(
    command: GitCommand,
    arguments: Sequence[str],
    *,
    reading: bool,
    given: bytes = b"",
    env: Mapping[str, str] | None = None,
    hears: Hears | None = None,
) -> Completed:
    """Run git with ``given`` as its input; ``reading`` keeps everything of the person's from running."""
    settings = READING if reading else ()
    environment = {**(reading_environment() if reading else person_environment()), **(env or {})}
    program = find_program("git", os.fspath(command.working_dir or ""))
    if program is None:
        return Completed(NOT_FOUND, b"", "git was not found")
    words = [program, *settings, *arguments]
    aside = _command(arguments) not in _SLOW

    def start(source: int) -> Popen[bytes]:
        begun = command.execute(words, istream=source, env=environment, as_process=True, start_new_session=aside)
        process, begun.proc = begun.proc, None  # it would end the process when it is forgotten
        return cast("Popen[bytes]", process)

    patience, folder = PATIENCE if reading else None, Path(command.working_dir or "")
    return answered(start, given, patience, folder, gentle=not aside, hears=hears)
