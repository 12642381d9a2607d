"""Virtual environments with the real Modal SDK, made once and kept in the user's cache folder.

They live in ``MODAL_WIZARD_SDK_CACHE`` or the user's cache folder, one for each Python and SDK version. A marker is
written last, under a lock: what was killed half-way leaves nothing that would be trusted later.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from modal_wizard.errors import WizardError
from modal_wizard.process.platform import find_program

MARKER = "complete"
_WINDOWS = sys.platform == "win32"


class SdkMissing(WizardError):
    """An SDK could not be installed, so that nothing can be said of it."""

    def __init__(self, version: str, command: list[str], output: str) -> None:
        ran = f"\n$ {' '.join(command)}" if command else ""
        super().__init__(
            f"modal {version} could not be installed into {cache_folder()}, so nothing can be said about it."
            f"{ran}\n{output}\n",
            "The package registry is needed once; MODAL_WIZARD_SDK_CACHE names another folder.",
        )


def cache_folder() -> Path:
    """Return the folder that keeps the environments."""
    chosen = os.environ.get("MODAL_WIZARD_SDK_CACHE")
    if chosen:
        return Path(chosen).absolute()
    base = os.environ.get("LOCALAPPDATA" if _WINDOWS else "XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "modal-wizard-sdk"


def sdk_python(version: str, say: Callable[[str], None] = lambda _: None, apart_from: str = os.curdir) -> Path:
    """Return the interpreter of an environment with this SDK, making the environment if need be.

    ``say`` is told when one is made, and no program below ``apart_from`` makes it. Raises `SdkMissing`.
    """
    home = cache_folder() / _python_key()
    environment = home / f"modal-{version}"
    python = environment / ("Scripts/python.exe" if _WINDOWS else "bin/python")
    try:
        home.mkdir(parents=True, exist_ok=True)
        with locked(home / f"modal-{version}.lock"):
            if not ((environment / MARKER).exists() and python.exists()):
                say(f"Installing modal {version} into {environment} ...")
                _make(environment, python, version, find_program("uv", apart_from))
    except OSError as error:
        raise SdkMissing(version, [], f"{error.filename}: {error.strerror}") from error
    return python


def _python_key() -> str:
    """Name this Python: its version, and which installation of it, since an environment is tied to one."""
    exact = hashlib.sha256(f"{sys.version}\n{sys.base_prefix}".encode()).hexdigest()[:8]
    return f"{sys.implementation.cache_tag}-{exact}"


def _make(environment: Path, python: Path, version: str, uv: str | None) -> None:
    shutil.rmtree(environment, ignore_errors=True)
    wanted = f"modal=={version}"
    if uv is not None:
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(environment)], version)
        _run([uv, "pip", "install", "--quiet", "--python", str(python), wanted], version)
    else:
        _run([sys.executable, "-m", "venv", str(environment)], version)
        _run([str(python), "-m", "pip", "install", "--quiet", wanted], version)
    _run([str(python), "-I", "-c", "import modal"], version)
    (environment / MARKER).write_text(f"modal {version}\n", "utf-8")


def _run(command: list[str], version: str) -> None:
    # ours would lead pip and venv back into our own environment
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(command, capture_output=True, text=True, env=clean, check=False, cwd=cache_folder())
    if done.returncode:
        raise SdkMissing(version, command, (done.stderr or done.stdout).strip())


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock that ends with this process; another one waits."""
    with path.open("a") as handle:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
