"""Replace several files as one transaction: each atomically, only if unchanged since the scan, and all or none.

A journal is on the disk before the first file is touched, so that a later run can finish or undo the transaction after
a kill at any instant (`recover`).
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from modal_transforms.core.patches import Patch, in_order, line_patches
from modal_wizard.errors import WizardError
from modal_wizard.files import journal, safe_io
from modal_wizard.files.change import FileChange
from modal_wizard.files.journal import Journal, JournalEntry
from modal_wizard.process.signals import held
from modal_wizard.text.sanitize import visible

Committed = Callable[[str, Sequence[str]], object]
"""Tells whether a commit of ours was made on one, of some paths."""
Theirs = Callable[[str, Mapping[str, bytes]], Collection[str]]
"""Tells which texts somebody else has committed since a commit."""


class WriteRefused(WizardError):
    """A file cannot be written, so none of the transaction's was; carries the path, the reason and what to do."""

    def __init__(self, path: str, reason: str, hint: str, left: str = "Nothing was written.") -> None:
        super().__init__(f"{visible(path)} was not written: {reason}. {left}" if path else f"{reason} {left}", hint)
        self.path = path
        self.reason = reason


def replace_files(
    root: Path, changes: Sequence[FileChange], journal_folder: Path | None, *, commit_on: str | None = None
) -> None:
    """Write the files, all or none; raises `WriteRefused`, with every file as it was.

    With ``commit_on`` (the commit that HEAD names, empty when there is none) the write counts as under way until
    `finish` is called: `recover` takes it back when a run dies before the commit is made.
    """
    top = _top(root)
    wanted = [change for change in changes if change.before != change.after]
    for change in wanted:
        _check(top, change)
    entries = tuple(JournalEntry(c.path, safe_io.temporary_name(c.path), c.before, c.after) for c in wanted)
    if not entries:
        return
    if journal_folder is None:
        _replace_all(top, entries)
        return
    with held(), alone(journal_folder):
        if (journal_folder / journal.NAME).exists():
            raise WriteRefused("", "An earlier write did not end.", "Start modal-wizard again: it settles that first.")
        journal.sweep(journal_folder)
        _write_journaled(top, Journal(entries, commit_on), journal_folder)


def finish(journal_folder: Path) -> None:
    """Remove the journal of a transaction that was kept open until its commit was made."""
    journal.remove(journal_folder)


def reversed_change(change: FileChange) -> FileChange:
    """Return the change that takes this one back."""
    patches: list[Patch] = []
    shift = 0
    for patch in in_order(change.patches):
        start = patch.start + shift
        patches.append(Patch(start, start + len(patch.data), change.before[patch.start : patch.end]))
        shift += len(patch.data) - (patch.end - patch.start)
    return FileChange(change.path, change.after, change.before, tuple(patches))


def take_back(
    root: Path, changes: Sequence[FileChange], journal_folder: Path, rewritten: Collection[str] = ()
) -> list[FileChange]:
    """Undo a transaction whose commit was not made; returns the files left alone, with what they hold now.

    A file that no longer has our bytes is left alone, unless it is in ``rewritten``: a hook did that.
    """
    now = {change.path: change for change in reread(root, changes) if change.path in rewritten}
    written = [now.get(change.path, change) for change in changes]
    entries = tuple(JournalEntry(c.path, safe_io.temporary_name(c.path), c.before, c.after) for c in written)
    with alone(journal_folder):
        undone = Journal(entries, "")
        with contextlib.suppress(OSError):  # the journal of the write still says it, and the files come first
            journal.save(journal_folder, undone)
        _settle(_top(root), undone)
        journal.remove(journal_folder)
    return [change for change in reread(root, changes) if _read(root, change.path) not in {None, change.before}]


def is_gone(root: Path, change: FileChange) -> bool:
    """Tell whether a file that was written is not there, or no plain file, any more."""
    return _read(_top(root), change.path) is None


def reread(root: Path, changes: Sequence[FileChange]) -> list[FileChange]:
    """Return the changes with the files' present bytes as the new ones: a hook may have rewritten them."""
    top = _top(root)
    now = [(change, _read(top, change.path)) for change in changes]
    return [
        change if data in {None, change.after} else FileChange(change.path, change.before, data, _patches(change, data))
        for change, data in now
    ]


