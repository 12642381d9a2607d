"""What an SDK does with a program: asked once, then kept by content in the folder of the environments.

An outcome is known again by the SDK with all that is installed beside it, the Python, the source of the child program
that asks, and the job with the content of its files. Continuous integration (``CI``) takes none that an earlier run
kept, and so fills the cache afresh.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import uuid
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from modal_wizard.verify.child import PROGRAM
from support.sdk import locked, sdk_python

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
"""Names this run of the tests, which all its worker processes are part of."""
NAMES = ("key", "id", "side", "root")
"""What a job is called and where it lies, which no outcome depends on."""
LATE = "TimeoutError"
"""The error of a job that the child gave up: says more about the machine than about the SDK, and is not kept."""


def ask(
    version: str, child: Path, jobs: list[dict[str, Any]], home: Path, environment: Mapping[str, str], timeout: float
) -> dict[str, Any]:
    """Return what a child program says of jobs by their keys; raises `support.sdk.SdkMissing`."""
    python = sdk_python(version)
    beside = _digest([*_installed(python), *(path.read_bytes() for path in _programs(child))])
    kept_in = python.parents[2] / f"outcomes-{version}-{child.stem}-{beside}.json"
    names = {job["key"]: _fingerprint(job, home) for job in jobs}
    with locked(kept_in.with_suffix(".lock")):
        kept = json.loads(kept_in.read_text("utf-8")) if kept_in.exists() else {}
        afresh = bool(os.environ.get("CI"))
        known = {name: each["said"] for name, each in kept.items() if each["run"] == RUN or not afresh}
        if missing := [job for job in jobs if names[job["key"]] not in known]:
            answers = _run(version, [str(python), "-I", "-X", "utf8", str(child)], missing, home, environment, timeout)
            known |= {names[key]: said for key, said in answers.items()}
            new = {names[key]: {"run": RUN, "said": said} for key, said in answers.items() if LATE not in str(said)}
            kept_in.with_suffix(".new").write_text(json.dumps(kept | new), "utf-8")
            kept_in.with_suffix(".new").replace(kept_in)
    return {key: known[name] for key, name in names.items()}


def _programs(child: Path) -> list[Path]:
    """Return a child program with all that it may import."""
    return [*sorted(child.parent.glob("*.py")), *sorted(PROGRAM.parent.glob("*.py"))]


def _run(
    version: str,
    command: list[str],
    jobs: list[dict[str, Any]],
    home: Path,
    environment: Mapping[str, str],
    timeout: float,
) -> dict[str, Any]:
    asked, answered = home / "jobs.json", home / "outcomes.json"
    asked.write_text(json.dumps(jobs), "utf-8")
    done = subprocess.run(
        [*command, str(asked), str(answered)],
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=home,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, f"the child process for modal {version} died:\n{done.stdout}\n{done.stderr}"
    answer = json.loads(answered.read_text("utf-8"))
    assert answer["version"] == version
    outcomes: dict[str, Any] = answer["outcomes"]
    return outcomes


def _installed(python: Path) -> list[bytes]:
    """Return the names and versions of what is installed in an environment."""
    return sorted(path.name.encode() for path in python.parents[1].rglob("*.dist-info"))


def _fingerprint(job: Mapping[str, Any], home: Path) -> str:
    wanted = json.dumps({name: value for name, value in job.items() if name not in NAMES}, sort_keys=True)
    return _digest([wanted.encode(), *_files(Path(job["root"])), *_files(home)])


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
