"""Unstaged work that a hook or a check sets aside, and that it may not live to bring back.

The pre-commit framework and its like take out what is not in the commit and bring it back at their end. A signal that
reaches them directly, as from ``timeout`` or ``kill`` on the whole job, ends them before that.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from modal_wizard.files import safe_io
from modal_wizard.git.command import Git
from modal_wizard.text.sanitize import visible

_MOST = 1 << 26
"""Bytes of unstaged work that are remembered at the most."""


def unstaged(git: Git, index: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files of the work tree that differ from an index, which the environment ``index`` names."""
    listed = git.ask("diff-files", "-z", "--name-only", "--diff-filter=M", "--ignore-submodules", env=index).fields
    found: dict[str, bytes] = {}
    room = _MOST
    for path in listed:
        with contextlib.suppress(safe_io.UnsafePath, OSError):
            room -= (git.root / path).lstat().st_size
            if room < 0:
                break
            found[path] = safe_io.read(git.root, path)
    return found


def bring_back(git: Git, index: Mapping[str, str], before: Mapping[str, bytes]) -> str:
    """Put back what was set aside and not brought back; returns a sentence about it, empty where nothing was.

    A file that holds anything but what the index has of it is left: somebody saved it.
    """
    back = [path for path, text in before.items() if _is_set_aside(git, index, path, text)]
    for path in back:
        _write(git.root, path, before[path])
    names = ", ".join(map(visible, back))
    return f"What ran was ended with unstaged work set aside; put back: {names}." if back else ""


def _is_set_aside(git: Git, index: Mapping[str, str], path: str, before: bytes) -> bool:
    try:
        now = safe_io.read(git.root, path)
    except safe_io.UnsafePath:
        return False
    if now == before:
        return False
    checked_out = git.act("cat-file", "--filters", f":{path}", env=index)
    return checked_out.status == 0 and checked_out.out == now


def _write(root: Path, path: str, text: bytes) -> None:
    place = safe_io.resolve_inside(root, path)
    temporary = root / safe_io.temporary_name(path)
    try:
        safe_io.write_temporary(place, temporary, text)
        safe_io.replace(temporary, place)
        safe_io.sync_folder(place.parent)
    finally:
        temporary.unlink(missing_ok=True)
