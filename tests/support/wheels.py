"""Any release of the SDK, unpacked beside one environment's libraries, to run a small program under it.

Kept with the environments of `support.sdk`; of other libraries, only those that have to fit are unpacked with it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from modal_wizard.verify.child import environment
from support.sdk import OLD, locked, sdk_python

_OWN = re.compile(
    r"^Requires-Dist: (?=(synchronicity|aiostream|asgiref|tblib|cloudpickle|grpclib)\b)([^;\n]+)",
    re.MULTILINE,
)
"""What a release needs in a version of its own, or what later ones do without."""
_BACKPORT = ["importlib-metadata<7", "zipp<4"]
"""What the oldest releases take from a backport, whose newest versions need more than themselves."""


def run_under(version: str, program: str) -> str:
    """Run a program under a release; returns the last line of its failure, empty when it ends well."""
    python = sdk_python(OLD)
    release = _unpacked(python, version)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        command = [str(python), "-X", "utf8", "-c", program]
        places = {"PYTHONPATH": str(release), "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "python"}
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=home, env=environment(home) | places, check=False, timeout=120
        )
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


def own_libraries(metadata: str) -> list[str]:
    """Return the requirements of a release that have to be there as it says, from its metadata."""
    return [*dict(_OWN.findall(metadata)).values(), *(_BACKPORT if "importlib-metadata" in metadata else [])]


def _unpacked(python: Path, version: str) -> Path:
    folder = python.parents[2] / f"release-{version}"
    with locked(folder.with_name(f"{folder.name}.lock")):
        if not (folder / "complete").exists():
            install = [sys.executable, "-m", "pip", "install", "-q", "--upgrade", "--target", str(folder), "--no-deps"]
            subprocess.run([*install, f"modal=={version}"], check=True)
            metadata = next(folder.glob("modal-*.dist-info/METADATA")).read_text("utf-8")
            subprocess.run([*install, *own_libraries(metadata)], check=True)
            (folder / "complete").write_text("")
    return folder
