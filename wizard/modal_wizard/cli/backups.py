"""What ``modal-wizard restore`` does: list the originals that earlier runs kept, and bring files back."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from modal_wizard.errors import WizardError
from modal_wizard.files.backup import Backup, Backups, FolderBackups
from modal_wizard.files.restore import Restored, RestoreState, restore, states
from modal_wizard.migration.open import repository_of, settle, state_folder
from modal_wizard.scan.discover import ScanScope, scope_of
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible

LEFT = 2


@dataclass(frozen=True, slots=True)
class RestoreRequest:
    """What was asked on the command line."""

    paths: tuple[Path, ...]
    backup: str = ""
    listing: bool = False
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where backups are, and which of their files were asked for."""

    scopes: tuple[ScanScope, ...]
    state_folder: Path
    backups: Backups

    @property
    def root(self) -> Path:
        return self.scopes[0].root

    def asked(self, backup: Backup) -> list[str]:
        return sorted(path for path in backup.written if any(scope.covers(path) for scope in self.scopes))


def restore_files(request: RestoreRequest) -> int:
    """List or restore; returns 0 when all asked files are as they were, 2 when some were left."""
    place = _kept(request.paths or (Path("."),))
    kept = [backup for backup in place.backups.all() if place.asked(backup)]
    if request.listing:
        return _list(place, kept)
    if not kept:
        raise WizardError("There is no backup of these files.", "Nothing was changed.")
    if settled := settle(place.scopes[0]):
        print(f"modal-wizard: {settled}", file=sys.stderr)
    backup = _chosen(kept, request.backup)
    print(f"From backup {backup.run}:")
    done = restore(
        place.root, place.state_folder, place.backups, backup, place.asked(backup), overwrite=request.overwrite
    )
    for each in done:
        print(f"  {visible(each.path)}: {_words(each)}")
    return LEFT if any(not each.done and each.state is not RestoreState.SAME for each in done) else 0


def _kept(paths: tuple[Path, ...]) -> _Kept:
    scopes = tuple(_scope(path) for path in paths)
    root = scopes[0].root
    if any(scope.root != root for scope in scopes):
        raise WizardError("These paths belong to different repositories.", "Restore them one after the other.")
    repository = repository_of(scopes[0])
    if repository is not None:
        return _Kept(scopes, repository.state_folder, repository.backups)
    folder = state_folder(scopes[0])
    return _Kept(scopes, folder, FolderBackups(root, folder))


def _scope(path: Path) -> ScanScope:
    """Return the scope of a path, also of one that was deleted and is to come back."""
    if path.exists() or path.is_symlink():
        return scope_of(path)
    parent = next(folder for folder in path.absolute().parents if folder.is_dir())
    around = scope_of(parent)
    inside = path.absolute().parent.resolve() / path.name
    return ScanScope(around.root, inside.relative_to(around.root).as_posix(), around.in_git)


def _list(place: _Kept, kept: list[Backup]) -> int:
    for backup in kept:
        paths = place.asked(backup)
        print(f"{visible(backup.run)}  {counted(len(paths), 'file')}")
        for path, state in states(place.root, place.backups, backup, paths):
            print(f"  {visible(path)}: {state.value}")
    if not kept:
        print("There is no backup of these files.")
    return 0


def _chosen(kept: list[Backup], run: str) -> Backup:
    if not run:
        return kept[0]
    for backup in kept:
        if backup.run == run:
            return backup
    near = get_close_matches(run, [backup.run for backup in kept], n=1) or [kept[0].run]
    raise WizardError(f"There is no backup {visible(run)}.", f"Did you mean {near[0]}? --list shows all.")


def _words(each: Restored) -> str:
    if each.state is RestoreState.SAME:
        return "it is as it was"
    if each.done:
        kept = "; what it held is kept as another backup" if each.state is RestoreState.CHANGED else ""
        return f"brought back{kept}"
    hint = " (--overwrite brings it back, and keeps what it holds now)" if each.state is RestoreState.CHANGED else ""
    return f"left as it is: {each.state.value}{hint}"
