"""What an imported module may not do: connect, start programs, write outside its folder, use the machine up.

Meant for code that does such things by habit when it is imported. Where the system helps (Linux, by Landlock) native
code and other processes are held too; elsewhere it does not hold what means to get out.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MEMORY = 4 << 30
"""Bytes of address space."""
FILE = 64 << 20
"""Bytes that one file may grow to."""
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_CONNECTS = frozenset({"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"})
_STARTS = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile"})
_ENTRIES = {
    "os.link": ((0, 2), (1, 3)),
    "os.mkdir": ((0, 2),),
    "os.remove": ((0, 1),),
    "os.rename": ((0, 2), (1, 3)),
    "os.rmdir": ((0, 1),),
    "os.symlink": ((1, 2),),
    "shutil.rmtree": ((0, 1),),
}
"""Events that change an entry of a folder: where among the arguments its path is, and what that is relative to."""
_FILES = {
    "open": ((0, None),),
    "os.chflags": ((0, None),),
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.removexattr": ((0, None),),
    "os.setxattr": ((0, None),),
    "os.truncate": ((0, None),),
    "os.utime": ((0, 3),),
    "sqlite3.connect": ((0, None),),
}
"""Events that change what a path leads to."""
_TAKES_AWAY = frozenset({"os.remove", "os.rename", "shutil.rmtree"})
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_SEMAPHORES = "/dev/shm"
_RULESET, _RULE, _RESTRICT, _NO_NEW_PRIVILEGES = 444, 445, 446, 38
_RIGHTS, _OF_A_FILE = 0x7FF2, 0x4002
"""Landlock's rights to write, truncate, make, take away and move; those of them that a file can be given."""
_SCOPES = 0b11
"""No process outside is sent a signal, or spoken to over an abstract socket."""
_PATH_ONLY = getattr(os, "O_PATH", 0)


class Walled(OSError):
    """What the module tried is not done here."""


def raise_walls(folder: Path, copied: float = 0.0) -> None:
    """Put them up around this process, for good; ``folder`` may be written.

    Of what was in it at the time ``copied``, no file is taken away and no code written: other modules need it.
    """
    inside = os.path.realpath(folder) + os.sep

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CONNECTS:
            raise Walled(f"no connection is made here ({event})")
        if event in _STARTS:
            raise Walled(f"no program is started here ({event})")
        for path in _changed(event, arguments):
            if not _lies_in(inside, path):
                raise Walled(f"nothing is written outside the copy of the repository ({path})")
            if _is_of_the_copy(event, path, copied):
                raise Walled(f"nothing is taken out of the copy of the repository here ({path})")

    _confine(folder)
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


def _confine(folder: Path) -> None:
    """Have the system hold this process and all that it starts to writing in ``folder``, where it can (Linux 6.2)."""
    if not sys.platform.startswith("linux"):
        return
    system = ctypes.CDLL(None)
    version = system.syscall(_RULESET, None, 0, 1)
    if version < 3:
        return
    asked = (ctypes.c_uint64 * 3)(_RIGHTS, 0, _SCOPES)
    rules = system.syscall(_RULESET, asked, 24 if version >= 6 else 8, 0)
    for path, rights in ((folder, _RIGHTS), (_SEMAPHORES, _RIGHTS), (os.devnull, _OF_A_FILE)):
        with contextlib.suppress(OSError):
            place = os.open(path, _PATH_ONLY)
            rule = rights.to_bytes(8, sys.byteorder) + place.to_bytes(4, sys.byteorder)
            system.syscall(_RULE, rules, 1, rule, 0)
            os.close(place)
    system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    system.syscall(_RESTRICT, rules, 0)
    os.close(rules)


def _changed(event: str, arguments: tuple[Any, ...]) -> Iterator[str]:
    """Yield whole paths of what an event changes; links on the way are followed."""
    if event == "open" and not _writes(arguments):
        return
    for at, base in _ENTRIES.get(event) or _FILES.get(event) or ():
        path = arguments[at]
        if not isinstance(path, str | bytes) or (event == "sqlite3.connect" and _is_no_file(os.fsdecode(path))):
            continue
        relative = arguments[base] if base is not None and base < len(arguments) else None
        whole = os.path.abspath(os.path.join(_place(relative), os.fsdecode(path)))
        folder, name = os.path.split(whole)
        yield os.path.join(os.path.realpath(folder), name) if event in _ENTRIES else os.path.realpath(whole)


def _place(folder: int | None) -> str:
    """Return the path of an open folder; the working directory's where there is none."""
    if folder is None or folder < 0:
        return os.getcwd()
    if sys.platform == "darwin":
        import fcntl

        return os.fsdecode(fcntl.fcntl(folder, fcntl.F_GETPATH, bytes(1024)).rstrip(b"\0"))
    return os.path.realpath(f"/proc/self/fd/{folder}")


def _is_no_file(database: str) -> bool:
    return database == "" or database.startswith((":memory:", "file:"))


def _is_of_the_copy(event: str, path: str, copied: float) -> bool:
    """Tell whether an event would take from other modules what was copied: files, and code written over."""
    try:
        if event in _TAKES_AWAY:
            below = (os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names)
            return any(os.lstat(each).st_mtime <= copied for each in (*below, path) if not os.path.isdir(each))
        return path.endswith(".py") and event in _FILES and os.lstat(path).st_mtime <= copied
    except OSError:
        return False


def _writes(arguments: tuple[Any, ...]) -> bool:
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & _WRITES)


def _lies_in(inside: str, path: str) -> bool:
    return path == os.devnull or (path + os.sep).startswith(inside)
