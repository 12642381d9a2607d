"""Import modules with the SDK's Python in processes of their own, with nothing of the person's around them."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from modal_wizard.process.signals import running
from modal_wizard.process.tree import end_tree
from modal_wizard.verify.result import Check, ImportOutcome, Message
from modal_wizard.verify.tree import Tree

PROGRAM = Path(__file__).with_name("runtime") / "import_modules.py"
PATIENCE = 60
"""Seconds that a module may take."""
STARTING = 30
"""Seconds that the SDK may take to start, and what is left over to say how a module ended."""
MOST = 4 << 20
"""Bytes of an answer; a longer one is not read."""
_LATE = frozenset({-getattr(signal, name, 99) for name in ("SIGALRM", "SIGXCPU")})
_FORKS = hasattr(os, "fork")


class _Answer(msgspec.Struct, frozen=True):
    """What `runtime.import_modules` writes."""

    cut: bool
    error: Message | None
    warnings: tuple[Message, ...]


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a child process: an empty home, no secrets, and no way to a server of Modal's."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "USERPROFILE": str(home),
        "TMPDIR": str(home),
        "MODAL_CONFIG_PATH": str(home / "no-modal.toml"),
        "MODAL_TOKEN_ID": "ak-nobody",
        "MODAL_TOKEN_SECRET": "as-nobody",
        "MODAL_SERVER_URL": "http://127.0.0.1:9",
        "MODAL_IMAGE_BUILDER_VERSION": "2024.10",
        "MODAL_AUTOMOUNT": "0",
    }


def import_modules(
    jobs: Sequence[tuple[Tree, str]], sdk: str, python: Path, seconds: int = PATIENCE
) -> Iterator[tuple[Check, bool]]:
    """Import modules of trees, one after the other; yields also whether the system cut the network."""
    folder = jobs[0][0].root.parent
    questions = [_placed(tree.question(module, seconds), tree.root.parent) for tree, module in jobs]
    begun = time.monotonic()
    for (tree, module), said in zip(jobs, answers(python, PROGRAM, questions, folder), strict=True):
        took, begun = round(time.monotonic() - begun, 2), time.monotonic()
        answer = _decoded(said)
        if answer is None:
            ending = Message(_ending(said if isinstance(said, int) else 0, seconds), module, modals=False)
            yield Check(module, sdk, tree.state, ImportOutcome.ENDED, ending, (), took), True
        else:
            yield Check(module, sdk, tree.state, _outcome(answer), answer.error, answer.warnings, took), answer.cut


def answers(python: Path, program: Path, questions: Sequence[Mapping[str, Any]], folder: Path) -> Iterator[bytes | int]:
    """Yield what a program of ours writes about each question; where it wrote nothing, how its process ended.

    Each question gets a place for its answer beside ``folder``, and an empty home in it where it has none. What ends
    the program itself counts for the question that it was at, and the rest is asked anew.
    """
    left = [_placed(question, folder) for question in questions]
    while left:
        batch = tuple(left if _FORKS else left[:1])
        for said in _answered(python, program, batch, folder):
            yield said
            del left[0]


def _placed(question: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    home = folder / f"home-{os.urandom(6).hex()}"
    home.mkdir()
    return {"home": str(home), "answer": f"{folder}-answer-{home.name}.json", **question}


def _answered(python: Path, program: Path, batch: Sequence[Mapping[str, Any]], folder: Path) -> Iterator[bytes | int]:
    """Yield for as many questions as the program gets to, and at least for one."""
    empty = _placed({}, folder)
    home, asked = Path(empty["home"]), Path(empty["answer"])
    asked.write_bytes(msgspec.json.encode(batch))
    start = partial(
        subprocess.Popen[bytes],
        [str(python), "-I", "-B", "-X", "utf8", str(program), str(asked)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(home),
        cwd=home,
        start_new_session=True,
    )
    done = 0
    with running(start) as process, _Patience(process.pid, STARTING + batch[0]["seconds"]) as patience:
        for line in process.stdout or ():
            patience.stop()
            yield _read(batch[done], int(line))
            done += 1
            if done == len(batch):
                break  # what a module left behind may hold the pipe open
            patience.start()
        status = process.wait()
    if done < len(batch):
        yield _read(batch[done], min(_LATE) if patience.is_late else status)


class _Patience:
    """Ends a process with its descendants when it says nothing for too long, though it watches the time itself."""

    def __init__(self, process: int, seconds: int) -> None:
        self._process = process
        self._seconds = seconds
        self.is_late = False

    def __enter__(self) -> _Patience:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to wait."""
        self._timer = threading.Timer(self._seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """Wait no more."""
        self._timer.cancel()

    def _end(self) -> None:
        self.is_late = True
        end_tree(self._process)


def _read(question: Mapping[str, Any], status: int) -> bytes | int:
    """Return what was written about a question; the exit status when nothing was, or more than can be."""
    path = Path(question["answer"])
    try:
        return path.read_bytes() if 0 < path.stat().st_size <= MOST else status
    except OSError:
        return status


def _decoded(said: bytes | int) -> _Answer | None:
    """Return an answer; none where there is none, or the module wrote something else in its place."""
    try:
        return None if isinstance(said, int) else msgspec.json.decode(said, type=_Answer)
    except msgspec.DecodeError:
        return None


def _outcome(answer: _Answer) -> ImportOutcome:
    if answer.error is not None:
        return ImportOutcome.FAILED if answer.error.modals else ImportOutcome.BROKEN
    return ImportOutcome.WARNED if answer.warnings else ImportOutcome.PASSED


def _ending(status: int, seconds: int) -> str:
    if status in _LATE:
        return f"it was not imported within {seconds} seconds"
    if status < 0:
        return f"the process was ended by signal {-status} while it was imported"
    return f"it ended the process with status {status} while it was imported"
