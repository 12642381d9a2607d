"""What an SDK does with a program: asked once, then kept by content in the folder of the environments.

An outcome is known again by the SDK with all that is installed beside it, the Python, the source of the program
that asks, and the job with the content of its files. Continuous integration (``CI``) takes none that an earlier run
kept, and so fills the cache afresh.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from modal_wizard.verify.child import PROGRAM, answers
from support.sdk import locked, sdk_python

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
"""Names this run of the tests, which all its worker processes are part of."""
NAMES = ("key", "root", "home", "copied")
"""What a job is called, where and since when it lies, which no outcome depends on."""


def ask(version: str, program: Path, jobs: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    """Return what a program answers to jobs by their keys; raises `support.sdk.SdkMissing`."""
    python = sdk_python(version)
    beside = _digest([*_installed(python), *(path.read_bytes() for path in _programs(program))])
    kept_in = python.parents[2] / f"outcomes-{version}-{program.stem}-{beside}.json"
    names = {job["key"]: _fingerprint(job) for job in jobs}
    with locked(kept_in.with_suffix(".lock")):
        kept = json.loads(kept_in.read_text("utf-8")) if kept_in.exists() else {}
        afresh = bool(os.environ.get("CI"))
        known = {name: each["said"] for name, each in kept.items() if each["run"] == RUN or not afresh}
        if missing := [job for job in jobs if names[job["key"]] not in known]:
            for job, said in zip(missing, answers(python, program, missing, folder), strict=True):
                name = names[job["key"]]
                if isinstance(said, bytes):
                    known[name] = json.loads(said)
                    kept[name] = {"run": RUN, "said": known[name]}
                else:  # says more about the machine than about the SDK: not kept
                    known[name] = {"error": {"text": f"Ended: {said}"}, "warnings": []}
            kept_in.with_suffix(".new").write_text(json.dumps(kept), "utf-8")
            kept_in.with_suffix(".new").replace(kept_in)
    return {key: known[name] for key, name in names.items()}


def _programs(program: Path) -> list[Path]:
    """Return a program with all that it may import."""
    return [*sorted(program.parent.glob("*.py")), *sorted(PROGRAM.parent.glob("*.py"))]


def _installed(python: Path) -> list[bytes]:
    """Return the names and versions of what is installed in an environment."""
    return sorted(path.name.encode() for path in python.parents[1].rglob("*.dist-info"))


def _fingerprint(job: Mapping[str, Any]) -> str:
    wanted = json.dumps({name: value for name, value in job.items() if name not in NAMES}, sort_keys=True)
    return _digest(
        [wanted.encode(), *(part for name in ("root", "home") if name in job for part in _files(Path(job[name])))]
    )


@cache
def _files(root: Path) -> tuple[bytes, ...]:
    """Return paths and contents of all files below a folder."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return tuple(part for path in files for part in (str(path.relative_to(root)).encode(), path.read_bytes()))


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d " % len(part) + part)
    return digest.hexdigest()[:24]
