"""Reading files below a root: never through a link, never a pipe or a device."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from pathlib import Path

from modal_transforms.core.patterns import pattern
from modal_wizard.process.platform import BINARY, NO_FOLLOW

MAX_BYTES = 8 * 1024 * 1024
"""A larger file is not source code that somebody wrote."""
_LOOKED_THROUGH = 16 * MAX_BYTES
"""So much of a larger notebook is read, to tell whether it speaks of Modal."""
_OVERLAP = 100
_FLAGS = os.O_RDONLY | BINARY | NO_FOLLOW
_IMPORTS_MODAL = pattern(rb"\b(?:import|from)\s+modal\b")


_Stamp = tuple[int, int, int, int]
"""What tells without reading that a file is as it was; last, when it was written."""
_GONE: _Stamp = (0, 0, 0, 0)
_TOO_FRESH = 2_000_000_000
"""Nanoseconds within which some file systems give two writes the same time."""


class Reader:
    """Reads files below a root, and never through a link, a pipe or a device."""

    def __init__(self, root: Path) -> None:
        self._below = os.path.join(os.fspath(root), "")
        """What the path of each file begins with."""
        self._linked: dict[str, bool] = {}
        self._stamps: dict[str, _Stamp] = {}
        self._digests: dict[str, bytes] = {}
        """Of the files that were written too short a time before they were read for their stamp to tell."""

    def __call__(self, path: str) -> bytes | None:
        """Return a file's bytes, or ``None`` when they cannot be had."""
        try:
            return self.read(path)
        except OSError:
            return None

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes; ``None`` for what is no regular file of bearable size. Raises `OSError`."""
        full = self._below + path
        self._stamps[path] = _GONE
        state = os.lstat(full)
        self._stamps[path] = _stamp(state)
        if not stat.S_ISREG(state.st_mode) or state.st_size > MAX_BYTES or self.is_behind_link(path):
            return None
        descriptor = os.open(full, _FLAGS)
        try:
            data = _all_of(descriptor, state.st_size)
            if data is not None and time.time_ns() - self._stamps[path][-1] < _TOO_FRESH:
                self._digests[path] = _digest(data)
            return data
        finally:
            os.close(descriptor)

    def is_outdated(self) -> bool:
        """Tell, without reading, whether what was read may have other bytes now."""
        return any(stamp != self._stamp(path) for path, stamp in self._stamps.items())

    def changes(self) -> dict[str, bytes | None]:
        """Return what was read and may have other bytes now, with these: reads what somebody wrote since."""
        self._linked.clear()
        touched = [path for path, stamp in self._stamps.items() if path in self._digests or stamp != self._stamp(path)]
        before = {path: self._digests.pop(path, None) for path in touched}
        now = {path: self(path) for path in touched}
        return {path: data for path, data in now.items() if data is None or _digest(data) != before[path]}

    def _stamp(self, path: str) -> _Stamp:
        try:
            return _stamp(os.lstat(self._below + path))
        except OSError:
            return _GONE

    def is_behind_link(self, path: str) -> bool:
        """Tell whether the way to a file leads through a link, be it to a folder in here."""
        folder = path.rpartition("/")[0]
        if folder and folder not in self._linked:
            self._linked[folder] = os.path.islink(self._below + folder) or self.is_behind_link(folder)
        return self._linked.get(folder, False)

    def is_large(self, path: str) -> bool:
        """Tell whether a file is too large to be looked at and speaks of Modal."""
        full = self._below + path
        if not stat.S_ISREG(os.lstat(full).st_mode):
            return False
        descriptor = os.open(full, _FLAGS)
        try:
            state = os.fstat(descriptor)
            return state.st_size > MAX_BYTES and not _is_sparse(state) and _says_modal(descriptor)
        finally:
            os.close(descriptor)


def _stamp(state: os.stat_result) -> _Stamp:
    written = max(state.st_mtime_ns, state.st_ctime_ns)
    return state.st_ino, state.st_mode, state.st_size, written


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def _is_sparse(state: os.stat_result) -> bool:
    """Tell whether a file takes much less of the disk than it is long; nobody wrote the rest."""
    blocks: int | None = getattr(state, "st_blocks", None)
    return blocks is not None and blocks * 512 < state.st_size // 16


def _says_modal(descriptor: int) -> bool:
    """Tell whether the beginning of a large file imports Modal."""
    last = b""
    for _ in range(_LOOKED_THROUGH // MAX_BYTES):
        data = os.read(descriptor, MAX_BYTES)
        if not data or _IMPORTS_MODAL.search(last + data):
            return bool(data)
        last = data[-_OVERLAP:]
    return False


def _all_of(descriptor: int, size: int) -> bytes | None:
    """Return what is left to read; in one go where the size is true, which a buffered file would take several for.

    Returns ``None`` for a file that grows beyond what is bearable meanwhile.
    """
    data = os.read(descriptor, size + 1)
    while more := os.read(descriptor, MAX_BYTES) if len(data) > size or len(data) < size else b"":
        data += more
        if len(data) > MAX_BYTES:
            return None
    return data
