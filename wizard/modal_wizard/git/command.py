"""How git is asked: the environment, the options of calls that only read, and what an answer is."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from modal_wizard.errors import WizardError
from modal_wizard.git.read_only import ELSEWHERE
from modal_wizard.process.platform import WINDOWS
from modal_wizard.process.signals import running
from modal_wizard.process.tree import end_tree
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_wizard.git.blobs import IndexEntry

MANY = 100 if WINDOWS else 400
"""More paths than this are given in several calls: a command line has an end, after 32,767 characters on Windows."""


Hears = Callable[[str], None]
"""Takes in a line that a program printed, made safe to show; called in any thread."""


class RepositoryProblem(WizardError):
    """The repository cannot be used as it is."""


class Completed(Struct, frozen=True):
    """What a git command gave."""

    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """The output as text, without its last line end."""
        return os.fsdecode(self.out).rstrip("\n")

    @property
    def fields(self) -> list[str]:
        """The parts of an output of ``-z``."""
        return [os.fsdecode(part) for part in self.out.split(b"\0") if part]


class Git(Protocol):
    """Something that runs git in one work tree."""

    @property
    def root(self) -> Path:
        """The top of the work tree."""

    @property
    def state_folder(self) -> Path:
        """Where files of our own may be kept, below the git directory."""

    @property
    def parents(self) -> dict[str, tuple[str, ...]]:
        """The parents of commits, as far as they are known."""

    level: tuple[object, str] | None
    """The state of the index and the commit of which it is known that they have the same of all files."""
    entries: tuple[object, dict[str, IndexEntry | None]]
    """A state of the index, and what it has then of files, as far as that was asked."""
    short: int
    """How long git makes the short name of a commit; 0 as long as it was not asked for one."""

    def ask(self, *arguments: str, given: bytes = b"", env: Mapping[str, str] | None = None) -> Completed:
        """Run a command that only reads, with nothing of the person's configuration run."""

    def ask_once(self, *arguments: str, of: object = None) -> Completed:
        """Ask what cannot change while ``of`` is the same, or ever, about objects by their names; remembers answers."""

    def act(
        self, *arguments: str, given: bytes = b"", env: Mapping[str, str] | None = None, hears: Hears | None = None
    ) -> Completed:
        """Run a command as the person would, with their configuration, hooks and locale.

        ``hears`` gets what it says, line by line while it runs: what hooks print comes there.
        """


def answered(
    start: Callable[[int], subprocess.Popen[bytes]],
    given: bytes,
    patience: float | None,
    folder: Path,
    *,
    gentle: bool = False,
    hears: Hears | None = None,
) -> Completed:
    """Return what git, started in a folder, answers to ``given``; it ends when we do, or after ``patience`` seconds.

    ``start`` gets what `subprocess.Popen` takes as the input. A ``gentle`` command runs programs of the person's,
    and what these say is told to ``hears``. Raises `RepositoryProblem` where git waits for a named pipe.
    """
    with running(partial(start, subprocess.PIPE if given else subprocess.DEVNULL), gentle=gentle) as child:
        said = _heard(child, given, patience, hears, None if gentle else folder)
    if said is None:
        return Completed(-9, b"", f"git gave no answer within {patience:g} seconds")
    return Completed(child.returncode, said[0], said[1].decode("utf-8", "surrogateescape").removesuffix("\n"))


def _heard(
    child: subprocess.Popen[bytes], given: bytes, patience: float | None, hears: Hears | None, folder: Path | None
) -> tuple[bytes, bytes] | None:
    """Return what a command says until it ends; what it left running may go on, and is not waited for."""
    waited, told, look, doubt = 0.0, 0, _LISTEN if hears is not None else _LOOK, _LOOK
    sent: bytes | None = given or None
    while True:
        ended = child.poll() is not None
        try:
            return child.communicate(sent, timeout=look)
        except subprocess.TimeoutExpired as late:
            if ended:
                return late.output or b"", late.stderr or b""
            sent = None
            waited += look
            told = _tell(late.stderr or b"", told, hears)
            if folder is not None and waited >= doubt:
                doubt *= _SELDOMER
                check_pipes(folder)
            if patience is not None and waited >= patience:
                end_tree(child.pid)
                return None


