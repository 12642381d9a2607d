"""Run the wizard on a system that seems to have only what Windows has: ``python without_posix.py ARGUMENT...``.

The arguments are those of the command line, or ``--modules`` (import all of both packages), ``--screens ROOT`` (commit
a section on the screens) or ``--background ROOT`` (scan in a process of its own).
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import importlib
import os
import pkgutil
import select
import signal
import subprocess
import sys
import types
from pathlib import Path

MODULES = "crypt curses fcntl grp posix_ipc pty pwd readline resource syslog termios tty"
FUNCTIONS = {
    os: "fork forkpty setsid killpg getpgrp getpgid setpgid setpgrp getuid geteuid getgid getegid getgroups chown "
    "lchown fchown nice uname ttyname openpty mkfifo mknod sched_getaffinity listxattr getxattr setxattr statvfs "
    "wait3 wait4 getloadavg sync pathconf register_at_fork O_NOFOLLOW O_NONBLOCK O_DIRECTORY O_CLOEXEC",
    signal: "SIGHUP SIGALRM SIGKILL SIGQUIT SIGUSR1 SIGUSR2 SIGCHLD SIGPIPE SIGTSTP SIGCONT SIGWINCH SIGTTOU SIGTTIN "
    "SIGSTOP pthread_sigmask SIG_BLOCK SIG_UNBLOCK SIG_SETMASK setitimer alarm pause pthread_kill sigwait siginterrupt",
    select: "poll epoll kqueue",
}


def hide() -> None:
    """Take away what Windows lacks, and give the locks that it has."""
    for library in ("platformdirs", "textual.drivers.linux_driver"):  # these and asyncio go by sys.platform
        importlib.import_module(library)
    locks = types.ModuleType("msvcrt")
    flock, tried, freed = fcntl.flock, fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.LOCK_UN

    def locking(handle: int, mode: int, size: int) -> None:
        assert size == 1
        assert os.lseek(handle, 0, os.SEEK_CUR) > os.fstat(handle).st_size, "its own bytes would be locked"
        try:
            flock(handle, mode)
        except OSError:
            raise PermissionError(errno.EACCES, "Permission denied") from None

    vars(locks).update(locking=locking, LK_NBLCK=tried, LK_UNLCK=freed)
    sys.modules["msvcrt"] = locks
    sys.modules.update(dict.fromkeys(MODULES.split(), None))  # type: ignore[arg-type]
    for module, names in FUNCTIONS.items():
        for name in names.split():
            vars(module).pop(name, None)
    if "process_cpu_count" in vars(os):  # of 3.13: asks for what is gone
        vars(os)["process_cpu_count"] = os.cpu_count
    # as on Windows: the one for POSIX sends SIGKILL
    subprocess.Popen.kill = subprocess.Popen.terminate  # type: ignore[method-assign]


def import_all() -> None:
    """Import every module of both packages, and print how many there are."""
    import modal_transforms
    import modal_wizard

    count = 0
    for package in (modal_transforms, modal_wizard):
        importlib.import_module(package.__name__)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(found.name)
            count += 1
    print(count + 2)


async def commit_on_the_screens(root: Path) -> None:
    """Accept and commit the first section that has findings."""
    from support.pilot import wizard

    async with wizard(root) as opened:
        await opened.press("enter", "A", "c", "c")


def scan_in_the_background(root: Path) -> None:
    """Scan in another process, and print how many findings it sent."""
    from modal_wizard.scan.background import BackgroundScan
    from modal_wizard.scan.discover import scope_of
    from modal_wizard.scan.result import Scan

    found = Scan(scope_of(root))
    with BackgroundScan(found.scope) as scan:
        for _ in scan(found):
            pass
    print(len(list(found.findings)))


if __name__ == "__main__":
    sys.path[0] = os.path.dirname(sys.path[0])
    hide()
    if sys.argv[1] == "--modules":
        import_all()
    elif sys.argv[1] == "--screens":
        asyncio.run(commit_on_the_screens(Path(sys.argv[2])))
    elif sys.argv[1] == "--background":
        scan_in_the_background(Path(sys.argv[2]))
    else:
        from modal_wizard.cli.main import main

        sys.exit(main(sys.argv[1:]))
