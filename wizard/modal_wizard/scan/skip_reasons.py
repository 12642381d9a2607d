"""Why a file is not scanned, though its name says that it may hold Modal code. That is a note, not an error."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator

_LFS_HEADER = b"version https://git-lfs.github.com/spec/"
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


def is_lfs_pointer(data: bytes) -> bool:
    """Tell whether a file's bytes are a Git LFS pointer: what stands in place of a file that was not fetched."""
    return data.startswith(_LFS_HEADER) and len(data) < 1024


LFS_POINTER = "a Git LFS pointer: git lfs pull brings the file"


def skip_reason(root: str, path: str, limit: int) -> str:
    """Return why a file is not read: its kind, or that it has more than ``limit`` bytes; empty when it can be."""
    try:
        state = os.lstat(os.path.join(root, path))
    except OSError:
        return MISSING
    for is_kind, words in _KINDS:
        if is_kind(state.st_mode):
            return words
    return f"larger than {limit // 1024 // 1024} MB" if state.st_size > limit else ""


def nested_repositories(root: str, paths: Iterable[str]) -> Iterator[str]:
    """Yield the paths of git's list that are repositories of their own: submodules, and untracked nested ones."""
    for path in paths:
        if path.endswith("/") or ("." not in path.rpartition("/")[2] and _is_folder(os.path.join(root, path))):
            yield path.rstrip("/")


def _is_folder(full: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(full).st_mode)
    except OSError:
        return False
