"""What was written without a commit, brought back as it was before: all of it or nothing."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from modal_transforms.core.patches import line_patches
from modal_wizard.errors import WizardError
from modal_wizard.files import safe_io
from modal_wizard.files.backup import Backup, Backups, is_same_run
from modal_wizard.files.change import FileChange
from modal_wizard.files.restore import RestoreState, restore, states, to_restore
from modal_wizard.text.sanitize import visible

_HINT = "See modal-wizard restore --diff; nothing was changed."


class LooseFiles(Struct, frozen=True):
    """Files that were written without a commit, and what they were before."""

    backup: Backup
    changes: tuple[FileChange, ...]
    stays: tuple[str, ...]
    """The commits of the same run, which stay as they are: name and title."""

    @property
    def paths(self) -> list[str]:
        """The files."""
        return [change.path for change in self.changes]

    def bring_back(self, root: Path, state_folder: Path, backups: Backups) -> None:
        """Restore them as one transaction; raises `WriteRefused` with every file as it was."""
        restore(root, state_folder, backups, self.backup, self.paths, overwrite=False)


def loose_files(root: Path, backups: Backups) -> LooseFiles:
    """Return what the latest run with such files wrote without a commit; raises `WizardError` where it cannot go."""
    known = [each for each in backups.all() if each.tree in {"", backups.tree} and not each.is_restoration]
    loose = [each for each in known if any(not part.commit for part in each.parts)]
    found = loose[0] if loose else None
    if found is None:
        raise WizardError("There is no backup of what was written without a commit.", _HINT)
    if again := next((path for each in loose[1:] if is_same_run(each, found) for path in found.written), ""):
        raise WizardError(f"{visible(again)} was changed by somebody between two writes of this run.", _HINT)
    paths = sorted({path for part in found.parts if not part.commit for path in part.paths})
    committed = {path: part.commit[:7] for part in found.parts if part.commit for path in part.paths}
    if both := next((path for path in paths if path in committed), ""):
        raise WizardError(f"{visible(both)} is in the commit {committed[both]} too, which stays.", _HINT)
    seen = dict(states(root, backups, found, paths))
    back = to_restore(found, seen, overwrite=False)
    stays = next((path for path in paths if path not in back and seen[path] is not RestoreState.SAME), "")
    if stays:
        raise WizardError(f"{visible(stays)}: {seen[stays].value}.", _HINT)
    commits = tuple(f"{part.commit[:7]}  {visible(part.about)}" for part in found.parts if part.commit)
    return LooseFiles(found, tuple(_change(root, backups, found, path) for path in back), commits)


def _change(root: Path, backups: Backups, backup: Backup, path: str) -> FileChange:
    now = b"" if safe_io.is_missing(root, path) else safe_io.read(root, path)
    original = backups.original(backup, path).data
    return FileChange(path, now, original, tuple(line_patches(now, original)))
