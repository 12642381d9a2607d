"""What the SDK says of a commit that is about to be made: of the tree before it, and of exactly the tree that it makes.

Asked when the section's files are written and before git is: with the person's own lines left out, as the commit leaves
them out, and before hooks run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct, field

from modal_wizard.errors import WizardError
from modal_wizard.files.change import FileChange
from modal_wizard.git.commit_plan import FilePlan, Inclusion, Objects
from modal_wizard.git.preflight import plans_for
from modal_wizard.git.repository import Repository
from modal_wizard.text.grammar import counted
from modal_wizard.verify import states
from modal_wizard.verify.apart import VerifyProcess
from modal_wizard.verify.result import ImportOutcome, RepositoryState, decoded
from modal_wizard.verify.verify import NETWORK_NOT_CUT, temporary_folder

KEY = "Modal-Verified"
ABOUT = (
    "--trailers imports the modules that use Modal under the real SDK before each commit. This runs their code: in "
    "copies that are thrown away, without network, with an empty home folder and none of your environment's secrets."
)


class Counts(Struct, frozen=True):
    """What importing the modules of one tree came to."""

    sdk: str
    modules: int
    errors: int
    """Modules that the SDK refuses."""
    untold: int
    """Modules that an error of their own, or their end, kept from being judged."""


class ImportProof(Struct):
    """Imports the trees of commits one after another; what one commit made is what the next begins with."""

    _known: dict[str, Counts] = field(default_factory=dict)
    """The latest tree by its digest, and what was found."""
    _first: Counts | None = None
    _latest: Counts | None = None

    def trailer(
        self, repository: Repository, changes: Sequence[FileChange], target: str, say: Callable[[str], None]
    ) -> str:
        """Return the line for the commit of changes that are written; empty where nothing uses Modal.

        Raises `WizardError` where the SDK cannot be had.
        """
        git = repository.git
        with temporary_folder() as name:
            folder = Path(name).resolve() / "tree"
            states.write_commit(git, repository.head().sha or "HEAD", folder)
            before = self._counts(folder, target, say if self._latest is None else _quiet)
            for plan in plans_for(git, Objects(git), changes):
                _lay(folder, plan)
            after = self._counts(folder, target, _quiet)
        self._first, self._latest = self._first or before, after
        return f"{KEY}: {_compared(before, after)}" if after.modules else ""

    def sentences(self) -> tuple[str, ...]:
        """Return what was found over all commits so far."""
        if self._first is None or self._latest is None or not self._latest.modules:
            return ()
        return (f"Verified with the commits: {_compared(self._first, self._latest)}.",)

    def _counts(self, folder: Path, sdk: str, say: Callable[[str], None]) -> Counts:
        key = f"{sdk} {_digest(folder)}"
        if key not in self._known:
            self._known = {key: _imported(folder, sdk, say)}
        return self._known[key]


def _quiet(_line: str) -> None:
    """What takes long is said once."""


def _imported(folder: Path, sdk: str, say: Callable[[str], None]) -> Counts:
    process = VerifyProcess(folder, "--sdk", sdk, "--format", "json")
    say(f"importing what uses Modal under modal {sdk}, which is installed first where it is not")
    heard: list[str] = []
    process.run(heard.append)
    found = decoded(process.output)
    if found is None or found.count(sdk, RepositoryState.NOW, ImportOutcome.NOT_RUN):
        raise WizardError(
            f"What modal {sdk} says of the commit could not be found out: {' '.join(heard[-3:])}",
            "Nothing was committed. Leave --trailers out to commit without it.",
        )
    if found.checks and not found.network_cut:
        say(NETWORK_NOT_CUT)
    now = RepositoryState.NOW
    return Counts(
        sdk,
        len(found.modules()),
        found.count(sdk, now, ImportOutcome.FAILED),
        found.count(sdk, now, ImportOutcome.BROKEN, ImportOutcome.ENDED),
    )


def _lay(folder: Path, plan: FilePlan) -> None:
    """Write into a copy of HEAD's tree what the commit has of a file."""
    if plan.how is not Inclusion.LEFT:
        place = folder / plan.change.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(plan.content if plan.how is Inclusion.PART else plan.change.after)


def _digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        data = path.read_bytes()
        whole.update(f"{path.relative_to(folder)}\0{len(data)}\0".encode("utf-8", "surrogateescape") + data)
    return whole.hexdigest()


def _compared(before: Counts, after: Counts) -> str:
    untold = f", {after.untold} not judged" if after.untold else ""
    return (
        f"{counted(after.modules, 'module')}, {after.sdk}: {counted(before.errors, 'error')} -> {after.errors}{untold}"
    )
