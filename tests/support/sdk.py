"""Virtual environments with the real Modal SDKs, made once and kept between runs.

They live in ``MODAL_WIZARD_SDK_CACHE`` or the user's cache folder, one for each Python and SDK version. A marker is
written last, under a lock: a run that was killed half-way leaves nothing that a later one would trust.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

OLD = "0.77.0"
"""The last SDK that still accepts every old spelling, with warnings."""
NEW = "1.6.4"
"""The SDK that migrated code is for."""

MARKER = "complete"


class SdkMissing(Exception):
    """An SDK could not be installed, so that nothing can be proved."""


def cache_folder() -> Path:
    """Return the folder that keeps the environments."""
    chosen = os.environ.get("MODAL_WIZARD_SDK_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "modal-wizard-sdk"


def sdk_python(version: str) -> Path:
    """Return the interpreter of an environment with this SDK, making the environment if need be."""
    home = cache_folder() / _python_key()
    home.mkdir(parents=True, exist_ok=True)
    environment = home / f"modal-{version}"
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    with locked(home / f"modal-{version}.lock"):
        if not ((environment / MARKER).exists() and python.exists()):
            _make(environment, python, version)
    return python


def _python_key() -> str:
    """Name this Python: its version, and which installation of it, since an environment is tied to one."""
    exact = hashlib.sha256(f"{sys.version}\n{sys.base_prefix}".encode()).hexdigest()[:8]
    return f"{sys.implementation.cache_tag}-{exact}"


def _make(environment: Path, python: Path, version: str) -> None:
    shutil.rmtree(environment, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(environment)], version)
    _run([str(python), "-m", "pip", "install", "--quiet", f"modal=={version}"], version)
    _run([str(python), "-I", "-c", "import modal"], version)
    (environment / MARKER).write_text(f"modal {version}\n", "utf-8")


def _run(command: list[str], version: str) -> None:
    # ours would lead pip and venv back into the environment of the tests
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(command, capture_output=True, text=True, env=clean, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise SdkMissing(
            f"modal {version} could not be installed into {cache_folder()}, so nothing can be proved about it.\n"
            f"The proof needs the package registry once; set MODAL_WIZARD_SDK_CACHE to a folder that may be written.\n"
            f"$ {' '.join(command)}\n{said}"
        )


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock that ends with this process; another test run waits."""
    with path.open("a") as handle:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
