"""Running git: the only module, beside the repository, that knows GitPython."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from subprocess import Popen
from typing import TYPE_CHECKING, BinaryIO, cast

from modal_wizard.git.command import Completed, answered, forget_elsewhere, person_environment
from modal_wizard.git.read_only import PATIENCE, READING, reading_environment

if TYPE_CHECKING:
    from git import Git as GitCommand

_SLOW = frozenset({"commit", "checkout"})
"""What runs hooks and may talk to the person; an interrupt typed at the terminal does not reach the others."""


def prepare() -> None:
    """Let GitPython be imported without git, and see no variable that points elsewhere."""
    forget_elsewhere()
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")


def run(
    command: GitCommand,
    arguments: Sequence[str],
    *,
    reading: bool,
    given: bytes = b"",
    env: Mapping[str, str] | None = None,
) -> Completed:
    """Run git with ``given`` as its input; ``reading`` keeps everything of the person's from running."""
    settings = READING if reading else ()
    environment = {**(reading_environment() if reading else person_environment()), **(env or {})}
    words = [command.GIT_PYTHON_GIT_EXECUTABLE or "git", *settings, *arguments]
    aside = _SLOW.isdisjoint(arguments[:3])

    def start(given: BinaryIO) -> Popen[bytes]:
        begun = command.execute(words, istream=given, env=environment, as_process=True, start_new_session=aside)
        process, begun.proc = begun.proc, None  # it would end the process when it is forgotten
        return cast("Popen[bytes]", process)

    return answered(start, given, PATIENCE if reading else None)
