"""What an imported module may not do: connect, start programs, write outside its folder, use the machine up.

Meant for code that does such things by habit when it is imported. It does not hold what means to get out.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import Any

MEMORY = 4 << 30
"""Bytes of address space."""
FILE = 64 << 20
"""Bytes that one file may grow to."""
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_CONNECTS = frozenset({"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"})
_STARTS = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile"})
_CHANGES = frozenset({"os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate"})
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Walled(OSError):
    """What the module tried is not done here."""


def raise_walls(folder: Path) -> None:
    """Put them up around this process, for good; ``folder`` may be written."""
    inside = os.path.realpath(folder) + os.sep

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CONNECTS:
            raise Walled(f"no connection is made here ({event})")
        if event in _STARTS:
            raise Walled(f"no program is started here ({event})")
        changed = arguments[0] if event in _CHANGES or (event == "open" and _writes(arguments)) else None
        if isinstance(changed, str | bytes) and not _lies_in(inside, os.fsdecode(changed)):
            raise Walled(f"nothing is written outside the copy of the repository ({os.fsdecode(changed)})")

    sys.addaudithook(refuse)


def limit(seconds: int) -> None:
    """Let this process use no more memory, processor time and size of files."""
    if sys.platform != "win32":
        import resource

        for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, FILE), (resource.RLIMIT_CPU, seconds)):
            hard = resource.getrlimit(what)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            if not (sys.platform == "darwin" and what == resource.RLIMIT_AS):  # macOS refuses this one
                resource.setrlimit(what, (most, hard))


def cut_network() -> bool:
    """Move into a network of our own without any interface, and tell whether the system lets this process do that.

    Linux does where it is configured so. Elsewhere Python refuses to connect, and what is not Python could.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        return bool(ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NET) == 0)
    except (OSError, AttributeError):
        return False


def _writes(arguments: tuple[Any, ...]) -> bool:
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & _WRITES)


def _lies_in(inside: str, path: str) -> bool:
    return path == os.devnull or (os.path.realpath(path) + os.sep).startswith(inside)
