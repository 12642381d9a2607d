"""What ``modal-wizard restore`` does: list the originals that earlier runs kept, and bring files back."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from pathlib import Path

from msgspec import Struct

from modal_wizard.errors import WizardError
from modal_wizard.files import safe_io
from modal_wizard.files.backup import Backup, Backups, FolderBackups
from modal_wizard.files.restore import Restored, RestoreState, restore, states, to_restore
from modal_wizard.files.signed import key_problem, or_ours
from modal_wizard.migration.open import repository_of, settle, state_folder
from modal_wizard.scan.discover import ScanScope, scope_of, working_folder_gone
from modal_wizard.text.diff import unified
from modal_wizard.text.grammar import counted
from modal_wizard.text.paint import paint_for
from modal_wizard.text.sanitize import visible

LEFT = 2


class RestoreRequest(Struct, frozen=True):
    """What was asked on the command line."""

    paths: tuple[Path, ...]
    backup: str = ""
    listing: bool = False
    overwrite: bool = False
    partly: bool = False
    diff: bool = False
    color: str = "auto"


class _Kept(Struct, frozen=True):
    """Where backups are, and which of their files were asked for."""

    scopes: tuple[ScanScope, ...]
    state_folder: Path
    backups: Backups

    @property
    def root(self) -> Path:
        return self.scopes[0].root

    def is_here(self, backup: Backup) -> bool:
        """Tell whether a backup is of this work tree, as far as is known."""
        return backup.tree in {"", self.backups.tree}

    def asked(self, backup: Backup) -> list[str]:
        return sorted(path for path in backup.written if any(scope.covers(path) for scope in self.scopes))


def restore_files(request: RestoreRequest) -> int:
    """List or restore; returns 0 when all asked files are as they were, 2 when some were left."""
    place = _kept(request.paths or (Path("."),))
    kept = [backup for backup in place.backups.all() if place.asked(backup)]
    damaged = ", ".join(map(visible, place.backups.damaged))
    if damaged:
        print(f"modal-wizard: what is kept of these runs is damaged and cannot be read: {damaged}.", file=sys.stderr)
    if request.listing:
        return _list(place, kept) or (LEFT if damaged else 0)
    if not kept:
        raise WizardError(f"There is no {'other ' if damaged else ''}backup of these files.", "Nothing was changed.")
    backup = _chosen(place, kept, request.backup)
    if request.diff:
        return _show_diff(place, backup, request)
    if settled := settle(place.scopes[0]):
        print(f"modal-wizard: {settled}", file=sys.stderr)
    print(f"From backup {backup.run}:")
    if sys.stdin.isatty() and sys.stdout.isatty() and not _agreed(place, backup, request):
        print("Nothing was changed.")
        return 0
    done = restore(
        place.root,
        place.state_folder,
        place.backups,
        backup,
        place.asked(backup),
        overwrite=request.overwrite,
        partly=request.partly,
    )
    for each in done:
        print(f"  {visible(each.path)}: {_words(each)}")
    for line in _commits(backup, [each.path for each in done if each.done]):
        print(line)
    return LEFT if any(not each.done and each.state is not RestoreState.SAME for each in done) else 0


def _agreed(place: _Kept, backup: Backup, request: RestoreRequest) -> bool:
    """Show on the terminal what would come back and which commits stay, and ask; true where nothing would."""
    seen = dict(states(place.root, place.backups, backup, place.asked(backup)))
    back = to_restore(backup, seen, overwrite=request.overwrite, partly=request.partly)
    if not back:
        return True
    _show_diff(place, backup, request)
    for line in _commits(backup, back):
        print(line)
    print(f"Bring {counted(len(back), 'file')} back? y/n: ", end="", flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _commits(backup: Backup, back: list[str]) -> list[str]:
    """Return a line for each commit that stays though its files come back."""
    parts = [part for part in backup.parts if part.commit and not set(part.paths).isdisjoint(back)]
    return [f"Commit {part.commit[:7]} ({visible(part.about)}) stays; its files differ from it now." for part in parts]


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
    try:
        place = path.absolute()
    except FileNotFoundError as error:
        raise working_folder_gone() from error
    around = scope_of(next(folder for folder in place.parents if folder.is_dir()))
    inside = place.parent.resolve() / path.name
    return ScanScope(around.root, inside.relative_to(around.root).as_posix(), around.in_git)


def _list(place: _Kept, kept: list[Backup]) -> int:
    for backup in kept:
        paths = place.asked(backup)
        or_yours = ", or yours" if key_problem() else ""
        whose = "" if backup.is_ours else f"  of an older version, or came with the repository{or_yours}"
        whose += "" if place.is_here(backup) else f"  of another work tree ({visible(backup.tree)})"
        print(f"{visible(backup.run)}  {counted(len(paths), 'file')}{whose}")
        for part in backup.parts:
            if part.about and not set(part.paths).isdisjoint(paths):
                print(f"  {visible(part.about)} ({f'commit {part.commit[:7]}' if part.commit else 'no commit'})")
        for path, state in states(place.root, place.backups, backup, paths):
            print(f"  {visible(path)}: {state.value}")
    if not kept:
        print("There is no backup of these files.")
    return 0


def _show_diff(place: _Kept, backup: Backup, request: RestoreRequest) -> int:
    """Print what would come back, and name what would stay; returns 2 when something would."""
    seen = dict(states(place.root, place.backups, backup, place.asked(backup)))
    back = to_restore(backup, seen, overwrite=request.overwrite, partly=request.partly)
    shown = []
    for path in back:
        now = b"" if seen[path] is RestoreState.GONE else safe_io.read(place.root, path)
        shown.append((path, _text(now), _text(place.backups.original(backup, path).data)))
    paint = paint_for(request.color)
    for line in unified(shown):
        print(paint.diff(visible(line)))
    left = [Restored(path, state, False) for path, state in seen.items() if path not in back]
    for each in left:
        if each.state is not RestoreState.SAME:
            print(f"{visible(each.path)}: {_words(each)}", file=sys.stderr)
    return LEFT if any(each.state is not RestoreState.SAME for each in left) else 0


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _chosen(place: _Kept, kept: list[Backup], run: str) -> Backup:
    """Return the backup of that name, else of the latest run in this work tree that was no restoration."""
    if not run:
        ours = [backup for backup in kept if backup.is_ours]
        here = [backup for backup in ours if not backup.is_restoration and place.is_here(backup)]
        if ours and not here:
            raise WizardError(
                "What is kept of these files is of another work tree, or of a restoration. Nothing was changed.",
                "restore --list tells which there are; --backup brings one back.",
            )
        if not ours:
            raise WizardError(
                "What is kept here was not kept by this account: an older version of modal-wizard did, or it came with "
                f"the repository{or_ours()}. Nothing was changed.",
                f"Look at it first: restore --diff --backup {visible(kept[0].run)}. Without --diff it comes back.",
            )
        return here[0]
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
    if each.state in {RestoreState.WRITTEN, RestoreState.GONE}:
        return "left as it is: a file that was written together with it stays (--partly brings it back alone)"
    hint = " (--overwrite brings it back, and keeps what it holds now)" if each.state is RestoreState.CHANGED else ""
    return f"left as it is: {each.state.value}{hint}"
