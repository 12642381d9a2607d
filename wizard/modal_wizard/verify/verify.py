"""Verify a repository: import each module that uses Modal, under each SDK, as it was before and as it is now."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from modal_wizard.errors import WizardError
from modal_wizard.git.repository import Repository
from modal_wizard.scan.discover import ScanScope, list_files
from modal_wizard.scan.scanner import scan_all
from modal_wizard.verify import states
from modal_wizard.verify.child import import_modules
from modal_wizard.verify.environments import SdkMissing, sdk_python
from modal_wizard.verify.result import Check, ImportOutcome, Message, RepositoryState, Verification
from modal_wizard.verify.tree import Tree

LAST_BEFORE = "0.77.0"
"""The newest SDK before 1.0: it still takes every old spelling of the guide, with warnings."""
NETWORK_NOT_CUT = (
    "This system cannot cut the network of a process: Python refused to connect, other programs were not run."
)
ELSEWHERE = "Name another folder in TMPDIR; nothing was run or changed."
Say = Callable[[str], None]
LONGEST = 8
"""Modules that one process of the SDK is asked to import; more share the time that it takes to start."""
Job = tuple[Tree, str, str]
"""A tree, a module of it, and an SDK."""
Step = Callable[[int, int, str], None]
"""Told how many checks are done, of how many, and which module was the last."""


def verify(scope: ScanScope, sdks: Sequence[str], before: str | None, say: Say, step: Step) -> Verification:
    """Import the modules of a scope that use Modal; ``before`` is a reference, or where the migration began.

    Runs their code, in copies of the repository that are thrown away. An SDK that cannot be had is said, and in the
    outcomes. Raises `WizardError` when ``before`` is no commit, and where there is no room for the copies.
    """
    with temporary_folder() as name:
        folder = Path(name).resolve()
        try:
            trees, commit = _trees(scope, before, folder)
        except OSError as error:
            raise WizardError(
                f"The repository could not be copied to {folder} ({error.strerror}).", ELSEWHERE
            ) from error
        modules = {tree.state: _modules(scope, tree) for tree in trees}
        every = sorted(set().union(*modules.values()))
        pythons = {sdk: _python(sdk, say, scope.root) for sdk in sdks} if every else {}
        jobs = [(tree, module, sdk) for module in every for sdk in sdks for tree in trees if tree.has(module)]
        checks, cut = _imported(jobs, pythons, step)
    return Verification(str(scope.root), commit, tuple(sdks), tuple(checks), cut)


def _python(sdk: str, say: Say, root: Path) -> Path | None:
    try:
        return sdk_python(sdk, say, str(root))
    except SdkMissing as missing:
        say(str(missing))
        return None


def _imported(jobs: Sequence[Job], pythons: Mapping[str, Path | None], step: Step) -> tuple[list[Check], bool]:
    """Import all, at once as many as there are processors; also tells whether the system cut the network."""
    found: dict[Job, tuple[Check, bool]] = {}
    one_at_a_time = threading.Lock()

    def take(job: Job, said: tuple[Check, bool]) -> None:
        with one_at_a_time:
            found[job] = said
            step(len(found), len(jobs), job[1])

    def import_some(some: Sequence[Job]) -> None:
        sdk, python, why = some[0][2], pythons[some[0][2]], "it could not be installed"
        try:
            for job, said in (
                zip(some, import_modules([job[:2] for job in some], sdk, python), strict=True) if python else ()
            ):
                take(job, said)
        except OSError as error:
            why = f"{error.strerror}, in the folder for temporary files"
        for job in some:
            if job not in found:
                take(job, (_not_run(job, f"not imported under modal {sdk}: {why}"), True))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done in [pool.submit(import_some, some) for some in _shares(jobs)]:
            done.result()
    return [found[job][0] for job in jobs], all(cut for _, cut in found.values())


def _not_run(job: Job, why: str) -> Check:
    return Check(job[1], job[2], job[0].state, ImportOutcome.NOT_RUN, Message(why, modals=False))


def _shares(jobs: Sequence[Job]) -> Iterator[Sequence[Job]]:
    """Divide jobs among the processors, each share under one SDK, and none so long that one is waited for alone."""
    for sdk in dict.fromkeys(job[2] for job in jobs):
        own = [job for job in jobs if job[2] == sdk]
        size = min(LONGEST, -(-len(own) // (os.cpu_count() or 1)))
        yield from (own[start : start + size] for start in range(0, len(own), size))


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder that is thrown away after its block; raises `WizardError` where there can be none."""
    try:
        return tempfile.TemporaryDirectory(prefix="modal-wizard-verify-", ignore_cleanup_errors=True)
    except OSError as error:
        raise WizardError(
            f"There is no temporary folder to copy the repository to ({error.strerror}).",
            ELSEWHERE,
        ) from error


def _trees(scope: ScanScope, before: str | None, folder: Path) -> tuple[list[Tree], str | None]:
    """Return the states to look at, and the commit of the first where there are two."""
    here = folder / "now" / "root"
    now = Tree(RepositoryState.NOW, here, states.copy_files(scope.root, list_files(scope), here))
    with _repository(scope) as repository:
        if repository is None:
            if before is not None:
                raise WizardError("--before needs a git repository.", "Leave it out to look at the files as they are.")
            return [now], None
        commit = states.resolved(repository.git, before) if before is not None else states.began_at(repository.git)
        if not commit:
            return [now], None
        root = folder / "before" / "root"
        return [Tree(RepositoryState.BEFORE, root, states.write_commit(repository.git, commit, root)), now], commit


@contextmanager
def _repository(scope: ScanScope) -> Iterator[Repository | None]:
    repository = Repository.find(scope.root) if scope.in_git else None
    try:
        yield repository
    finally:
        if repository is not None:
            repository.close()


def _modules(scope: ScanScope, tree: Tree) -> set[str]:
    """Return the Python files of a tree, within the scope, that use Modal."""
    scanned = scan_all(ScanScope(tree.root, "", in_git=False))
    using = {path for path, report in scanned.reports.items() if report.api.uses or report.findings}
    return {path for path in using if path.endswith(".py") and scope.covers(path) and tree.has(path)}