def recover(
    root: Path, journal_folder: Path, *, committed: Committed | None = None, theirs: Theirs | None = None
) -> str | None:
    """Settle a write that a kill, a crash or a power cut ended; returns what was done, or None.

    A write that belongs to a commit is kept when ``committed`` (asked with the commit before it and the paths) says
    that the commit was made, else it is taken back, but for the files that ``theirs`` (asked with that commit and the
    texts) says somebody else committed. Any other is kept when all its files are in place. A file that somebody changed
    since is left as it is.
    """
    if not (journal_folder / journal.NAME).exists():
        return None
    with held(), alone(journal_folder):
        try:
            found = journal.load(journal_folder)
        except ValueError as error:
            raise WriteRefused("", f"{error}.", LOOK) from error
        if found is None:
            return None
        top = _top(root)
        kept = _sweep(top, found.entries)
        said = _settle(top, found, committed, theirs)
        journal.remove(journal_folder)
        return said + _left(kept)


def _settle(root: Path, found: Journal, committed: Committed | None = None, theirs: Theirs | None = None) -> str:
    now = {entry.path: _read(root, entry.path) for entry in found.entries}
    new = [entry for entry in found.entries if now[entry.path] == entry.after]
    strange = [entry.path for entry in found.entries if now[entry.path] not in {entry.before, entry.after}]
    count = f"{len(found.entries)} file{'s' if len(found.entries) > 1 else ''}"
    if found.commit_on is None:
        if len(new) == len(found.entries):
            return f"An interrupted write of {count} had reached the last one: it is finished."
    elif committed is not None and committed(found.commit_on, [entry.path for entry in found.entries]):
        return f"An interrupted commit of {count} had been made: it is finished."
    texts = {entry.path: entry.after for entry in new}
    by_others = theirs(found.commit_on, texts) if theirs is not None and found.commit_on else ()
    new = [entry for entry in new if entry.path not in by_others]
    saved = _undo(root, new)
    strange += [*saved, *by_others]
    names = ", ".join(map(visible, strange))
    left = f" Changed or committed by somebody since, left as they are: {names}." if strange else ""
    return f"An interrupted write of {count} was taken back: {len(new) - len(saved)} put back as they were.{left}"


def _undo(root: Path, entries: Sequence[JournalEntry]) -> list[str]:
    """Put back files that were written; returns those that somebody saved in this very moment, which stay so."""
    saved: list[str] = []
    for entry in entries:
        try:
            _replace_all(root, [JournalEntry(entry.path, entry.temporary, entry.after, entry.before)])
        except WriteRefused as refused:
            if refused.reason != _MEANWHILE:
                raise
            saved.append(entry.path)
    return saved


def _write_journaled(root: Path, begun: Journal, folder: Path) -> None:
    try:
        journal.save(folder, begun)
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        _replace_all(root, begun.entries)
    except BaseException as error:
        if not any(_read(root, entry.path) == entry.after for entry in begun.entries):
            journal.remove(folder)
        elif isinstance(error, WizardError):
            error.hint = "Fix this and start modal-wizard again: it puts the other files back."
        raise
    if begun.commit_on is None:
        journal.remove(folder)


def _replace_all(root: Path, entries: Sequence[JournalEntry]) -> None:
    done: list[JournalEntry] = []
    at = ""
    try:
        for entry in entries:
            at = entry.path
            safe_io.write_temporary(safe_io.resolve_inside(root, at), root / entry.temporary, entry.after)
        for entry in entries:
            at = entry.path
            if safe_io.read(root, at) != entry.before:
                raise safe_io.UnsafePath(_MEANWHILE)
            done.append(entry)
            safe_io.replace(root / entry.temporary, root / at)
            _check_taken_out(root, entry)
        _sync_folders(root, entries)
        for entry in entries:  # who had a file open may have saved into it after it was taken out
            at = entry.path
            _check_taken_out(root, entry)
    except BaseException as error:
        _put_back(root, done)
        left = _left(_sweep(root, entries))
        if isinstance(error, safe_io.UnsafePath | OSError):
            hint = "Fix this and write again."
            raise WriteRefused(at, _reason(error), hint, f"All files are as they were.{left}") from error
        raise
    _sweep(root, entries)


def _sync_folders(root: Path, entries: Sequence[JournalEntry]) -> None:
    for folder in dict.fromkeys((root / entry.path).parent for entry in entries):
        safe_io.sync_folder(folder)


