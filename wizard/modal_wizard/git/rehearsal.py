"""Who changed a file while a hook or a check ran: the program, or the person in an editor.

The program is run once more, in a copy of the repository: what it does not make there again, it has not made here.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

from modal_transforms.core.patches import line_patches
from modal_wizard.files import safe_io
from modal_wizard.files.change import FileChange
from modal_wizard.files.transaction import reread
from modal_wizard.git.command import Git, check_ok
from modal_wizard.process.signals import running

_COPYING = {"GIT_ALLOW_PROTOCOL": "file"}


def made_again(
    git: Git, changes: Sequence[FileChange], command: Sequence[str], paths: Collection[str]
) -> frozenset[str]:
    """Return those of the files that a program makes of ``changes`` what they hold now; none where that cannot be told.

    Nothing is asked of the network, and nothing in the work tree or the repository is touched.
    """
    now = {change.path: change.after for change in reread(git.root, changes) if change.path in paths}
    if not now or not command:
        return frozenset()
    try:
        with tempfile.TemporaryDirectory(prefix="modal-wizard-") as folder:
            copy = Path(folder).resolve() / "copy"
            _make_copy(git, copy, changes)
            _run(command, copy)
            return frozenset(path for path, data in now.items() if _read(copy, path) == data)
    except Exception:  # whatever is wrong with the copy: then nobody knows
        return frozenset()


def changed_alike(first: FileChange, second: FileChange) -> bool:
    """Tell whether two runs changed a file in the same way, the second what the first had left."""
    runs = [line_patches(change.before, change.after) for change in (first, second)]
    return bool(runs[0]) and [patch.data for patch in runs[0]] == [patch.data for patch in runs[1]]


def _make_copy(git: Git, copy: Path, changes: Sequence[FileChange]) -> None:
    """Copy what HEAD has, with our changes staged."""
    clone = ("clone", "--quiet", "--shared", "--no-checkout", str(git.root), str(copy))
    check_ok(git.ask(*clone, env=_COPYING), "copy the repository")
    check_ok(git.ask("-C", str(copy), "reset", "--quiet", "--hard", env=_COPYING), "fill the copy")
    for change in changes:
        place = safe_io.resolve_inside(copy, change.path)
        if place.is_symlink():
            raise safe_io.UnsafePath("it is a symbolic link")
        place.write_bytes(change.after)
    check_ok(git.ask("-C", str(copy), "add", "--update"), "stage our changes")


def _run(command: Sequence[str], copy: Path) -> None:
    nothing = subprocess.DEVNULL
    environment = {**os.environ, "GIT_EDITOR": ":"}
    start = partial(
        subprocess.Popen[bytes], command, cwd=copy, env=environment, stdin=nothing, stdout=nothing, stderr=nothing
    )
    with running(start, gentle=True) as process:
        process.wait()


def _read(root: Path, path: str) -> bytes | None:
    with contextlib.suppress(safe_io.UnsafePath):
        return safe_io.read(root, path)
    return None
