"""What differs between systems, in one place: how files are opened and locked, names, command lines, output."""

from __future__ import annotations

import contextlib
import errno
import functools
import importlib
import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from types import ModuleType

WINDOWS = os.name == "nt"
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""Flags with which `os.open` neither follows a link nor waits for a pipe, where the system knows them."""
BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
"""Flags with which `os.open` leaves line endings alone and the file from child processes."""
_PAUSE = 0.005
"""Seconds between two attempts to lock a file."""
_LOCKED_AT = 1 << 30
"""Offset of the byte that stands for the file: Windows forbids others to read or write what is locked."""
_DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10))}


def exchange(one: str, other: str) -> bool:
    """Let two names change their files in one step; False, with nothing done, where the system cannot.

    Raises `OSError` when one of them is not there any more.
    """
    call = _exchanger()
    if call is None:
        return False
    sys.audit("os.rename", one, other, -1, -1)
    error = call(os.fsencode(one), os.fsencode(other))
    if error in _CANNOT_EXCHANGE:
        return False
    if error:
        raise OSError(error, os.strerror(error), one, None, other)
    return True


_CANNOT_EXCHANGE = {errno.EINVAL, errno.ENOSYS, getattr(errno, "ENOTSUP", errno.ENOSYS), errno.EPERM}


@functools.cache
def _exchanger() -> Callable[[bytes, bytes], int] | None:
    """Return what exchanges two names and gives 0 or the system's error: a call of Linux, or of macOS."""
    if WINDOWS:
        return None
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    linux, mac = getattr(library, "renameat2", None), getattr(library, "renamex_np", None)
    here, how = ctypes.c_int(-100), ctypes.c_uint(2)
    if linux is not None:
        return lambda one, other: ctypes.get_errno() if linux(here, one, here, other, how) else 0
    if mac is not None:
        return lambda one, other: ctypes.get_errno() if mac(one, other, how) else 0
    return None


def user_state_folder() -> str:
    """Return the folder in which this user's programs keep what they have to remember, as the system has it."""
    home = os.path.expanduser("~")
    if WINDOWS:
        return os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Application Support")
    given = os.environ.get("XDG_STATE_HOME", "")
    return given if os.path.isabs(given) else os.path.join(home, ".local", "state")


@contextlib.contextmanager
def locked(handle: int, seconds: float = 0.0) -> Iterator[bool]:
    """Lock an open file against other processes for the block; yields False when another one has the lock.

    It is waited for so many ``seconds``. The system lets go of the lock when the process ends. Where files cannot be
    locked, the answer is always True.
    """
    fcntl, msvcrt = _module("fcntl"), _module("msvcrt")
    if fcntl is not None:
        yield _tried(lambda: fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB), seconds)  # closing the file lets go
    elif msvcrt is None:
        yield True
    else:
        mine = _tried(lambda: _lock_byte(msvcrt, handle, msvcrt.LK_NBLCK), seconds)
        try:
            yield mine
        finally:
            if mine:
                with contextlib.suppress(OSError):
                    _lock_byte(msvcrt, handle, msvcrt.LK_UNLCK)


def _module(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _tried(lock: Callable[[], None], seconds: float) -> bool:
    """Tell whether a file could be locked, trying again for a while: a call that waits may wait for ever."""
    end = time.monotonic() + seconds
    while True:
        try:
            lock()
        except OSError as error:
            if error.errno not in {errno.EACCES, errno.EAGAIN, errno.EDEADLK}:  # a file system without locks
                return True
            if time.monotonic() >= end:
                return False
            time.sleep(_PAUSE)
        else:
            return True


def _lock_byte(msvcrt: ModuleType, handle: int, mode: int) -> None:
    before = os.lseek(handle, 0, os.SEEK_CUR)
    os.lseek(handle, _LOCKED_AT, os.SEEK_SET)  # ``locking`` begins where the file stands
    try:
        msvcrt.locking(handle, mode, 1)
    finally:
        os.lseek(handle, before, os.SEEK_SET)


def is_plain_name(part: str) -> bool:
    """Tell whether a part of a path names just one file or folder.

    Windows takes ``a\\..`` and ``c:`` for more than a name, drops a final dot or space, and gives devices names.
    """
    if not WINDOWS:
        return True
    return not set(part) & set("\\/:") and part == part.rstrip(". ") and part.split(".")[0].lower() not in _DEVICES


def find_program(name: str, apart_from: str = "") -> str | None:
    """Return where a program is, by absolute path, or ``None``; a name with a folder in it is left as it is.

    Entries of ``PATH`` that are relative or empty mean the folder that one happens to be in, and one below
    ``apart_from`` is in what is looked at: what lies there is data, and never run by us.
    """
    if os.path.dirname(name):
        return name
    return _found(name, os.environ.get("PATH", os.defpath), os.path.realpath(apart_from) if apart_from else "")


@functools.lru_cache(64)
def _found(name: str, path: str, apart_from: str) -> str | None:
    import shutil

    for folder in path.split(os.pathsep):
        real = os.path.realpath(folder)
        inside = bool(apart_from) and (real == apart_from or real.startswith(apart_from.rstrip(os.sep) + os.sep))
        if os.path.isabs(folder) and not inside and (found := shutil.which(name, path=folder)) is not None:
            return found
    return None


def split_command(line: str) -> list[str]:
    """Return the words of a command line as this system writes it; raises `ValueError` for an open quotation."""
    import shlex

    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters = True, ""
    if WINDOWS:
        lexer.escape, lexer.quotes = "", '"'  # the backslash parts folders
    return list(lexer)


def quoted(word: str) -> str:
    """Return a word as it is typed at the command line of this system."""
    import shlex
    import subprocess

    return subprocess.list2cmdline([word]) if WINDOWS else shlex.quote(word)


def open_closed_streams() -> tuple[int, ...]:
    """Give every standard stream that came closed the null device; returns their numbers.

    Else the next file that is opened, one of the person's perhaps, would get the number, and what programs print.
    """
    closed = tuple(number for number in range(3) if not _is_open(number))
    for number in closed:
        device = os.open(os.devnull, os.O_WRONLY if number else os.O_RDONLY)  # the lowest number that is free
        if device != number:
            os.dup2(device, number)
            os.close(device)
        os.set_inheritable(number, True)
        name, mode = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))[number]
        setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", errors="backslashreplace", closefd=False))
    return closed


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def take_keys_from_terminal() -> None:
    """Have standard input be the terminal again, where something else was read from it and there is a terminal."""
    if WINDOWS or sys.stdin.isatty():
        return
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return
    os.dup2(terminal, sys.stdin.fileno())
    os.close(terminal)


def prepare_output() -> None:
    """Have anything printable: what an encoding lacks is escaped, and files and pipes get UTF-8 on Windows too."""
    if 1 in open_closed_streams():
        print("modal-wizard: standard output is closed; what is printed there is lost.", file=sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if WINDOWS and not stream.isatty() and "PYTHONIOENCODING" not in os.environ:
            stream.reconfigure(encoding="utf-8", newline="\n")  # a diff keeps its line endings
        if stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def shows_windows() -> bool:
    """Tell whether a program can open a window for the person: not over ssh, nor without a display."""
    if "SSH_CONNECTION" in os.environ:
        return False
    return WINDOWS or sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
