"""Import one module in a process of its own, with the SDK's Python and nothing of the person's around it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from modal_wizard.process.tree import end_tree
from modal_wizard.verify.result import Check, ImportOutcome, Message, RepositoryState

PROGRAM = Path(__file__).with_name("runtime") / "import_module.py"
PATIENCE = 60
"""Seconds that a module may take."""
_RELATIVE = re.compile(rb"^[ \t]*from[ \t]*\.", re.MULTILINE)
_OF_SOURCE = re.compile(rb"^[ \t]*(?:from|import)[ \t]+src\b", re.MULTILINE)
MOST = 4 << 20
"""Bytes of an answer; a longer one is not read."""


class _Answer(msgspec.Struct, frozen=True):
    """What `runtime.import_module` writes."""

    cut: bool
    version: str
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


class Tree:
    """A copy of one state of the repository, in a folder that may be written and is thrown away."""

    def __init__(self, state: RepositoryState, root: Path, paths: Sequence[str]) -> None:
        """Take a folder with the files ``paths``, relative to it and with ``/``."""
        self.state = state
        self.root = root
        self._paths = frozenset(paths)
        self._own = sorted(_top_level_names(paths))
        # a folder that is no package holds what installing the repository makes importable
        self._has_source_folder = "src" in self._own and "src/__init__.py" not in self._paths

    def question(self, module: str, seconds: int) -> Mapping[str, Any]:
        """Return what the child is asked: the module under the name and with the path that Python would give it.

        One with relative imports is a module of its package, whether or not that says so by an ``__init__.py``. A
        folder called as the SDK is no package: its modules are run from within it; nor is ``src`` over
        packages, unless something imports it. ``last`` is where to look for what is found nowhere else: beside the
        module, which may be run as a file.
        """
        place = PurePosixPath(module)
        folder = place.parent
        relative = _RELATIVE.search((self.root / module).read_bytes())
        above_packages = self._has_source_folder and folder.name != "src" and not self._names_source_folder
        ends = ("", "modal", "src") if above_packages else ("", "modal")
        while folder.name not in ends and (relative or (folder / "__init__.py").as_posix() in self._paths):
            folder = folder.parent
        parts = place.with_suffix("").parts[len(folder.parts) :]
        above = [folder, *place.parents] if relative else [folder, *folder.parents]
        return {
            "root": str(self.root),
            "file": module,
            "module": ".".join(parts).removesuffix(".__init__"),
            "path": list(dict.fromkeys(each.as_posix() for each in above)),
            "last": [*(each.as_posix() for each in place.parents), *(["src"] if self._has_source_folder else [])],
            "own": self._own,
            "seconds": seconds,
        }

    @cached_property
    def _names_source_folder(self) -> bool:
        """Whether some file imports the folder ``src`` itself, so that it is a package all the same."""
        files = (self.root / path for path in self._paths if path.endswith(".py"))
        return any(_OF_SOURCE.search(file.read_bytes()) for file in files)

    def has(self, module: str) -> bool:
        """Tell whether a file is there."""
        return module in self._paths


def _top_level_names(paths: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for path in map(PurePosixPath, paths):
        if path.suffix == ".py":
            found |= {path.stem, *path.parent.parts}
    return found


def import_module(tree: Tree, module: str, sdk: str, python: Path, seconds: int = PATIENCE) -> tuple[Check, bool]:
    """Import a module of a tree; also tells whether the system cut the network."""
    begun = time.monotonic()
    home = tree.root.parent / f"home-{os.urandom(6).hex()}"
    home.mkdir()
    asked, answered = home / "question.json", home / "answer.json"
    asked.write_text(json.dumps(tree.question(module, seconds)), "utf-8")
    status = _run([str(python), "-I", "-B", "-X", "utf8", str(PROGRAM), str(asked), str(answered)], home, seconds)
    took = round(time.monotonic() - begun, 2)
    answer = _read(answered)
    if answer is None:
        check = Check(
            module, sdk, tree.state, ImportOutcome.ENDED, Message(_ending(status, seconds), module, modals=False)
        )
        return msgspec.structs.replace(check, seconds=took), True
    return Check(module, sdk, tree.state, _outcome(answer), answer.error, answer.warnings, took), answer.cut


def _run(command: list[str], home: Path, seconds: int) -> int | None:
    """Return the exit status; none when it took too long. No child of it remains."""
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdin=nothing, stdout=nothing, stderr=nothing, env=environment(home), cwd=home, start_new_session=True
    )
    try:
        return process.wait(seconds + 5)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        elif process.poll() is None:
            end_tree(process.pid)
        process.wait()


def _read(path: Path) -> _Answer | None:
    """Return what the child wrote; none when it wrote nothing, or the module wrote something else there."""
    try:
        if path.stat().st_size > MOST:
            return None
        return msgspec.json.decode(path.read_bytes(), type=_Answer)
    except (OSError, msgspec.DecodeError):
        return None


def _outcome(answer: _Answer) -> ImportOutcome:
    if answer.error is not None:
        return ImportOutcome.FAILED if answer.error.modals else ImportOutcome.BROKEN
    return ImportOutcome.WARNED if answer.warnings else ImportOutcome.PASSED


def _ending(status: int | None, seconds: int) -> str:
    if status is None or status == -getattr(signal, "SIGXCPU", 24):
        return f"it was not imported within {seconds} seconds"
    if status < 0:
        return f"the process was ended by signal {-status} while it was imported"
    return f"it ended the process with status {status} while it was imported"
