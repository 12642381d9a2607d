"""Real faults of a machine: a disk that is full, and a person who may not write."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

_POWERS = "-dac_override,-dac_read_search,-fowner"


def powerless(command: Sequence[str]) -> list[str]:
    """Return a command that permissions hold for, also when root runs the tests; skips where that cannot be had."""
    if os.geteuid() != 0:
        return list(command)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root sees no permissions, and there is no setpriv to drop its powers")
    return [setpriv, f"--bounding-set={_POWERS}", f"--inh-caps={_POWERS}", *command]


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[Path]:
    """Mount a small disk; skips where the machine does not let us."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)]
    if os.geteuid() != 0 or shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("only root can mount a disk that gets full")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path, leave: int) -> None:
    """Fill a disk up to ``leave`` kilobytes."""
    filler = place / "filler"
    filler.unlink(missing_ok=True)
    state = os.statvfs(place)
    free = state.f_bavail * state.f_frsize // 1024
    filler.write_bytes(b"\0" * 1024 * max(free - leave, 0))
