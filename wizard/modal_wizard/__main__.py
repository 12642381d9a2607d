"""``python -m modal_wizard`` and the console script."""

import gc
import sys


def _leave_out_foreign_code() -> None:
    """Take off ``sys.path`` what ``PYTHONPATH`` and ``-m`` put there: files of the scanned repository.

    With ``PYTHONPATH=.`` a repository's own ``json.py`` or ``git.py`` would be run in place of ours. The environment
    stays as it is, so that hooks, editors and checks find in it what the person put there.
    """
    import os

    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    foreign = set()
    if not sys.flags.ignore_environment:
        named = os.environ.get("PYTHONPATH", "")
        foreign = {os.path.abspath(entry) for entry in named.split(os.pathsep) if named}
    if __name__ == "__main__" and sys.path and not getattr(sys.flags, "safe_path", False):
        foreign.add(os.path.abspath(sys.path[0]))
    found = [entry for entry in sys.path if entry and os.path.abspath(entry) not in foreign]
    needed = [*_installed(os.path.dirname(os.__file__)), own]
    sys.path[:] = [*found, *(each for each in needed if each in foreign and each not in found)]


def _installed(library: str) -> list[str]:
    """Return the folders that Python itself puts on its path, should ``PYTHONPATH`` name them too."""
    site = sys.modules.get("site")
    if site is None:
        return [library]
    user = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    return [library, *site.getsitepackages(), *user]


_leave_out_foreign_code()
if sys.platform == "win32":
    import os

    os.environ.setdefault("NoDefaultCurrentDirectoryInExePath", "1")  # else a git.exe of the repository would be run


def main() -> None:
    """Run the command line and leave with its exit code."""
    import signal

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # until the command line sees to it: no traceback of imports
    is_scan = sys.argv[1:2] == ["scan"]
    if is_scan:
        gc.disable()  # what is loaded stays, and so do syntax trees; the scan enables it when it has looked at all
    from modal_wizard.cli.main import main as run
    from modal_wizard.process import shutdown

    code = run()
    if is_scan:
        shutdown.at_once(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
