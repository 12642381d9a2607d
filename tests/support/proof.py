"""Import the cases of all sections under the real SDKs, in one child process for each SDK."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modal_transforms.core.model import Applicability
from modal_transforms.sections import every_section
from modal_wizard.verify.result import RepositoryState
from modal_wizard.verify.tree import Tree
from support.cases import Case, Sdk, clean
from support.outcomes import ask
from support.sdk import NEW, OLD

PROGRAM = Path(__file__).parents[1] / "sdk" / "deploying.py"
PATIENCE = 20
"""Seconds that a file may take."""
SIDES = ("before", "after")
TAKES_ALONG = re.compile(r"(copy|add|from)_local_(?P<what>file|dir)")
USES_STUB = re.compile(r"\bStub\b")


@dataclass(frozen=True)
class ProofCase:
    """A case of a section."""

    slug: str
    case: Case

    @property
    def id(self) -> str:
        return f"{self.slug}-{self.case.id}"

    @property
    def is_python(self) -> bool:
        return self.case.path.endswith(".py")

    @property
    def is_safe(self) -> bool:
        """Tell whether the rewrite may be applied unasked, so that it must mean the same."""
        return self.case.applicability is Applicability.SAFE and self.case.choice is None

    @property
    def uses_stub(self) -> bool:
        """Tell whether it is written for ``modal.Stub``, which 1.0.0 removed: the matter of a section of its own."""
        return any(USES_STUB.search(text) for text in self.texts("after").values())

    def texts(self, side: str) -> dict[str, str]:
        """Return the files of one side by path."""
        if side == "before":
            return {self.case.path: self.case.before, **self.case.files}
        return {self.case.path: self.case.after, **self.case.files, **self.case.files_after}

    def expected(self, version: str, side: str) -> Sdk | None:
        """Return what the case says that an SDK does with a side."""
        when = "old" if version == OLD else "new"
        expected: Sdk | None = getattr(self.case.proof, f"{when}_{side}")
        return expected


@dataclass(frozen=True)
class Outcome:
    """What an SDK did with a file."""

    warnings: tuple[str, ...]
    """Each with its place in the file, where the SDK knows it."""
    error: str | None
    """With its place, likewise."""
    registered: tuple[str, ...] | None = None
    """What its apps' functions are registered with, when they were deployed to the stand-in for the server."""
    deploy_error: str | None = None

    @property
    def error_type(self) -> str | None:
        return None if self.error is None else self.error.split(": ")[1]

    @property
    def kind(self) -> Sdk:
        if self.error is not None:
            return Sdk.FAILS
        return Sdk.WARNS if self.warnings else Sdk.ACCEPTS

    def __str__(self) -> str:
        return "\n".join([self.kind.value, *self.warnings, self.error or ""])


Outcomes = Mapping[str, Outcome]
"""By ``job_key``."""


def job_key(version: str, id: str, side: str, app_for_stub: bool = False) -> str:
    """Name one import of one file under one SDK."""
    return f"{version}/{id}/{side}{'/app-for-stub' if app_for_stub else ''}"


def proof_cases() -> list[ProofCase]:
    """Return the cases of all sections, in guide order."""
    found: list[ProofCase] = []
    for section in every_section():
        module = importlib.import_module(f"cases.{section.slug.replace('-', '_')}")
        found += [ProofCase(section.slug, case) for case in module.CASES]
    return found


def prove(cases: list[ProofCase], folder: Path) -> Outcomes:
    """Import both sides of all cases under both SDKs; raises `support.sdk.SdkMissing`."""
    jobs = [job for case in cases if case.is_python for job in _jobs(case, folder)]
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda version: import_under(version, jobs, folder), (OLD, NEW)))
    return {key: outcome for answer in answers for key, outcome in answer.items()}


def _jobs(case: ProofCase, folder: Path) -> Iterator[dict[str, Any]]:
    for side in SIDES:
        root = folder / case.id / side
        write_files(root, {path: clean(text).encode() for path, text in case.texts(side).items()})
        # 0.77 warns of every local module that it ships unasked; that is one section's matter only
        job = import_job(
            root,
            case.case.path,
            automount=case.slug == "local-source",
            deploy=[OLD] * (side == "after" or case.is_safe) + [NEW] * (side == "after"),
            call=case.case.proof.calls,
        )
        for app_for_stub in (False, True) if case.uses_stub else (False,):
            yield {**job, "id": case.id, "side": side, "app_for_stub": app_for_stub}


def import_job(
    root: Path, main: str, *, automount: bool = False, deploy: Sequence[str] = (), call: bool = False
) -> dict[str, Any]:
    """Return what `import_under` takes: a file below a folder, and under which SDKs its apps are deployed."""
    paths = [path.relative_to(root).as_posix() for path in sorted(root.rglob("*")) if path.is_file()]
    question = Tree(RepositoryState.NOW, root, paths).question(main, PATIENCE)
    return {**question, "automount": automount, "deploy": deploy, "call": call, "app_for_stub": False}


def write_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files, and something in place of the local files that their images are told to take along."""
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    for path, data in files.items():
        if path.endswith(".py"):
            for wanted in _taken_along(data):
                if not (root / wanted).exists():
                    (root / wanted).parent.mkdir(parents=True, exist_ok=True)
                    (root / wanted).write_bytes(b"")


def _taken_along(code: bytes) -> Iterator[str]:
    """Yield relative local paths that a file's code takes along; of folders, a file in them."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.args):
            continue
        match = TAKES_ALONG.fullmatch(call.func.attr)
        path = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
        if match and isinstance(path, str) and not path.startswith(("/", "~", "..")):
            yield path if match["what"] == "file" else f"{path}/inside.txt"


def import_under(version: str, jobs: list[dict[str, Any]], folder: Path) -> Outcomes:
    """Import files under one SDK, as ``verify`` does."""
    keyed = [{**job, "key": job_key(version, job["id"], job["side"], job["app_for_stub"])} for job in jobs]
    return {key: _outcome(each) for key, each in ask(version, PROGRAM, keyed, folder).items()}


def _outcome(said: Mapping[str, Any]) -> Outcome:
    error = None if said["error"] is None else placed_text(said["error"])
    registered = tuple(said["registered"]) if "registered" in said else None
    return Outcome(tuple(map(placed_text, said["warnings"])), error, registered, said.get("deploy_error"))


def placed_text(message: Mapping[str, Any]) -> str:
    """Return a warning or an error with its place in the file, where the SDK knows it."""
    return f"{message['path']}:{message['line']}: {message['text']}" if message.get("path") else f"?: {message['text']}"