LOOK = "Look at it, then delete it. Files may be half-written: restore --list shows what is kept of them."
"""What to do about a journal that is not obeyed."""
_MEANWHILE = "it was changed a moment ago"


def _check_taken_out(root: Path, entry: JournalEntry) -> None:
    """Raise `UnsafePath` when what was taken out is not what was looked at: somebody saved, and gets it back."""
    taken_out = _read(root, entry.temporary)
    if taken_out == entry.before:
        return
    if _read(root, entry.path) == entry.after and os.path.lexists(root / entry.temporary):
        safe_io.replace(root / entry.temporary, root / entry.path)
        _sync_folders(root, [entry])
    raise safe_io.UnsafePath(_MEANWHILE)


def _put_back(root: Path, done: Sequence[JournalEntry]) -> None:
    """Put back what was taken out, where nobody has changed what took its place."""
    for entry in reversed(done):
        if _read(root, entry.path) != entry.after:
            continue
        temporary = root / entry.temporary
        try:
            if not os.path.lexists(temporary):
                safe_io.write_temporary(root / entry.path, temporary, entry.before)
            safe_io.replace(temporary, root / entry.path)
            if _read(root, entry.temporary) != entry.after:  # saved in this very moment: it stays
                safe_io.replace(temporary, root / entry.path)
            _sync_folders(root, [entry])
        except OSError as error:
            left = "Files written before it could not be put back."
            raise WriteRefused(entry.path, _reason(error), "Put them back by hand.", left) from error


def _sweep(root: Path, entries: Sequence[JournalEntry]) -> list[str]:
    """Remove what the entries name as temporary, and return what of it is somebody's: neither old, new, nor torn."""
    kept: list[str] = []
    for entry in entries:
        data = _read(root, entry.temporary)
        if data is not None and data != entry.before and not entry.after.startswith(data):
            kept.append(f"{entry.path}.saved-{secrets.token_hex(4)}")
            os.rename(root / entry.temporary, root / kept[-1])
            continue
        with contextlib.suppress(OSError, safe_io.UnsafePath):
            safe_io.resolve_inside(root, entry.temporary).unlink(missing_ok=True)
    return kept


def _left(kept: Sequence[str]) -> str:
    return f" What was saved meanwhile is in {', '.join(map(visible, kept))}." if kept else ""


def _check(root: Path, change: FileChange) -> None:
    try:
        if safe_io.read(root, change.path) != change.before:
            raise safe_io.UnsafePath("it changed on disk since it was looked at")
        safe_io.check_writable(root / change.path)
    except safe_io.UnsafePath as reason:
        raise WriteRefused(change.path, str(reason), _hint(str(reason))) from reason


def _hint(reason: str) -> str:
    if "any more" in reason or "gone" in reason:
        return "Look at its findings again: they are offered on the text as it is now."
    if "read-only" in reason:
        return "Make it writable, or skip its findings."
    return "Skip its findings, or change the file by hand."


def _reason(error: BaseException) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _read(root: Path, path: str) -> bytes | None:
    try:
        return safe_io.read(root, path)
    except safe_io.UnsafePath:
        return None


def _patches(change: FileChange, data: bytes) -> tuple[Patch, ...]:
    return tuple(line_patches(change.before, data))


def _top(root: Path) -> Path:
    try:
        return root.resolve(strict=True)
    except OSError as error:
        raise WriteRefused(
            "", f"{visible(str(root))} cannot be reached ({error.strerror}).", "Start again in the project."
        ) from error


def _unwritable(folder: Path, error: OSError) -> WriteRefused:
    odd = {errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.EINVAL, errno.ELOOP}
    hint = "Something else is in its place: move that away." if error.errno in odd else "Make it writable."
    return WriteRefused("", f"{visible(str(error.filename or folder))} cannot be written ({error.strerror}).", hint)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the lock of a repository's writers within the block; raises `WriteRefused` when another process has it."""
    with contextlib.ExitStack() as held:
        try:
            mine = held.enter_context(safe_io.directory_lock(folder))
        except OSError as error:
            raise _unwritable(folder, error) from error
        if not mine:
            raise WriteRefused("", "Another modal-wizard is writing here.", "Let it finish, then try again.")
        yield
