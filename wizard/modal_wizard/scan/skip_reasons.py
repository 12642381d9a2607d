"""Why a file is not looked at, though its name says that it might hold Modal code. That is a note, not an error."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator

_POINTER = b"version https://git-lfs.github.com/spec/"
_KINDS = (
    (stat.S_ISLNK, "a symbolic link; what it leads to is looked at where it is, if that is in here"),
    (stat.S_ISFIFO, "a pipe, not a file"),
    (stat.S_ISSOCK, "a socket, not a file"),
    (stat.S_ISCHR, "a device, not a file"),
    (stat.S_ISBLK, "a device, not a file"),
    (stat.S_ISDIR, "a folder that cannot be opened"),
)
NESTED = "a repository of its own (a submodule or a nested one): run modal-wizard in it"
LINKED = "behind a symbolic link; what that leads to is looked at where it is, if that is in here"
MISSING = "not there: deleted, or left out by a sparse checkout"


def is_pointer(data: bytes) -> bool:
    """Tell whether a file is what Git LFS puts in the place of one that was not fetched."""
    return data.startswith(_POINTER) and len(data) < 1024


POINTER = "a Git LFS pointer: git lfs pull brings the file"


def why(root: str, path: str, limit: int) -> str:
    """Return why a file that could not be read as a plain one is left out; empty when it could be."""
    try:
        state = os.lstat(os.path.join(root, path))
    except OSError:
        return MISSING
    for is_kind, words in _KINDS:
        if is_kind(state.st_mode):
            return words
    return f"larger than {limit // 1024 // 1024} MB" if state.st_size > limit else ""


def nested(root: str, paths: Iterable[str]) -> Iterator[str]:
    """Yield the paths of git's list that are repositories of their own: submodules, and what lies untracked in one."""
    for path in paths:
        if path.endswith("/") or ("." not in path.rpartition("/")[2] and _is_folder(os.path.join(root, path))):
            yield path.rstrip("/")


def _is_folder(full: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(full).st_mode)
    except OSError:
        return False