def check_pipes(folder: Path) -> None:
    """Raise `RepositoryProblem` where a git that was asked in a folder waits for a named pipe."""
    from modal_wizard.git.pipes import waited_for

    if (pipe := waited_for(folder)) is not None:
        raise RepositoryProblem(
            f"Git waits for {visible(str(pipe))}, which is a named pipe.", "Remove it, then start again."
        )


def _tell(said: bytes, told: int, hears: Hears | None) -> int:
    """Tell the whole lines of an output from a place on; returns up to where they are told."""
    end = said.rfind(b"\n") + 1
    if hears is not None and end > told:
        for line in said[told:end].decode("utf-8", "replace").splitlines():
            hears(visible(line, "    "))
    return max(end, told)


_LISTEN = 0.2
"""Seconds between two looks at what a command has said, where somebody follows it."""
_LOOK = 0.5
"""Seconds after which it is looked whether a command has ended, and only what it left running holds its output.

As long git is silent before it is looked whether it waits for a pipe.
"""
_SELDOMER = 8
"""So many times as long until that is looked at again: it walks through all folders."""


def without_filters(listed: Completed) -> dict[str, str]:
    """Return the environment in which git runs none of the filters whose settings are ``listed`` (names, ``-z``)."""
    drivers = dict.fromkeys(name.rpartition(".")[0] for name in listed.fields)
    settings = {f"{driver}.{key}": "" for driver in drivers for key in ("clean", "smudge", "process")}
    settings |= {f"{driver}.required": "false" for driver in drivers}
    given = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
    environment = {"GIT_CONFIG_COUNT": str(given + len(settings))} if settings else {}
    for number, (key, value) in enumerate(settings.items(), given):
        environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return environment


def person_environment() -> dict[str, str]:
    """Return what gives hooks the person's own locale back, and us git's own messages in English."""
    wanted = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or ""
    return {"LC_ALL": "", "LANGUAGE": "C", "LC_MESSAGES": "C", "LC_CTYPE": wanted}


def forget_elsewhere() -> None:
    """Take variables that point to another repository out of this process's environment, for good.

    GitPython reads some of them and hands all of them on.
    """
    for name in ELSEWHERE:
        os.environ.pop(name, None)


def names_of(git: Git, paths: Sequence[str], *, looking: bool = False) -> dict[str, str]:
    """Return by path what git would call the files as they are on the disk; unreadable ones are left out.

    It runs the person's filters for that, unless one is only ``looking``.
    """
    names: dict[str, str] = {}
    for start in range(0, len(paths), MANY):
        chunk = paths[start : start + MANY]
        answer = (git.ask if looking else git.act)("hash-object", "--", *chunk)
        if answer.status == 0:
            names.update(zip(chunk, answer.text.split("\n"), strict=True))
        elif len(chunk) > 1:
            for path in chunk:
                names.update(names_of(git, [path], looking=looking))
    return names


def check_ok(answer: Completed, what: str) -> Completed:
    """Return the answer of a command that has to work; raises `RepositoryProblem`."""
    if answer.status == 0:
        return answer
    said = visible(answer.err.strip() or answer.text.strip())
    raise RepositoryProblem(f"git could not {what}: {said}.", "Nothing else was done.")


def problem_around(folder: Path, said: str, *, installed: bool = True) -> RepositoryProblem | None:
    """Return what is wrong with the repository around a folder where git finds none; None when there is none."""
    top = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)
    if top is None:
        return None
    shown = visible(str(top))
    if not installed:
        return RepositoryProblem(
            f"{shown} is a git repository, and git was not found.",
            "Install git or put it on PATH; nothing was changed.",
        )
    if "dubious ownership" in said:
        return RepositoryProblem(
            f"{shown} belongs to another user, and git does not trust it.",
            f"If you do: git config --global --add safe.directory {shown}",
        )
    return RepositoryProblem(
        f"In {shown} git cannot be used: {visible(said.strip())}.", "Repair what that names first."
    )
